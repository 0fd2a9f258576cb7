import { setNotNullScan } from '../../../../src/doctor/rules/mig/set-not-null-scan.ts';
import { at, plain, prisma } from '../../migrations.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(setNotNullScan, {
  hits: {
    'in JavaScript, where a builder does it': {
      files: {
        'package.json': manifest('knex', 'pg'),
        'migrations/20260102030405_next.js': `exports.up = (knex) =>\n  knex.schema.alterTable('payments', (t) => {\n    t.dropNullable('note');\n  });\n`,
      },
      at: ['migrations/20260102030405_next.js:3'],
    },
    'a column of a table that is there': {
      ...plain(`ALTER TABLE users ALTER COLUMN name SET NOT NULL;\n`),
      at: [at.plain(1)],
    },
    'a check that is not validated': {
      ...plain(
        `ALTER TABLE users ADD CONSTRAINT n CHECK (name IS NOT NULL) NOT VALID;\nALTER TABLE users ALTER name SET NOT NULL;\n`,
      ),
      at: [at.plain(2)],
    },
    'a check of another column': {
      ...plain(
        `ALTER TABLE users ADD CONSTRAINT n CHECK (email IS NOT NULL);\nALTER TABLE "users" ALTER name SET NOT NULL;\n`,
      ),
      at: [at.plain(2)],
    },
    'a new column without a value for the rows there are': {
      ...prisma(`ALTER TABLE "orders" ADD COLUMN "kind" TEXT NOT NULL;\n`),
      at: [`${at.prisma(1)} error`],
    },
  },
  clean: {
    'a column that is so already': plain(
      `ALTER TABLE users ALTER email SET NOT NULL;\nALTER TABLE orders ALTER id SET NOT NULL;\n`,
    ),
    'a library that says all of a column again, of a table that no file makes': {
      files: {
        'package.json': manifest('sequelize', 'pg'),
        'migrations/20260102030405-next.js': `module.exports = { up: (queryInterface, Sequelize) => queryInterface.changeColumn('payments', 'note', { type: Sequelize.TEXT, allowNull: false }) };\n`,
      },
    },
    'a validated check says it': plain(
      `ALTER TABLE users ADD CONSTRAINT n CHECK (name IS NOT NULL) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT n;\nALTER TABLE users ALTER name SET NOT NULL;\n`,
    ),
    'a check of a migration before says it': plain(`ALTER TABLE users ALTER name SET NOT NULL;\n`, {
      'migrations/0001_z.sql': 'ALTER TABLE users ADD CONSTRAINT n CHECK (length(name) > 0 AND name IS NOT NULL);',
    }),
    'a table that the file makes': plain(
      `CREATE TABLE tags (name text);\nALTER TABLE tags ALTER name SET NOT NULL;\nALTER TABLE tags ADD kind text NOT NULL;\n`,
    ),
    'new columns with a value': plain(
      `ALTER TABLE users ADD a int NOT NULL DEFAULT 0, ADD b bigserial NOT NULL, ADD c int GENERATED ALWAYS AS IDENTITY NOT NULL;\n`,
    ),
  },
});
