import { noLockTimeout } from '../../../../src/doctor/rules/mig/no-lock-timeout.ts';
import { at, plain, prisma } from '../../migrations.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(noLockTimeout, {
  hits: {
    'a column for a table that is there': { ...plain(`ALTER TABLE users ADD age int;\n`), at: [at.plain(1)] },
    'the first such statement of the newest file': {
      ...plain(`SELECT 1;\nTRUNCATE orders;\nDROP TABLE orders;\n`, {
        'migrations/0001_z.sql': 'ALTER TABLE users ADD x int;',
      }),
      at: [at.plain(2)],
    },
    'Prisma’s': { ...prisma(`ALTER TABLE "users" ADD COLUMN "age" INTEGER;\n`), at: [at.prisma(1)] },
  },
  clean: {
    'a table of last week': {
      files: {
        'package.json': manifest('pg'),
        'migrations/20240101_a.sql': 'CREATE TABLE carts (id bigint);\n',
        'migrations/20240105_b.sql': 'ALTER TABLE carts ADD note text;\n',
      },
    },
    'set in the file': plain(`SET lock_timeout = '3s';\nALTER TABLE users ADD age int;\n`),
    'set for the role that migrates': plain(`ALTER TABLE users ADD age int;\n`, {
      'scripts/migrate.ts': `new Client({ options: '-c lock_timeout=3000' });\n`,
    }),
    'nothing but new tables and gentle locks': plain(
      `CREATE TABLE tags (id int);\nALTER TABLE tags ADD x int;\nCREATE INDEX CONCURRENTLY o ON orders (total);\nALTER TABLE orders VALIDATE CONSTRAINT c;\n`,
    ),
  },
});
