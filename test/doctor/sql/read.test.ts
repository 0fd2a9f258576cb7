import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/detect/index.ts';
import { projectOf } from '../../../src/doctor/project.ts';
import type { SqlFile } from '../../../src/doctor/sql/file.ts';
import { openSql } from '../../../src/doctor/sql/read.ts';
import { surroundings, treeOf } from '../../tree.ts';
import { manifest, type Texts } from '../rule.ts';

const read = await openSql();

const filesOf = (texts: Texts, path: string): (() => SqlFile | null) => {
  const tree = treeOf({ 'package.json': manifest('pg'), ...texts });
  const project = projectOf({ tree, profile: detect(tree, surroundings()) }, null);
  return () => read(project, path, texts[path] ?? '');
};

const textsIn = (sql: string): string[] =>
  filesOf({ 'migrations/1.sql': sql }, 'migrations/1.sql')()?.statements.map(({ start, end }) =>
    sql.slice(start, end),
  ) ?? [];

describe('statements', () => {
  test.each([
    ['after letters of two, three and four bytes', `-- é — 😀\nSELECT 'é😀';  SELECT 2;`, [`SELECT 'é😀'`, 'SELECT 2']],
    [
      'with a body in dollars',
      'DO $do$ BEGIN; PERFORM 1; END $do$;\nSELECT 1',
      ['DO $do$ BEGIN; PERFORM 1; END $do$', 'SELECT 1'],
    ],
    ['behind comments of both kinds', '/* a; */ -- b;\nSELECT 1;', ['SELECT 1']],
    [
      'among commands of psql',
      '\\connect shop\n\\set ON_ERROR_STOP on\nSELECT 1;\nSELECT 2 \\gexec\n',
      ['SELECT 1', 'SELECT 2'],
    ],
    ['parted by Drizzle without a semicolon', 'SELECT 1\n--> statement-breakpoint\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    ['with rows that psql copies', `COPY users (id) FROM stdin;\n1\tit's\n\\.\nSELECT 1;`, ['SELECT 1']],
    ['with a byte order mark and CRLF', '\uFEFFSELECT 1;\r\nSELECT 2;\r\n', ['SELECT 1', 'SELECT 2']],
    ['without the way back of dbmate', '-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 2;', ['SELECT 1']],
    ['without the way back of goose', '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;', ['SELECT 1']],
  ])('%s', (_title, sql, expected) => {
    expect(textsIn(sql)).toEqual(expected);
  });
});

describe('whose SQL it is', () => {
  const backticks = 'CREATE TABLE `users` (`id` int AUTO_INCREMENT);';
  const plain = 'CREATE TABLE users (id int);';
  test.each<[string, Texts, string, 'read' | 'left' | 'throws']>([
    ['a migration of a PostgreSQL project', { 'migrations/1.sql': plain }, 'migrations/1.sql', 'read'],
    ['one that does not parse', { 'migrations/1.sql': 'CREATE TABEL x;' }, 'migrations/1.sql', 'throws'],
    [
      'one of another database, from before',
      { 'migrations/1.sql': 'CREATE TABLE `users` (`id` INT PRIMARY KEY);' },
      'migrations/1.sql',
      'left',
    ],
    ['a file elsewhere that does not parse', { 'sql/report.sql': 'SELECT FROM WHERE' }, 'sql/report.sql', 'left'],
    [
      'a project that says nothing, by a word of the folder',
      {
        'package.json': manifest('express'),
        'migrations/1.sql': plain,
        'migrations/2.sql': 'CREATE TABLE a (at DATETIME);',
      },
      'migrations/1.sql',
      'left',
    ],
    [
      'a project that says nothing',
      { 'package.json': manifest('express'), 'migrations/1.sql': plain },
      'migrations/1.sql',
      'read',
    ],
    ['one that is filled in first', { 'migrations/1.sql': `CREATE SCHEMA \${schema};` }, 'migrations/1.sql', 'left'],
    [
      'MySQL by the driver',
      { 'package.json': manifest('mysql2'), 'migrations/1.sql': plain },
      'migrations/1.sql',
      'left',
    ],
    [
      'SQLite by Drizzle’s settings',
      {
        'package.json': manifest('pg'),
        'drizzle.config.ts': `export default { dialect: 'sqlite' }`,
        'drizzle/0.sql': plain,
      },
      'drizzle/0.sql',
      'left',
    ],
    [
      'MySQL by Prisma’s lock',
      {
        'package.json': manifest('@prisma/client'),
        'prisma/migrations/migration_lock.toml': 'provider = "mysql"',
        'prisma/migrations/1_a/migration.sql': backticks,
      },
      'prisma/migrations/1_a/migration.sql',
      'left',
    ],
    [
      'two drivers, and not PostgreSQL’s words',
      { 'package.json': manifest('pg', 'mysql2'), 'migrations/1.sql': backticks },
      'migrations/1.sql',
      'left',
    ],
    [
      'Supabase’s',
      { 'package.json': manifest('better-sqlite3'), 'supabase/migrations/1.sql': plain },
      'supabase/migrations/1.sql',
      'read',
    ],
  ])('%s', (_title, texts, path, what) => {
    const reading = filesOf(texts, path);
    if (what === 'throws') expect(reading).toThrow(/syntax error/);
    else expect(reading() === null).toBe(what === 'left');
  });
});

describe('migrations', () => {
  const one = 'ALTER TABLE a ADD x int;';
  const two = `${one}\n${one}`;
  const drizzleConfig = { 'drizzle.config.ts': `export default { dialect: 'postgresql', out: './drizzle' };` };
  test.each<[string, Texts, string, { tool: string; order: number; transactional: boolean } | null]>([
    [
      'Drizzle: one transaction',
      { ...drizzleConfig, 'drizzle/0000_a.sql': one, 'drizzle/0001_b.sql': one },
      'drizzle/0001_b.sql',
      { tool: 'drizzle', order: 1, transactional: true },
    ],
    [
      'Prisma: a transaction for more than one statement',
      {
        'package.json': manifest('prisma@6.2.0'),
        'prisma/schema.prisma': '',
        'prisma/migrations/20240101_a/migration.sql': one,
        'prisma/migrations/20240201_b/migration.sql': two,
      },
      'prisma/migrations/20240201_b/migration.sql',
      { tool: 'prisma', order: 1, transactional: true },
    ],
    [
      'Prisma: one statement',
      { 'package.json': manifest('prisma@6.2.0'), 'prisma/migrations/20240101_a/migration.sql': one },
      'prisma/migrations/20240101_a/migration.sql',
      { tool: 'prisma', order: 0, transactional: false },
    ],
    [
      'Prisma since 7.4: one by one',
      { 'package.json': manifest('prisma@^7.5.0'), 'prisma/migrations/20240101_a/migration.sql': two },
      'prisma/migrations/20240101_a/migration.sql',
      { tool: 'prisma', order: 0, transactional: false },
    ],
    [
      'Supabase: one batch',
      { 'supabase/migrations/20240101_a.sql': two },
      'supabase/migrations/20240101_a.sql',
      { tool: 'supabase', order: 0, transactional: true },
    ],
    [
      'plain: as the file says',
      { 'db/migrations/2_b.sql': one, 'db/migrations/10_c.sql': one },
      'db/migrations/10_c.sql',
      { tool: 'plain', order: 1, transactional: false },
    ],
    [
      'goose',
      { 'migrations/00001_a.sql': `-- +goose Up\n${one}` },
      'migrations/00001_a.sql',
      { tool: 'plain', order: 0, transactional: true },
    ],
    [
      'goose without a transaction',
      { 'migrations/00001_a.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${one}` },
      'migrations/00001_a.sql',
      { tool: 'plain', order: 0, transactional: false },
    ],
    [
      'files that undo are none',
      { 'migrations/1.up.sql': one, 'migrations/1.down.sql': one },
      'migrations/1.down.sql',
      null,
    ],
    ['queries are none', { 'src/queries/find.sql': one }, 'src/queries/find.sql', null],
  ])('%s', (_title, texts, path, expected) => {
    const migration = filesOf(texts, path)()?.migration ?? null;
    expect(
      migration && { tool: migration.tool, order: migration.order, transactional: migration.transactional },
    ).toEqual(expected);
  });

  test('what came before is what earlier files made, in their order', () => {
    const texts = {
      'migrations/1.sql': 'CREATE TABLE a (x int);',
      'migrations/2.sql': 'ALTER TABLE a RENAME TO b; ALTER TABLE b ALTER x TYPE bigint;',
      'migrations/3.sql': 'SELECT 1;',
    };
    const schema = filesOf(texts, 'migrations/3.sql')()?.before();
    expect([...(schema?.tables ?? [])].map(([name, { columns }]) => [name, columns.get('x')?.name])).toEqual([
      ['b', 'int8'],
    ]);
  });

  test('the last ten are what can still be mended', () => {
    const texts = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`migrations/${100 + index}.sql`, one]));
    const recent = Object.keys(texts).map((path) => filesOf(texts, path)()?.migration?.recent);
    expect(recent).toEqual([false, false, ...Array.from({ length: 10 }, () => true)]);
  });
});
