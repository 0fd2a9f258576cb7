import { setNotNullScan } from '../../../../src/doctor/rules/mig/set-not-null-scan.ts';
import { at, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(setNotNullScan, {
  hits: {
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
