import { describe, expect, test } from 'vitest';
import type { GitFacts } from '../../../src/doctor/project.ts';
import type { Rule } from '../../../src/doctor/rule.ts';
import { concurrentInTx } from '../../../src/doctor/rules/mig/concurrent-in-tx.ts';
import { dropBeforeCode } from '../../../src/doctor/rules/mig/drop-before-code.ts';
import { indexNotConcurrent } from '../../../src/doctor/rules/mig/index-not-concurrent.ts';
import { rename } from '../../../src/doctor/rules/mig/rename.ts';
import { serialOrIntPk } from '../../../src/doctor/rules/mig/serial-or-int-pk.ts';
import { setNotNullScan } from '../../../src/doctor/rules/mig/set-not-null-scan.ts';
import { typeRewrite } from '../../../src/doctor/rules/mig/type-rewrite.ts';
import { unbatchedBackfill } from '../../../src/doctor/rules/mig/unbatched-backfill.ts';
import { validatingConstraint } from '../../../src/doctor/rules/mig/validating-constraint.ts';
import { plain } from '../migrations.ts';
import { examineTexts, manifest, type Texts } from '../rule.ts';

const said = (rule: Rule, files: Texts): [place: string, confidence: string][] =>
  examineTexts(files, [rule]).findings.map(({ path, line, confidence }) => [`${path}:${line}`, confidence]);

const index = 'CREATE INDEX orders_user ON orders (user_id);\n';

describe('a rule on migrations', () => {
  const twelve = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`migrations/${100 + at}.sql`, index]));
  const shown = (git: GitFacts | null, files: Texts = twelve): [path: string | null, message: string][] =>
    examineTexts({ 'package.json': manifest('pg'), ...files }, [indexNotConcurrent], git)
      .findings.filter(({ confidence }) => confidence !== 'hint')
      .map(({ path, message }) => [path, message]);
  const tracked = new Set(['package.json', ...Object.keys(twelve)]);
  const waits = 'Writes to orders wait until the index orders_user is built.';

  test.each<[string, GitFacts | null]>([
    ['where nothing tells what has run', null],
    ['of what is committed', { tracked, untracked: new Set() }],
  ])('tells of the newest and counts the others of the last ten: %s', (_title, git) => {
    expect(shown(git)).toEqual([['migrations/111.sql', `${waits} 9 more of the last migrations do so.`]]);
    const { findings } = examineTexts({ 'package.json': manifest('pg'), ...twelve }, [indexNotConcurrent], git);
    expect(findings).toHaveLength(12);
  });

  test.each<[string, Partial<GitFacts>]>([
    [
      'new',
      {
        tracked: new Set([...tracked].filter((path) => !/105|111/.test(path))),
        untracked: new Set(['migrations/105.sql', 'migrations/111.sql']),
      },
    ],
    ['changed', { modified: new Set(['migrations/105.sql', 'migrations/111.sql']) }],
    ['of the branch', { changed: new Set(['migrations/105.sql', 'migrations/111.sql']) }],
  ])('tells of each that is %s, which can still be mended', (_title, facts) => {
    expect(shown({ tracked, untracked: new Set(), ...facts })).toEqual([
      ['migrations/105.sql', waits],
      ['migrations/110.sql', `${waits} 7 more of the last migrations do so.`],
      ['migrations/111.sql', waits],
    ]);
  });

  test('says nothing of what only old ones did', () => {
    const quiet = Object.fromEntries(Object.keys(twelve).map((path, at) => [path, at < 2 ? index : 'SELECT 1;\n']));
    expect(shown(null, quiet)).toEqual([]);
  });

  test('tells once of many statements of a file', () => {
    const many = ['note', 'total', 'state', 'user_id'].map((one) => `CREATE INDEX i_${one} ON orders (${one});`);
    const { files } = plain(`${many.join('\n')}\n`);
    expect(shown(null, files)).toEqual([
      [
        'migrations/0002_next.sql',
        'Writes to orders wait until the index i_note is built. So do 3 more statements of the file.',
      ],
    ]);
  });

  test('takes what came before others for milder, where it is committed', () => {
    const files = { 'package.json': manifest('pg'), ...twelve, 'migrations/112.sql': 'SELECT 1;\n' };
    const severities = (git: GitFacts | null): string[] =>
      examineTexts(files, [indexNotConcurrent], git)
        .findings.filter(({ confidence }) => confidence !== 'hint')
        .map(({ severity }) => severity);
    expect(severities({ tracked: new Set(Object.keys(files)), untracked: new Set() })).toEqual(['info']);
    expect(severities(null)).toEqual(['warning']);
  });

  test.each<[string, string, Texts, number]>([
    ['the last, of a table that grows', 'orders', {}, 1],
    ['the last, of a table that may stay small', 'shops', {}, 0],
    ['of a table that grows, once and long since run', 'orders', { 'migrations/3.sql': 'SELECT 1;\n' }, 0],
    [
      'of a table that grows, as a habit',
      'orders',
      { 'migrations/3.sql': 'CREATE INDEX b ON orders (b);\n', 'migrations/4.sql': 'SELECT 1;\n' },
      1,
    ],
    ['of a table that is listed by time', 'shop_visitors', {}, 1],
    ['of a table whose times say when they end', 'vouchers', {}, 0],
    ['of a table that belongs to one that grows', 'order_marks', {}, 1],
  ])('tells of what is committed where it teaches something: %s', (_title, table, more, count) => {
    const first = `CREATE TABLE shop_visitors (shop bigint, a text, at timestamptz);
CREATE INDEX v ON shop_visitors (shop, at);
CREATE TABLE vouchers (shop bigint, a text, expires_at timestamptz);
CREATE INDEX u ON vouchers (shop, expires_at);
CREATE TABLE order_marks (a text, order_id bigint REFERENCES orders (id));
`;
    const files = { 'migrations/1.sql': first, 'migrations/2.sql': `CREATE INDEX a ON ${table} (a);\n`, ...more };
    expect(shown({ tracked: new Set(Object.keys(files)), untracked: new Set() }, files)).toHaveLength(count);
  });

  test.each<[string, string, string, string]>([
    ['made long before', '20240101000000_a', '20240301000000_b', 'certain'],
    ['made in the month before', '20240101000000_a', '20240128000000_b', 'hint'],
    ['made in the month before, by seconds', '1704067200-a', '1704240000-b', 'hint'],
    ['made in the month before, by days', '2024-01-01-a', '2024-01-20-b', 'hint'],
    ['made at a time that nothing tells', '0001_a', '0002_b', 'certain'],
  ])('hints where the table is young: %s', (_title, made, next, confidence) => {
    const files = {
      [`migrations/${made}.sql`]: 'CREATE TABLE orders (user_id bigint);\n',
      [`migrations/${next}.sql`]: index,
    };
    expect(said(indexNotConcurrent, { 'package.json': manifest('pg'), ...files })).toEqual([
      [`migrations/${next}.sql:1`, confidence],
    ]);
  });

  test('is sure of what fails, however few the rows', () => {
    const files = {
      'migrations/20240101_a.sql': 'CREATE TABLE orders (user_id bigint);\n',
      'migrations/20240102_b.sql': `BEGIN;\nCREATE INDEX CONCURRENTLY i ON orders (user_id);\nCOMMIT;\n`,
    };
    expect(said(concurrentInTx, { 'package.json': manifest('pg'), ...files })).toEqual([
      ['migrations/20240102_b.sql:2', 'certain'],
    ]);
  });

  test('hints where migrations write the rows', () => {
    const roles = `CREATE TABLE roles (id bigint, name text);\nINSERT INTO roles VALUES (1, 'owner');\n`;
    const files = { 'migrations/1.sql': roles, 'migrations/2.sql': 'CREATE INDEX ON roles (name);\n' };
    expect(said(indexNotConcurrent, { 'package.json': manifest('pg'), ...files })).toEqual([
      ['migrations/2.sql:1', 'hint'],
    ]);
  });

  test('hints at an index of which the words above it tell that they know', () => {
    const known = `-- CONCURRENTLY cannot run here, and the table is small.\n${index}`;
    expect(said(indexNotConcurrent, plain(known).files).map(([, confidence]) => confidence)).toEqual(['hint']);
  });

  test('hints at a key on a column that is null in all rows', () => {
    const key = 'ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (shop_id) REFERENCES users (id);\n';
    const confidence = (sql: string): string | undefined => said(validatingConstraint, plain(sql).files)[0]?.[1];
    expect(confidence(`ALTER TABLE orders ADD shop_id bigint;\n${key}`)).toBe('hint');
    expect(confidence(`ALTER TABLE orders ADD shop_id bigint;\nUPDATE orders SET shop_id = user_id;\n${key}`)).toBe(
      'certain',
    );
    expect(confidence(key)).toBe('certain');
  });

  test('hints at what nobody can undo once it has run', () => {
    const files = { 'package.json': manifest('pg'), 'migrations/1.sql': 'CREATE TABLE a (id serial PRIMARY KEY);\n' };
    const confidence = (facts: Partial<GitFacts>): string | undefined =>
      examineTexts(files, [serialOrIntPk], { tracked: new Set(), untracked: new Set(), ...facts }).findings[0]
        ?.confidence;
    expect(confidence({ tracked: new Set(Object.keys(files)) })).toBe('hint');
    expect(confidence({ untracked: new Set(Object.keys(files)) })).toBe('likely');
  });

  test.each<[string, Rule, string]>([
    ['a name that changes', rename, 'ALTER TABLE orders RENAME COLUMN note TO remark;\n'],
    ['a type that changes', typeRewrite, 'ALTER TABLE orders ALTER COLUMN note TYPE integer USING note::integer;\n'],
    ['rows that are filled', unbatchedBackfill, `UPDATE orders SET total = 0 WHERE total < 0;\n`],
    ['a column that has to be set', setNotNullScan, 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n'],
    ['a check of all rows', validatingConstraint, `ALTER TABLE orders ADD CHECK (note <> '');\n`],
  ])('hints at what is done once, where it has run: %s', (_title, rule, sql) => {
    const path = 'migrations/0002_next.sql';
    const files = { ...plain(sql).files, 'migrations/0003_last.sql': 'CREATE TABLE marks (id bigint);\n' };
    const confidenceOf = (facts: Partial<GitFacts>): boolean[] =>
      examineTexts(files, [rule], {
        tracked: new Set(Object.keys(files)),
        untracked: new Set(),
        ...facts,
      }).findings.map(({ confidence }) => confidence === 'hint');
    expect(confidenceOf({})).toEqual([true]);
    expect(confidenceOf({ changed: new Set([path]) })).toEqual([false]);
    expect(confidenceOf({ modified: new Set([path]) })).toEqual([false]);
    const { findings } = examineTexts(plain(sql).files, [rule], { tracked: new Set(), untracked: new Set([path]) });
    expect(findings.map(({ confidence }) => confidence)).not.toContain('hint');
  });

  test('tells of a statement once, however many of its actions are meant', () => {
    const { files } = plain(
      'ALTER TABLE orders ALTER total TYPE bigint, ALTER note TYPE varchar(10), ALTER user_id TYPE text;\n',
    );
    const { findings } = examineTexts(files, [typeRewrite]);
    expect(findings.map(({ message }) => message)).toEqual([
      'Changing total from integer to bigint writes orders anew, and no query on it is answered meanwhile. The same holds for 2 more actions of the statement.',
    ]);
  });

  test.each<[string, string, number]>([
    ['above the statement', `-- squawk-ignore require-concurrent-index-creation\n${index}`, 0],
    ['among others', `-- squawk-ignore ban-drop-column, require-concurrent-index-creation\n${index}`, 0],
    ['for everything', `-- squawk-ignore\n${index}`, 0],
    ['for the file', `-- squawk-ignore-file require-concurrent-index-creation\nSELECT 1;\n${index}`, 0],
    ['of another rule', `-- squawk-ignore renaming-column\n${index}`, 1],
    ['of the statement before', `-- squawk-ignore require-concurrent-index-creation\nSELECT 1;\n${index}`, 1],
  ])('hears a comment for squawk: %s', (_title, sql, count) => {
    expect(said(indexNotConcurrent, plain(sql).files)).toHaveLength(count);
  });

  test('is sure that a dropped column is used where code names it, and hints where nothing does', () => {
    const sql = 'ALTER TABLE users DROP COLUMN email;\nALTER TABLE users DROP COLUMN balance;\n';
    const code = { 'src/users.ts': `export const find = (db) => db.query('SELECT email FROM users');\n` };
    expect(said(dropBeforeCode, plain(sql, code).files)).toEqual([
      ['migrations/0002_next.sql:1', 'likely'],
      ['migrations/0002_next.sql:2', 'hint'],
    ]);
    expect(
      said(
        dropBeforeCode,
        plain(sql, { ...code, 'migrations/0003_back.sql': 'ALTER TABLE users ADD email text;\n' }).files,
      ),
    ).toEqual([
      ['migrations/0002_next.sql:1', 'hint'],
      ['migrations/0002_next.sql:2', 'hint'],
    ]);
    const model = { 'src/user.ts': `@Entity('users')\nclass User {\n  @Column() email!: string;\n}\n` };
    expect(said(dropBeforeCode, plain(sql, model).files)).toEqual([
      ['migrations/0002_next.sql:1', 'likely'],
      ['migrations/0002_next.sql:2', 'hint'],
    ]);
    const elsewhere = { 'src/users.ts': `export const find = () => clickhouse.query('SELECT email FROM users');\n` };
    expect(said(dropBeforeCode, plain(sql, elsewhere).files)).toEqual([
      ['migrations/0002_next.sql:1', 'hint'],
      ['migrations/0002_next.sql:2', 'hint'],
    ]);
  });
});
