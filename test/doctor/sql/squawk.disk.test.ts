import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { rules } from '../../../src/doctor/rules/index.ts';
import { plain } from '../migrations.ts';
import { examineTexts } from '../rule.ts';
import { corpus } from './corpus.ts';

/** Ours, and squawk's rules that say the same of a statement. */
const shared: Readonly<Record<string, readonly string[]>> = {
  'mig/index-not-concurrent': [
    'require-concurrent-index-creation',
    'require-concurrent-reindex',
    'require-concurrent-index-deletion',
  ],
  'mig/concurrent-in-tx': ['ban-concurrent-index-creation-in-transaction'],
  'mig/set-not-null-scan': ['adding-not-nullable-field', 'adding-required-field'],
  'mig/validating-constraint': ['constraint-missing-not-valid', 'adding-foreign-key-constraint'],
  'mig/validate-same-tx': ['constraint-missing-not-valid'],
  'mig/volatile-default-rewrite': ['adding-field-with-default'],
  'mig/type-rewrite': ['changing-column-type'],
  'mig/unique-direct': ['disallowed-unique-constraint', 'adding-serial-primary-key-field'],
  'mig/rename': ['renaming-column', 'renaming-table'],
  'mig/drop-before-code': ['ban-drop-column', 'ban-drop-table'],
  'mig/truncate-cascade': ['ban-truncate-cascade'],
  'mig/serial-or-int-pk': ['prefer-bigint-over-int', 'prefer-bigint-over-smallint', 'prefer-identity'],
};

const made = 'The table is made in the same file: it holds no rows, and nobody reads it.';
const integers = 'Squawk wants every integer to be a bigint; we ask it of keys that a sequence counts.';
const missingNotValid =
  'Squawk counts every constraint that is added without NOT VALID. Of unique ones and keys, which cannot be NOT VALID, mig/unique-direct tells.';
const unchanged = 'Squawk knows no type from before. PostgreSQL keeps the rows as they lie (locks.server.test.ts).';

/** Where the two differ, and why: by statement and our rule. */
const explained: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'CREATE TABLE tags (id bigint); CREATE INDEX tags_id ON tags (id);': { 'mig/index-not-concurrent': made },
  'CREATE INDEX orders_total ON ONLY orders (total);': {
    'mig/index-not-concurrent':
      'ON ONLY builds nothing on a partitioned table: it is how one begins to build on the partitions.',
  },
  'DROP INDEX orders_state;': {
    'mig/index-not-concurrent':
      'Dropping takes a moment; what it may wait for, mig/no-lock-timeout tells, as of any ALTER TABLE.',
  },
  'BEGIN; DROP INDEX CONCURRENTLY orders_state; COMMIT;': {
    'mig/concurrent-in-tx':
      'PostgreSQL refuses it as it refuses the building (25001); squawk looks at the building only.',
  },
  'BEGIN; ALTER TABLE users ADD age int; COMMIT; CREATE INDEX CONCURRENTLY users_age ON users (age);': {
    'mig/serial-or-int-pk': integers,
  },
  'CREATE TABLE tags (name text); ALTER TABLE tags ALTER name SET NOT NULL;': { 'mig/set-not-null-scan': made },
  'ALTER TABLE users ADD COLUMN age int NOT NULL;': { 'mig/serial-or-int-pk': integers },
  'ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;': { 'mig/serial-or-int-pk': integers },
  'ALTER TABLE users ADD COLUMN no bigserial NOT NULL;': {
    'mig/set-not-null-scan': 'A serial has a default: every row gets a number, and the statement does not fail.',
    'mig/volatile-default-rewrite': 'It writes the table anew, which squawk says of primary keys only.',
    'mig/serial-or-int-pk':
      'A bigserial has eight bytes; that identity is the newer way to say it is no reason to hurt.',
  },
  'ALTER TABLE orders ADD COLUMN by_id bigint REFERENCES users (id);': {
    'mig/validating-constraint':
      'A new column holds nothing but null: PostgreSQL reads no row for it (locks.server.test.ts).',
  },
  'ALTER TABLE orders ADD COLUMN by_id bigint CHECK (by_id > 0);': {
    'mig/validating-constraint':
      'PostgreSQL reads every row for it (locks.server.test.ts); squawk looks at table constraints only.',
  },
  'CREATE TABLE tags (user_id bigint); ALTER TABLE tags ADD FOREIGN KEY (user_id) REFERENCES users (id);': {
    'mig/validating-constraint': made,
    'mig/validate-same-tx': made,
  },
  'ALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0);': { 'mig/validate-same-tx': 'Nothing is validated apart.' },
  'ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (user_id) REFERENCES users (id);': {
    'mig/validate-same-tx': 'Nothing is validated apart.',
  },
  'BEGIN; ALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c; COMMIT;':
    {
      'mig/validating-constraint':
        'We have a rule of its own for it, mig/validate-same-tx; squawk says both by one name.',
    },
  "ALTER TABLE users ADD COLUMN prefs jsonb DEFAULT jsonb_build_object('a', 1);": {
    'mig/volatile-default-rewrite': 'jsonb_build_object is stable: it is computed once, and no row is written.',
  },
  'ALTER TABLE users ADD COLUMN no int DEFAULT own_number();': {
    'mig/volatile-default-rewrite':
      'No file tells what own_number is; we say it of functions that a migration makes volatile.',
    'mig/serial-or-int-pk': integers,
  },
  'ALTER TABLE users ADD COLUMN no int GENERATED ALWAYS AS IDENTITY;': { 'mig/serial-or-int-pk': integers },
  'ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (total * 2) STORED;': {
    'mig/serial-or-int-pk': integers,
  },
  'ALTER TABLE users ADD COLUMN sum int DEFAULT 1 + 1;': { 'mig/serial-or-int-pk': integers },
  'ALTER TABLE orders ALTER COLUMN note TYPE text;': { 'mig/type-rewrite': unchanged },
  'ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);': { 'mig/type-rewrite': unchanged },
  'ALTER TABLE users ALTER COLUMN balance TYPE numeric(14,2);': { 'mig/type-rewrite': unchanged },
  'CREATE TABLE tags (n int); ALTER TABLE tags ALTER n TYPE bigint;': {
    'mig/type-rewrite': made,
    'mig/serial-or-int-pk': integers,
  },
  'ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);': {
    'mig/validating-constraint': missingNotValid,
    'mig/validate-same-tx': missingNotValid,
  },
  'ALTER TABLE orders ADD PRIMARY KEY (id);': {
    'mig/validating-constraint': missingNotValid,
    'mig/validate-same-tx': missingNotValid,
  },
  'CREATE TABLE tags (name text); ALTER TABLE tags ADD CONSTRAINT t UNIQUE (name);': {
    'mig/unique-direct': made,
    'mig/validating-constraint': made,
    'mig/validate-same-tx': made,
  },
  'ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases;': {
    'mig/rename': 'A view keeps the old name: running code goes on.',
  },
  'CREATE TABLE tmp (id bigint); DROP TABLE tmp;': { 'mig/drop-before-code': made },
  'CREATE TABLE tags (id bigserial PRIMARY KEY);': {
    'mig/serial-or-int-pk':
      'A bigserial has eight bytes; that identity is the newer way to say it is no reason to hurt.',
  },
  'CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int);': {
    'mig/serial-or-int-pk': integers,
  },
  'CREATE TABLE years (year smallint PRIMARY KEY);': {
    'mig/serial-or-int-pk': 'A key that is not counted does not run out.',
  },
  'ALTER TABLE users ADD COLUMN a int, ALTER COLUMN name SET NOT NULL;': { 'mig/serial-or-int-pk': integers },
  '-- squawk-ignore renaming-table\nALTER TABLE users RENAME COLUMN name TO full_name;': {
    'mig/rename': 'One rule of ours answers to both names: a comment for either silences it.',
  },
};

const folder = mkdtempSync(join(tmpdir(), 'squawk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The binary lies in the package of its platform. */
function squawk(): string {
  const own = createRequire(import.meta.url).resolve('squawk-cli/package.json');
  const name = `@squawk-cli/${process.platform}-${process.arch}/package.json`;
  return join(dirname(createRequire(own).resolve(name)), 'bin', process.platform === 'win32' ? 'squawk.exe' : 'squawk');
}

async function theirs(): Promise<Set<string>[]> {
  const paths = corpus.map((sql, index) => {
    const path = join(folder, `${index}.sql`);
    writeFileSync(path, `${sql}\n`);
    return path;
  });
  const { stdout } = await execa(squawk(), ['--reporter', 'json', '--pg-version', '15', ...paths], {
    reject: false,
    maxBuffer: 1e8,
  });
  const found = JSON.parse(stdout) as { file: string; rule_name: string }[];
  return paths.map((path) => {
    const names = new Set(found.filter(({ file }) => file === path).map(({ rule_name }) => rule_name));
    return new Set(Object.keys(shared).filter((rule) => shared[rule]?.some((name) => names.has(name))));
  });
}

function ours(sql: string): Set<string> {
  const { findings, failures } = examineTexts(
    plain(sql).files,
    rules.filter(({ id }) => id in shared),
  );
  expect(failures).toEqual([]);
  return new Set(findings.filter(({ path }) => path === 'migrations/0002_next.sql').map(({ rule }) => rule));
}

describe('squawk and we say the same of the same statements, but where it is explained', async () => {
  const said = await theirs();
  test('squawk says something, and of silenced statements nothing', () => {
    expect(said.filter((one) => one.size > 0).length).toBeGreaterThan(40);
  });
  test.each(corpus.map((sql, index) => [sql, index] as const))('%s', (sql, index) => {
    const [they, we] = [said[index] ?? new Set(), ours(sql)];
    const differing = Object.keys(shared).filter((rule) => they.has(rule) !== we.has(rule));
    expect(differing.sort()).toEqual(Object.keys(explained[sql] ?? {}).sort());
  });
  test('every explanation is of a statement of the corpus', () => {
    expect(Object.keys(explained).filter((sql) => !corpus.includes(sql))).toEqual([]);
  });
});
