import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/detect/index.ts';
import { projectOf } from '../../../src/doctor/project.ts';
import type { SqlFile } from '../../../src/doctor/sql/file.ts';
import { momentsOf } from '../../../src/doctor/sql/moments.ts';
import { openSql } from '../../../src/doctor/sql/read.ts';
import { surroundings, treeOf } from '../../tree.ts';
import { manifest, type Texts } from '../rule.ts';

const read = await openSql();
const path = 'migrations/20260102030405-next.js';

function fileOf(dependencies: readonly string[], code: string, more: Texts = {}, at = path): SqlFile | null {
  const tree = treeOf({ 'package.json': manifest(...dependencies), [at]: code, ...more });
  return read(projectOf({ tree, profile: detect(tree, surroundings()) }, null), at, code);
}

const told = (dependencies: readonly string[], code: string): string[] | null =>
  fileOf(dependencies, code)?.statements.map(({ text }) => text.replace(/\s+/g, ' ')) ?? null;

describe('Sequelize', () => {
  const up = (body: string): string =>
    `module.exports = {\n  up: async (queryInterface, Sequelize) => {\n${body}\n  },\n  down: async (queryInterface) => { await queryInterface.dropTable('gone'); },\n};\n`;

  test.each<[string, string, string[]]>([
    [
      'a column by its attributes',
      `await queryInterface.addColumn('orders', 'state', { type: Sequelize.STRING(20), allowNull: false, defaultValue: 'new' });`,
      [`ALTER TABLE "orders" ADD COLUMN "state" VARCHAR(20) DEFAULT 'new' NOT NULL`],
    ],
    [
      'a column by its type, in a schema',
      `await queryInterface.addColumn({ tableName: 'orders', schema: 'shop' }, 'tags', Sequelize.ARRAY(Sequelize.STRING));`,
      ['ALTER TABLE "shop"."orders" ADD COLUMN "tags" VARCHAR(255)[]'],
    ],
    [
      'a reference',
      `await queryInterface.addColumn('orders', 'userId', { type: Sequelize.UUID, references: { model: 'users', key: 'id' } });`,
      ['ALTER TABLE "orders" ADD COLUMN "userId" UUID REFERENCES "users" ("id")'],
    ],
    [
      'indexes in both ways of saying it',
      `await queryInterface.addIndex('orders', ['userId', 'state']);\nawait queryInterface.addIndex('orders', { fields: ['note'], unique: true, name: 'orders_note', concurrently: true });`,
      [
        'CREATE INDEX "orders_user_id_state" ON "orders" ("userId", "state")',
        'CREATE UNIQUE INDEX CONCURRENTLY "orders_note" ON "orders" ("note")',
      ],
    ],
    [
      'a column that is changed: all of it anew',
      `await queryInterface.changeColumn('orders', 'note', { type: Sequelize.TEXT, allowNull: false });`,
      ['ALTER TABLE "orders" ALTER COLUMN "note" SET NOT NULL', 'ALTER TABLE "orders" ALTER COLUMN "note" TYPE TEXT'],
    ],
    [
      'a table, its key counted',
      `await queryInterface.createTable('tags', { id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true }, at: Sequelize.DATE });`,
      ['CREATE TABLE "tags" ("id" SERIAL PRIMARY KEY, "at" TIMESTAMP WITH TIME ZONE)'],
    ],
    [
      'constraints',
      `await queryInterface.addConstraint('orders', { fields: ['a', 'b'], type: 'unique', name: 'u' });\nawait queryInterface.addConstraint('orders', { fields: ['userId'], type: 'foreign key', references: { table: 'users', field: 'id' } });`,
      [
        'ALTER TABLE "orders" ADD CONSTRAINT "u" UNIQUE ("a", "b")',
        'ALTER TABLE "orders" ADD FOREIGN KEY ("userId") REFERENCES "users" ("id")',
      ],
    ],
    [
      'rows',
      `await queryInterface.bulkUpdate('orders', { state: 'old' }, {});\nawait queryInterface.bulkDelete('orders', { id: 7 });`,
      [`UPDATE "orders" SET "state" = 'old'`, 'DELETE FROM "orders" WHERE "id" = 7'],
    ],
    [
      'SQL, with values by name and a constant',
      'const table = "orders";\nawait queryInterface.sequelize.query(`UPDATE ${table} SET state = :state WHERE id = :id`, { replacements: {} });',
      ['UPDATE orders SET state = $1 WHERE id = $1'],
    ],
    [
      'a list that is gone over, by its first',
      `for (const table of ['orders', 'users']) await queryInterface.addIndex(table, ['at'], { name: 'at' });`,
      ['CREATE INDEX "at" ON "orders" ("at")'],
    ],
    [
      'what is known later is left out',
      `const { id } = await load();\nawait queryInterface.addColumn(process.env.TABLE, 'a', Sequelize.TEXT);\nawait queryInterface.sequelize.query(\`ALTER TABLE \${id} ADD a int\`);\nawait queryInterface.removeColumn('orders', 'note');`,
      ['ALTER TABLE "orders" DROP COLUMN "note"'],
    ],
    [
      'what is another database’s is left out',
      `if (queryInterface.sequelize.getDialect() === 'sqlite') { await queryInterface.dropTable('a'); }\nawait queryInterface.dropTable('b');`,
      ['DROP TABLE IF EXISTS "b"'],
    ],
  ])('%s', (_title, body, expected) => {
    expect(told(['sequelize', 'pg'], up(body))).toEqual(expected);
  });

  test('tells nothing where a table is made that nobody can name', () => {
    const body = `await queryInterface.createTable(process.env.TABLE, {});\nawait queryInterface.addIndex('orders', ['a']);`;
    expect(told(['sequelize', 'pg'], up(body))).toBeNull();
  });

  test('has a transaction where a call names one', () => {
    const file = fileOf(
      ['sequelize', 'pg'],
      up(
        `await queryInterface.sequelize.transaction(async (transaction) => {\nawait queryInterface.removeColumn('orders', 'a', { transaction });\nawait queryInterface.removeColumn('orders', 'b', { transaction });\n});\nawait queryInterface.removeColumn('orders', 'c');`,
      ),
    );
    const [first, second, third] = file ? momentsOf(file).map(({ transaction }) => transaction) : [];
    expect(first).toEqual(expect.any(Number));
    expect(second).toBe(first);
    expect(third).toBeNull();
  });
});

describe('Knex', () => {
  const up = (body: string): string =>
    `exports.up = async function (knex) {\n${body}\n};\nexports.down = (knex) => knex.schema.dropTable('gone');\n`;
  test.each<[string, string, string[]]>([
    [
      'columns, then what else is said of them',
      `await knex.schema.alterTable('users', (t) => {\n t.string('a').notNullable().defaultTo('x').unique();\n t.integer('b').references('id').inTable('orgs').index();\n t.dropColumn('z');\n t.timestamps(true, true);\n});`,
      [
        `ALTER TABLE "users" ADD COLUMN "a" varchar(255) DEFAULT 'x' NOT NULL`,
        'ALTER TABLE "users" ADD COLUMN "b" integer',
        'ALTER TABLE "users" ADD COLUMN "created_at" timestamptz DEFAULT now() NOT NULL',
        'ALTER TABLE "users" ADD COLUMN "updated_at" timestamptz DEFAULT now() NOT NULL',
        'ALTER TABLE "users" ADD UNIQUE ("a")',
        'ALTER TABLE "users" ADD FOREIGN KEY ("b") REFERENCES "orgs" ("id")',
        'CREATE INDEX ON "users" ("b")',
        'ALTER TABLE "users" DROP COLUMN "z"',
      ],
    ],
    [
      'a column that is altered',
      `return knex.schema.table('users', function (table) { table.string('a', 40).notNullable().alter(); });`,
      [
        'ALTER TABLE "users" ALTER COLUMN "a" DROP NOT NULL',
        'ALTER TABLE "users" ALTER COLUMN "a" TYPE varchar(40) USING ("a"::varchar(40))',
        'ALTER TABLE "users" ALTER COLUMN "a" SET NOT NULL',
      ],
    ],
    [
      'tables in a row, in a schema',
      `await knex.schema.withSchema('shop').createTable('tags', (t) => { t.increments(); t.enu('kind', ['a', 'b']); t.index('kind'); }).dropTableIfExists('old');`,
      [
        `CREATE TABLE "shop"."tags" ("id" serial PRIMARY KEY, "kind" text CHECK ("kind" IN ('a', 'b')))`,
        'CREATE INDEX "tags_kind_index" ON "shop"."tags" ("kind")',
        'DROP TABLE IF EXISTS "shop"."old"',
      ],
    ],
    [
      'raw SQL, with names and values',
      `await knex.raw('CREATE INDEX CONCURRENTLY ?? ON ?? (email)', ['users_email', 'users']);\nawait knex.schema.raw('UPDATE users SET a = 1 WHERE id = ?', [1]);`,
      ['CREATE INDEX CONCURRENTLY "users_email" ON "users" (email)', 'UPDATE users SET a = 1 WHERE id = $1'],
    ],
    [
      'rows',
      `await knex('users').update({ plan: 'free' });\nawait knex('users').where({ id: 1 }).del();\nawait knex('users').whereNull('plan').update('plan', knex.raw('upper(name)'));`,
      [
        `UPDATE "users" SET "plan" = 'free'`,
        'DELETE FROM "users" WHERE "id" = 1',
        'UPDATE "users" SET "plan" = computed() WHERE "plan" IS NULL',
      ],
    ],
    [
      'keys and indexes of a table',
      `await knex.schema.alterTable('users', (t) => {\n t.unique(['a', 'b']);\n t.index(['a'], 'ix');\n t.foreign('c').references('orgs.id');\n t.dropNullable('m');\n t.primary(['id']);\n t.dropIndex(['q']);\n});`,
      [
        'ALTER TABLE "users" ADD CONSTRAINT "users_a_b_unique" UNIQUE ("a", "b")',
        'CREATE INDEX "ix" ON "users" ("a")',
        'ALTER TABLE "users" ADD FOREIGN KEY ("c") REFERENCES "orgs" ("id")',
        'ALTER TABLE "users" ALTER COLUMN "m" SET NOT NULL',
        'ALTER TABLE "users" ADD PRIMARY KEY ("id")',
        'DROP INDEX "users_q_index"',
      ],
    ],
    [
      'what is not written down',
      `await knex('users').where((q) => q.where('a', 1)).update({ b: 1 });\nconst rows = await knex('users').select();\nawait knex.schema.dropTable(rows[0].name);`,
      [],
    ],
  ])('%s', (_title, body, expected) => {
    expect(told(['knex', 'pg'], up(body)) ?? []).toEqual(expected);
  });
});

describe('TypeORM', () => {
  const up = (body: string, head = ''): string =>
    `import { Table, TableColumn, TableIndex, TableForeignKey } from 'typeorm';\nexport class Next1700000000000 {\n${head}\nasync up(queryRunner) {\n${body}\n}\nasync down(queryRunner) { await queryRunner.dropTable('gone'); }\n}\n`;
  test.each<[string, string, string[]]>([
    [
      'SQL',
      'await queryRunner.query(`ALTER TABLE "users" ADD "age" integer NOT NULL`);\nawait queryRunner.query(\'DROP INDEX "a"; \' + \'DROP INDEX "b"\');',
      ['ALTER TABLE "users" ADD "age" integer NOT NULL', 'DROP INDEX "a"', 'DROP INDEX "b"'],
    ],
    [
      'builders',
      `await queryRunner.addColumn('users', new TableColumn({ name: 'age', type: 'int', isNullable: true }));\nawait queryRunner.createIndex('users', new TableIndex({ name: 'ix', columnNames: ['age'], isUnique: true }));\nawait queryRunner.createForeignKey('users', new TableForeignKey({ columnNames: ['orgId'], referencedTableName: 'orgs', referencedColumnNames: ['id'] }));`,
      [
        'ALTER TABLE "users" ADD "age" int',
        'CREATE UNIQUE INDEX "ix" ON "users" ("age")',
        'ALTER TABLE "users" ADD FOREIGN KEY ("orgId") REFERENCES "orgs" ("id")',
      ],
    ],
    [
      'a column that is changed: dropped where the type is another',
      `await queryRunner.changeColumn('users', new TableColumn({ name: 'age', type: 'int' }), new TableColumn({ name: 'age', type: 'bigint' }));\nawait queryRunner.changeColumn('users', 'name', new TableColumn({ name: 'name', type: 'text' }));`,
      [
        'ALTER TABLE "users" DROP COLUMN "age"',
        'ALTER TABLE "users" ADD "age" bigint NOT NULL',
        'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL',
      ],
    ],
    [
      'a table',
      `await queryRunner.createTable(new Table({ name: 'tags', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true }, { name: 'name', type: 'varchar', length: '40' }] }));`,
      ['CREATE TABLE "tags" ("id" serial NOT NULL PRIMARY KEY, "name" varchar(40) NOT NULL)'],
    ],
  ])('%s', (_title, body, expected) => {
    expect(told(['typeorm', 'pg'], up(body))).toEqual(expected);
  });

  test.each<[string, string, string, Texts, boolean]>([
    ['all of it in one transaction', '', '', {}, true],
    ['not where the class says so', '', 'transaction = false;', {}, false],
    [
      'not where the settings do',
      '',
      '',
      { 'src/data-source.ts': `export const d = new DataSource({ migrationsTransactionMode: 'none' });` },
      false,
    ],
  ])('runs %s', (_title, _body, head, more, expected) => {
    const file = fileOf(['typeorm', 'pg'], up(`await queryRunner.query('DROP INDEX CONCURRENTLY a');`, head), more);
    expect(file?.migration?.transactional).toBe(expected);
  });
});

describe('other libraries', () => {
  test.each<[string, string[], string, string[]]>([
    [
      'node-pg-migrate',
      ['node-pg-migrate'],
      `exports.up = (pgm) => {\n pgm.addColumns('users', { age: { type: 'integer', notNull: true }, org: { type: 'uuid', references: 'orgs' } });\n pgm.createIndex('users', 'age', { concurrently: true, name: 'ix' });\n pgm.alterColumn('users', 'name', { type: 'text', notNull: true });\n pgm.sql('DROP TABLE x');\n pgm.addConstraint('users', 'c', { check: 'age > 0' });\n};\nexports.down = (pgm) => pgm.dropTable('gone');`,
      [
        'ALTER TABLE "users" ADD "age" integer NOT NULL',
        'ALTER TABLE "users" ADD "org" uuid REFERENCES "orgs"',
        'CREATE INDEX CONCURRENTLY "ix" ON "users" ("age")',
        'ALTER TABLE "users" ALTER COLUMN "name" TYPE text',
        'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL',
        'DROP TABLE x',
        'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (age > 0)',
      ],
    ],
    [
      'db-migrate',
      ['db-migrate', 'db-migrate-pg', 'pg'],
      `exports.up = function (db, cb) {\n db.runSql(\`ALTER TABLE users ADD age int;\`, cb);\n db.addIndex('users', 'ix', ['age'], true, cb);\n series([db.runSql.bind(db, 'DROP TABLE x'), db.addColumn.bind(db, 'users', 'n', { type: 'string', length: 20, notNull: true })], cb);\n};\nexports.down = function (db, cb) { db.dropTable('gone', cb); };`,
      [
        'ALTER TABLE users ADD age int',
        'CREATE UNIQUE INDEX "ix" ON "users" ("age")',
        'DROP TABLE x',
        'ALTER TABLE "users" ADD COLUMN "n" VARCHAR(20) NOT NULL',
      ],
    ],
    [
      'MikroORM',
      ['@mikro-orm/postgresql', 'pg'],
      `import { Migration } from '@mikro-orm/migrations';\nexport class Next extends Migration {\n async up() { this.addSql('alter table "users" add "age" int;'); }\n async down() { this.addSql('drop table gone;'); }\n}`,
      ['alter table "users" add "age" int'],
    ],
    [
      'Kysely',
      ['kysely', 'pg'],
      `import { sql } from 'kysely';\nexport async function up(db) {\n await db.schema.alterTable('users').addColumn('age', 'integer', (col) => col.notNull().defaultTo(0)).alterColumn('name', (ac) => ac.setNotNull()).execute();\n await db.schema.createIndex('ix').on('users').columns(['age']).unique().execute();\n await sql\`DROP TABLE x\`.execute(db);\n await db.updateTable('users').set({ age: 1 }).where('id', '=', 7).execute();\n}`,
      [
        'ALTER TABLE "users" ADD COLUMN "age" integer DEFAULT 0 NOT NULL',
        'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL',
        'CREATE UNIQUE INDEX "ix" ON "users" ("age")',
        'DROP TABLE x',
        'UPDATE "users" SET "age" = 1 WHERE "id" = 7',
      ],
    ],
    [
      'templates of Slonik',
      ['slonik'],
      `import { sql } from 'slonik';\nexport default {\n up: async (pool) => {\n await pool.query(sql\`alter table \${sql.identifier(['public', 'users'])} add age int\`);\n await pool.query(sql\`update users set age = \${age} where id = \${id}\`);\n },\n down: async (pool) => { await pool.query(sql\`drop table gone\`); },\n};`,
      ['alter table "public"."users" add age int', 'update users set age = $1 where id = $2'],
    ],
  ])('%s', (_title, dependencies, code, expected) => {
    expect(told(dependencies, code)).toEqual(expected);
  });

  test('what runs before the tool’s transaction is in none', () => {
    const code = `import { sql } from 'slonik';\nexport default {\n beforeUp: async (pool) => { await pool.query(sql\`drop index concurrently a\`); },\n up: async (pool) => { await pool.query(sql\`drop index b\`); },\n};`;
    expect(fileOf(['slonik'], code)?.statements.map(({ transaction }) => transaction)).toEqual([null, undefined]);
  });
});

describe('what is read', () => {
  const code = `exports.up = (knex) => knex.raw('DROP TABLE x');\n`;
  const query = `exports.up = (queryRunner) => queryRunner.query('DROP TABLE x');\n`;
  test.each<[string, string[], Texts, string, boolean]>([
    ['a migration', ['knex', 'pg'], {}, path, true],
    ['a number in its name, wherever it lies', ['knex', 'pg'], {}, 'src/db/changes/20260102030405_x.ts', true],
    ['no seeds', ['knex', 'pg'], {}, 'seeds/20260102030405_x.js', false],
    ['no other file', ['knex', 'pg'], {}, 'src/upgrade.js', false],
    ['not for another database', ['knex', 'mysql2'], {}, path, false],
    ['not where it may be another', ['knex', 'pg', 'sqlite3'], {}, path, false],
    [
      'where the settings tell',
      ['knex', 'pg', 'sqlite3'],
      { 'knexfile.js': `module.exports = { client: 'pg' };` },
      path,
      true,
    ],
    [
      'a package that declares no driver, by its own words',
      ['typeorm'],
      {
        'migrations/20250102030405-first.js': `export class A { async up(queryRunner) { await queryRunner.query('CREATE TABLE a (b jsonb)'); } }`,
      },
      'migrations/20260102030405-next.js',
      true,
    ],
    ['a package that tells nothing', ['typeorm'], {}, 'migrations/20260102030405-next.js', false],
  ])('%s', (_title, dependencies, more, at, isRead) => {
    const text = dependencies.includes('typeorm') ? query : code;
    expect(fileOf(dependencies, text, more, at) !== null).toBe(isRead);
  });

  test('statements stand where they stand in the file', () => {
    const text =
      'exports.up = async (knex) => {\n  await knex.raw(`\n    ALTER TABLE a ADD b int;\n    DROP TABLE c;\n  `);\n  await knex.schema.dropTable("d");\n};\n';
    const file = fileOf(['knex', 'pg'], text);
    expect(file?.statements.map(({ start, end }) => text.slice(start, end))).toEqual([
      'ALTER TABLE a ADD b int',
      'DROP TABLE c',
      'knex.schema.dropTable("d")',
    ]);
  });
});
