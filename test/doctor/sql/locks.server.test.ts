import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detect } from '../../../src/detect/index.ts';
import { projectOf } from '../../../src/doctor/project.ts';
import { momentsOf } from '../../../src/doctor/sql/moments.ts';
import { openSql } from '../../../src/doctor/sql/read.ts';
import { freshDatabase } from '../../services/index.ts';
import { surroundings, treeOf } from '../../tree.ts';
import { manifest } from '../rule.ts';

/** The schema that the statements meet: the first migration of the project, and the database itself. */
const first = `CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE parents (id bigint PRIMARY KEY, name text);
CREATE TABLE rows (id bigint PRIMARY KEY, parent_id bigint, small varchar(20), long text, price numeric(10,2), n int4 NOT NULL, at timestamp(3), zoned timestamptz, net cidr, list varchar(20)[], maybe text, known text, old int4, moody mood, bits varbit(8), fixed char(8), clock time(3));
ALTER TABLE rows ADD CONSTRAINT known_there CHECK (known IS NOT NULL);
ALTER TABLE rows ADD CONSTRAINT later CHECK (n >= 0) NOT VALID;
ALTER TABLE rows ADD CONSTRAINT later_key FOREIGN KEY (parent_id) REFERENCES parents (id) NOT VALID;
CREATE INDEX rows_n ON rows (n);
CREATE UNIQUE INDEX rows_id2 ON rows (id);
CREATE MATERIALIZED VIEW sums AS SELECT id, count(*) FROM parents GROUP BY id;
CREATE UNIQUE INDEX sums_id ON sums (id);
CREATE TABLE split (at int) PARTITION BY RANGE (at);
CREATE TABLE split_1 PARTITION OF split FOR VALUES FROM (0) TO (10);
CREATE TABLE split_2 (at int);
CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION own_volatile() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION own_inlined() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE FUNCTION own_random() RETURNS float8 LANGUAGE sql AS $$ SELECT random() * 2 $$;
CREATE FUNCTION own_stable() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN 1; END $$;
`;
const fill = `INSERT INTO parents SELECT i, 'p' || i FROM generate_series(1, 50) i;
INSERT INTO rows SELECT i, 1 + i % 50, 's' || i, 'l' || i, i, i, now(), now(), '10.0.0.0/8', ARRAY['a'], 'm' || i, 'k' || i, i, 'sad', B'101', 'f', now()::time FROM generate_series(1, 5000) i;
REFRESH MATERIALIZED VIEW sums;`;

/** Statements of every kind of which a rule says that it locks, reads or writes; and those that come near. */
const statements = [
  'ALTER TABLE rows ADD a text',
  'ALTER TABLE rows ADD a int NOT NULL DEFAULT 7',
  'ALTER TABLE rows ADD a timestamptz DEFAULT now()',
  `ALTER TABLE rows ADD a jsonb NOT NULL DEFAULT '[]'`,
  'ALTER TABLE rows ADD a int DEFAULT own_stable()',
  'ALTER TABLE rows ADD a int DEFAULT own_volatile()',
  'ALTER TABLE rows ADD a int DEFAULT own_inlined()',
  'ALTER TABLE rows ADD a float8 DEFAULT own_random()',
  'ALTER TABLE rows ADD a uuid DEFAULT gen_random_uuid()',
  'ALTER TABLE rows ADD a double precision DEFAULT random()',
  'ALTER TABLE rows ADD a timestamptz DEFAULT clock_timestamp()',
  'ALTER TABLE rows ADD a bigserial',
  'ALTER TABLE rows ADD a int GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE rows ADD a int GENERATED ALWAYS AS (n * 2) STORED',
  'ALTER TABLE rows ADD a int UNIQUE',
  'ALTER TABLE rows ADD a int CHECK (a > 0)',
  'ALTER TABLE rows ADD a bigint REFERENCES parents (id)',
  'ALTER TABLE rows ADD a bigint DEFAULT 1 REFERENCES parents (id)',
  'ALTER TABLE rows ALTER maybe SET NOT NULL',
  'ALTER TABLE rows ALTER known SET NOT NULL',
  'ALTER TABLE rows ALTER n DROP NOT NULL',
  'ALTER TABLE rows ALTER n SET DEFAULT 1',
  'ALTER TABLE rows ALTER small TYPE varchar(40)',
  'ALTER TABLE rows ALTER small TYPE varchar',
  'ALTER TABLE rows ALTER small TYPE text',
  'ALTER TABLE rows ALTER small TYPE text USING small::text',
  'ALTER TABLE rows ALTER small TYPE text USING upper(small)',
  'ALTER TABLE rows ALTER small TYPE varchar(10)',
  'ALTER TABLE rows ALTER long TYPE varchar',
  'ALTER TABLE rows ALTER long TYPE varchar(40)',
  'ALTER TABLE rows ALTER price TYPE numeric(12,2)',
  'ALTER TABLE rows ALTER price TYPE numeric',
  'ALTER TABLE rows ALTER price TYPE numeric(12,4)',
  'ALTER TABLE rows ALTER n TYPE bigint',
  'ALTER TABLE rows ALTER at TYPE timestamp(6)',
  'ALTER TABLE rows ALTER at TYPE timestamp',
  'ALTER TABLE rows ALTER at TYPE timestamp(0)',
  'ALTER TABLE rows ALTER at TYPE timestamptz',
  'ALTER TABLE rows ALTER zoned TYPE timestamp',
  'ALTER TABLE rows ALTER net TYPE inet',
  'ALTER TABLE rows ALTER list TYPE varchar(40)[]',
  'ALTER TABLE rows ALTER moody TYPE text',
  'ALTER TABLE rows ALTER bits TYPE varbit(16)',
  'ALTER TABLE rows ALTER fixed TYPE char(16)',
  'ALTER TABLE rows ALTER fixed TYPE text',
  'ALTER TABLE rows ALTER clock TYPE time(6)',
  'ALTER TABLE rows ADD CONSTRAINT c CHECK (n > 0)',
  'ALTER TABLE rows ADD CONSTRAINT c CHECK (n > 0) NOT VALID',
  'ALTER TABLE rows VALIDATE CONSTRAINT later',
  'ALTER TABLE rows ADD CONSTRAINT c FOREIGN KEY (parent_id) REFERENCES parents (id)',
  'ALTER TABLE rows ADD CONSTRAINT c FOREIGN KEY (parent_id) REFERENCES parents (id) NOT VALID',
  'ALTER TABLE rows ADD CONSTRAINT c UNIQUE (n)',
  'ALTER TABLE rows ADD CONSTRAINT c UNIQUE USING INDEX rows_id2',
  'ALTER TABLE rows DROP CONSTRAINT later',
  'ALTER TABLE rows DROP CONSTRAINT later_key',
  'ALTER TABLE rows DROP COLUMN parent_id',
  'ALTER TABLE rows DROP COLUMN old',
  'ALTER TABLE rows RENAME COLUMN old TO older',
  'ALTER TABLE rows RENAME TO lines',
  'ALTER TABLE rows ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE rows SET (fillfactor = 90)',
  'ALTER TABLE rows ALTER n SET STATISTICS 500',
  'ALTER TABLE rows SET UNLOGGED',
  'ALTER TABLE rows DISABLE TRIGGER USER',
  'CREATE POLICY p ON rows USING (true)',
  'CREATE TRIGGER t BEFORE INSERT ON rows FOR EACH ROW EXECUTE FUNCTION bump()',
  'CREATE INDEX rows_small ON rows (small)',
  'CREATE UNIQUE INDEX rows_small ON rows (small)',
  'CREATE INDEX split_at ON ONLY split (at)',
  'DROP INDEX rows_n',
  'REINDEX TABLE rows',
  'TRUNCATE rows',
  'DROP TABLE rows',
  'UPDATE rows SET n = n + 1',
  'DELETE FROM rows WHERE n > 10',
  `INSERT INTO parents VALUES (1000, 'x')`,
  'REFRESH MATERIALIZED VIEW sums',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY sums',
  'CREATE TABLE split_3 PARTITION OF split FOR VALUES FROM (20) TO (30)',
  'ALTER TABLE split ATTACH PARTITION split_2 FOR VALUES FROM (30) TO (40)',
  'ALTER TABLE split DETACH PARTITION split_1',
  'LOCK TABLE rows',
];

const tables = ['rows', 'parents', 'sums', 'split', 'split_1', 'split_2'];
const ranks = ['RowExclusive', 'ShareUpdateExclusive', 'Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'];
const named: Readonly<Record<string, string>> = {
  RowExclusive: 'row exclusive',
  ShareUpdateExclusive: 'share update exclusive',
  Share: 'share',
  ShareRowExclusive: 'share row exclusive',
  Exclusive: 'exclusive',
  AccessExclusive: 'access exclusive',
};

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(first);
  await client.query(fill);
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const readSql = await openSql();

/** What our rules believe that a statement does to each table. */
function believed(statement: string) {
  const tree = treeOf({
    'package.json': manifest('pg'),
    'migrations/0001_first.sql': first,
    'migrations/0002_next.sql': `${statement};\n`,
  });
  const project = projectOf({ tree, profile: detect(tree, surroundings()) }, null);
  const file = readSql(project, 'migrations/0002_next.sql', `${statement};\n`);
  const effects = file === null ? [] : momentsOf(file).flatMap((moment) => moment.effects);
  return new Map(effects.map(({ table, ...effect }) => [table, effect]));
}

interface Seen {
  lock: string;
  rewrites: boolean;
  scans: boolean;
}

const files = async (): Promise<Map<string, string>> => {
  const { rows } = await client.query<{ relname: string; file: string }>(
    `SELECT relname, pg_relation_filenode(oid)::text AS file FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map(({ relname, file }) => [relname, file]));
};

const reads = async (): Promise<Map<string, number>> => {
  const { rows } = await client.query<{ relname: string; read: string }>(
    'SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_xact_user_tables',
  );
  return new Map(rows.map(({ relname, read }) => [relname, Number(read)]));
};

/** What the server does: in a transaction that is taken back, the strongest lock per table, a new file, rows that were read. */
async function seen(statement: string, zone: string): Promise<Map<string, Seen>> {
  await client.query(`BEGIN; SET LOCAL timezone = '${zone}'`);
  try {
    const before = await files();
    const ids = new Map(
      (
        await client.query<{ oid: string; relname: string }>(
          `SELECT oid::text, relname FROM pg_class WHERE relname = ANY($1) AND relnamespace = 'public'::regnamespace`,
          [tables],
        )
      ).rows.map(({ oid, relname }) => [oid, relname]),
    );
    const readBefore = await reads();
    await client.query(statement);
    const { rows } = await client.query<{ oid: string; mode: string }>(
      `SELECT relation::text AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'`,
    );
    const after = await files();
    const read = await reads();
    const found = new Map<string, Seen>();
    for (const { oid, mode } of rows) {
      const table = ids.get(oid);
      const rank = mode.replace(/Lock$/, '');
      if (table === undefined || !ranks.includes(rank)) continue;
      const lock = found.get(table)?.lock;
      if (lock !== undefined && ranks.indexOf(lock) >= ranks.indexOf(rank)) continue;
      found.set(table, {
        lock: rank,
        rewrites: after.has(table) && before.get(table) !== after.get(table),
        scans: (read.get(table) ?? 0) - (readBefore.get(table) ?? 0) >= 1000,
      });
    }
    return found;
  } finally {
    await client.query('ROLLBACK');
  }
}

describe('what the rules believe of locks and rewrites is what PostgreSQL does', () => {
  test.each(statements)('%s', async (statement) => {
    const [utc, elsewhere] = [await seen(statement, 'UTC'), await seen(statement, 'Europe/Zurich')];
    const beliefs = believed(statement);
    // TRUNCATE and refreshing put an empty or fresh file in place of the old: no row is written anew.
    const replaces = /^(TRUNCATE|REFRESH)/.test(statement);
    const claims = [...beliefs].map(([table, { lock, rewrites }]) => [table, lock, rewrites]);
    const facts = [...elsewhere].map(([table, { lock, rewrites }]) => {
      const isZone = rewrites !== utc.get(table)?.rewrites;
      return [table, named[lock], replaces ? false : isZone ? 'maybe' : rewrites];
    });
    expect(claims.sort()).toEqual(facts.sort());
  });
});

describe('what the rules believe of reading all rows is what PostgreSQL does', () => {
  // Building an index reads the table below the level that counts rows.
  const counted = statements.filter(
    (one) => /CHECK|NOT NULL|FOREIGN KEY|VALIDATE/.test(one) && !/SET UNLOGGED/.test(one),
  );
  test.each(counted)('%s', async (statement) => {
    const effect = believed(statement).get('rows');
    const done = await seen(statement, 'UTC');
    expect({ scans: effect?.scans }).toEqual({ scans: done.get('rows')?.scans });
  });
});

describe('what the rules say fails, fails', () => {
  test.each([
    ['CREATE INDEX CONCURRENTLY x ON rows (n)', '25001'],
    ['DROP INDEX CONCURRENTLY rows_n', '25001'],
    ['REINDEX TABLE CONCURRENTLY rows', '25001'],
    ['VACUUM rows', '25001'],
    [`ALTER SYSTEM SET work_mem = '4MB'`, '25001'],
    ['CREATE DATABASE other', '25001'],
    ['ALTER TABLE split DETACH PARTITION split_1 CONCURRENTLY', '25001'],
    ['ALTER TABLE rows ADD a text NOT NULL', '23502'],
    [`ALTER TYPE mood ADD VALUE 'calm'; UPDATE rows SET moody = 'calm' WHERE id = 1`, '55P04'],
    [`ALTER TYPE mood ADD VALUE 'calm'; ALTER TABLE rows ALTER moody SET DEFAULT 'calm'`, '55P04'],
    [`ALTER TYPE mood ADD VALUE 'calm'; ALTER TABLE rows ADD other mood DEFAULT 'calm'`, '55P04'],
    [`ALTER TYPE mood ADD VALUE 'calm'; CREATE INDEX ON rows (id) WHERE moody = 'calm'`, '55P04'],
    [`ALTER TYPE mood ADD VALUE 'calm'; ALTER TABLE rows ADD CHECK (moody <> 'calm')`, '55P04'],
    [`ALTER TYPE mood ADD VALUE 'calm'; CREATE TABLE fresh (m mood DEFAULT 'calm')`, '55P04'],
  ])('%s', async (statement, code) => {
    await client.query('BEGIN');
    const error = await client.query(statement).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await client.query('ROLLBACK');
    expect(error).toMatchObject({ code });
  });

  test('an index that failed to build concurrently is kept, invalid, by IF NOT EXISTS', async () => {
    await client.query('CREATE TABLE twice (n int); INSERT INTO twice VALUES (1), (1)');
    await expect(client.query('CREATE UNIQUE INDEX CONCURRENTLY twice_n ON twice (n)')).rejects.toMatchObject({
      code: '23505',
    });
    await client.query('CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS twice_n ON twice (n)');
    const { rows } = await client.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'twice_n'::regclass`);
    expect(rows).toEqual([{ indisvalid: false }]);
  });

  test('a value added to an enum that is made in the same transaction can be used since PostgreSQL 17', async () => {
    const { rows } = await client.query<{ major: number }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS major`,
    );
    await client.query('BEGIN');
    const error = await client
      .query(`CREATE TYPE mode AS ENUM ('a'); ALTER TYPE mode ADD VALUE 'b'; CREATE TABLE modes (m mode DEFAULT 'b')`)
      .then(
        () => ({ code: null }),
        (thrown: unknown) => thrown,
      );
    await client.query('ROLLBACK');
    expect(error).toMatchObject({ code: (rows[0]?.major ?? 0) >= 17 ? null : '55P04' });
  });
});
