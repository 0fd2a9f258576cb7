import { indexNotConcurrent } from '../../../../src/doctor/rules/mig/index-not-concurrent.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(indexNotConcurrent, {
  hits: {
    'in JavaScript: SQL in a template, and a builder': {
      files: {
        'package.json': manifest('typeorm', 'pg'),
        'src/migrations/1700000000000-Next.ts':
          'export class Next implements MigrationInterface {\n  async up(queryRunner: QueryRunner) {\n    await queryRunner.query(`\n      CREATE INDEX ix ON orders (note)`);\n    await queryRunner.createIndex("users", new TableIndex({ columnNames: ["name"] }));\n  }\n}\n',
      },
      at: ['src/migrations/1700000000000-Next.ts:4', 'src/migrations/1700000000000-Next.ts:5'],
    },
    'an index on a table that is there': {
      ...plain(`CREATE INDEX orders_user ON orders (user_id);\n`),
      at: [at.plain(1)],
    },
    'a unique one, quoted and behind a comment': {
      ...drizzle(
        `-- é\nCREATE UNIQUE INDEX "users_email" ON "public"."users" USING btree ("email");--> statement-breakpoint\n`,
      ),
      at: [at.drizzle(2)],
    },
    'an index in the place of another': {
      ...plain(`DROP INDEX orders_state;\nCREATE INDEX orders_state ON orders (state, total);\n`),
      at: [at.plain(2)],
    },
    'Prisma’s own': {
      ...prisma(`-- CreateIndex\nCREATE INDEX "orders_note_idx" ON "orders"("note");\n`),
      at: [at.prisma(2)],
    },
    'a table of which no file tells': { ...plain(`CREATE INDEX ON payments (at);\n`), at: [at.plain(1)] },
    'an index and a table that are built anew': {
      ...plain(`REINDEX TABLE orders;\nREINDEX INDEX orders_state;\n`),
      at: [at.plain(1), at.plain(2)],
    },
  },
  clean: {
    'what was put away beside those that run': {
      files: {
        'package.json': manifest('pg'),
        'migrations/archived/001_orders.sql': 'CREATE INDEX orders_user ON orders (user_id);\n',
      },
    },
    'in JavaScript: concurrently, a new table, the way back': {
      files: {
        'package.json': manifest('sequelize', 'pg'),
        'migrations/20260102030405-next.js': `module.exports = {\n  async up(queryInterface, Sequelize) {\n    await queryInterface.addIndex('orders', ['note'], { concurrently: true });\n    await queryInterface.createTable('tags', { name: Sequelize.TEXT });\n    await queryInterface.addIndex('tags', ['name']);\n  },\n  async down(queryInterface) {\n    await queryInterface.addIndex('orders', ['old']);\n  },\n};\n`,
      },
    },
    'in JavaScript: a view that the file makes': {
      files: {
        'package.json': manifest('kysely', 'pg'),
        'migrations/20260102030405-next.ts': `import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {\n  await db.schema.createView('sums_new').materialized().as(db.selectFrom('orders').selectAll()).execute();\n  await db.schema.createIndex('sums_ix').unique().on('sums_new').columns(['user_id']).execute();\n}\n`,
      },
    },
    'in JavaScript, for another database': {
      files: {
        'package.json': manifest('typeorm', 'mysql2'),
        'migrations/1700000000000-Next.ts': `export class Next implements MigrationInterface {\n  async up(queryRunner: QueryRunner) {\n    await queryRunner.query('CREATE INDEX ix ON orders (note)');\n  }\n}\n`,
      },
    },
    'built while writes go on': plain(`CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`),
    'a table that the file makes': plain(
      `CREATE TABLE tags (id bigint PRIMARY KEY, name text);\nCREATE INDEX tags_name ON tags (name);\n`,
    ),
    'a temporary table, and one that a query fills': plain(
      `CREATE TEMP TABLE t (x int);\nCREATE INDEX ON t (x);\nSELECT * INTO copied FROM users;\nCREATE INDEX ON copied (id);\n`,
    ),
    'an index that is taken away again': plain(
      `CREATE INDEX IF NOT EXISTS orders_user ON orders (user_id);\nDROP INDEX IF EXISTS orders_user;\n`,
    ),
    'only the parent of partitions': plain(`CREATE INDEX events_at ON ONLY events (at);\n`),
    'silenced for squawk': plain(
      `-- squawk-ignore require-concurrent-index-creation\nCREATE INDEX orders_user ON orders (user_id);\n`,
    ),
    'the way back in the same file': plain(
      `-- migrate:up\nALTER TABLE users DROP COLUMN name;\n-- migrate:down\nCREATE INDEX orders_user ON orders (user_id);\n`,
    ),
  },
});
