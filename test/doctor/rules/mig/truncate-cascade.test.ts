import { truncateCascade } from '../../../../src/doctor/rules/mig/truncate-cascade.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(truncateCascade, {
  hits: {
    'one table': { ...plain(`TRUNCATE users CASCADE;\n`), at: [at.plain(1)] },
    'two, with their sequences': {
      ...prisma(`TRUNCATE TABLE "users", orders RESTART IDENTITY CASCADE;\n`),
      at: [at.prisma(1)],
    },
    'one of them new': { ...drizzle(`CREATE TABLE t (x int);\nTRUNCATE t, users CASCADE;\n`), at: [at.drizzle(2)] },
  },
  clean: {
    'without CASCADE': plain(`TRUNCATE users, orders;\n`),
    RESTRICT: plain(`TRUNCATE users RESTRICT;\n`),
    'a table that the file makes': plain(`CREATE TABLE t (x int);\nTRUNCATE t CASCADE;\n`),
  },
});
