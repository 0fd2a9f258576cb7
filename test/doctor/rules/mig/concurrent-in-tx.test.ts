import { concurrentInTx } from '../../../../src/doctor/rules/mig/concurrent-in-tx.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(concurrentInTx, {
  hits: {
    'in JavaScript: Knex’s own transaction': {
      files: {
        'package.json': manifest('knex', 'pg'),
        'migrations/20260102030405_next.js': `exports.up = (knex) => knex.raw('CREATE INDEX CONCURRENTLY ix ON orders (note)');\n`,
      },
      at: ['migrations/20260102030405_next.js:1'],
    },
    'in JavaScript: one that the migration opens': {
      files: {
        'package.json': manifest('sequelize', 'pg'),
        'migrations/20260102030405-next.js': `module.exports = {\n  up: (queryInterface) =>\n    queryInterface.sequelize.transaction((transaction) =>\n      queryInterface.addIndex('orders', ['note'], { concurrently: true, transaction }),\n    ),\n};\n`,
      },
      at: ['migrations/20260102030405-next.js:4'],
    },
    'Drizzle’s transaction': {
      ...drizzle(`CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`),
      at: [at.drizzle(1)],
    },
    'two statements of Prisma’s': {
      ...prisma(`DROP INDEX CONCURRENTLY orders_state;\nSELECT 1;\n`),
      at: [at.prisma(1)],
    },
    BEGIN: {
      ...plain(`BEGIN;\nREINDEX INDEX CONCURRENTLY orders_state;\nVACUUM users;\nCOMMIT;\n`),
      at: [at.plain(2), at.plain(3)],
    },
    'dbmate’s transaction': {
      ...plain(`-- migrate:up\nCREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`),
      at: [at.plain(2)],
    },
    'an older Supabase': {
      files: {
        'package.json': JSON.stringify({ devDependencies: { supabase: '^2.90.0' } }),
        'supabase/migrations/1_a.sql': 'CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\nSELECT 1;\n',
      },
      at: ['supabase/migrations/1_a.sql:1'],
    },
  },
  clean: {
    'in JavaScript, where the migration leaves the transaction out': {
      files: {
        'package.json': manifest('knex', 'pg'),
        'migrations/20260102030405_next.js': `exports.up = (knex) => knex.raw('CREATE INDEX CONCURRENTLY ix ON orders (note)');\nexports.config = { transaction: false };\n`,
      },
    },
    'in JavaScript, where nobody opens one': {
      files: {
        'package.json': manifest('sequelize', 'pg'),
        'migrations/20260102030405-next.js': `module.exports = { up: (queryInterface) => queryInterface.addIndex('orders', ['note'], { concurrently: true }) };\n`,
      },
    },
    'a newer Supabase': {
      files: {
        'package.json': JSON.stringify({ devDependencies: { supabase: '^2.110.0' } }),
        'supabase/migrations/1_a.sql': 'CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\nSELECT 1;\n',
      },
    },

    'a file that Drizzle’s journal does not name': drizzle('SELECT 1;\n', {
      'drizzle/0002_by_hand.sql': 'CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n',
    }),
    'no transaction': plain(`CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`),
    'a single statement of Prisma’s': prisma(`CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`),
    'behind COMMIT': plain(
      `BEGIN;\nALTER TABLE users ADD age int;\nCOMMIT;\nCREATE INDEX CONCURRENTLY users_age ON users (age);\n`,
    ),
    'dbmate without one': plain(
      `-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`,
    ),
    'a view that is refreshed, which may': plain(`BEGIN;\nREFRESH MATERIALIZED VIEW CONCURRENTLY sums;\nCOMMIT;\n`),
  },
});
