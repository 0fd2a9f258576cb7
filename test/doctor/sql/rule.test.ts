import { describe, expect, test } from 'vitest';
import { dropBeforeCode } from '../../../src/doctor/rules/mig/drop-before-code.ts';
import { indexNotConcurrent } from '../../../src/doctor/rules/mig/index-not-concurrent.ts';
import { typeRewrite } from '../../../src/doctor/rules/mig/type-rewrite.ts';
import type { Rule } from '../../../src/doctor/rule.ts';
import { plain } from '../migrations.ts';
import { examineTexts, manifest, type Texts } from '../rule.ts';

const said = (rule: Rule, files: Texts): [place: string, confidence: string][] =>
  examineTexts(files, [rule]).findings.map(({ path, line, confidence }) => [`${path}:${line}`, confidence]);

const index = 'CREATE INDEX orders_user ON orders (user_id);\n';

describe('a rule on migrations', () => {
  test('takes all but the last ten of a folder for history', () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`migrations/${100 + at}.sql`, index]));
    const found = said(indexNotConcurrent, { 'package.json': manifest('pg'), ...files });
    expect(found.map(([, confidence]) => confidence)).toEqual([
      'hint',
      'hint',
      ...Array.from({ length: 10 }, () => 'certain'),
    ]);
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
  });
});
