import { workUnderExclusiveLock } from '../../../../src/doctor/rules/mig/work-under-exclusive-lock.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(workUnderExclusiveLock, {
  hits: {
    'rows of a new column that has a value from the start': {
      ...drizzle(
        `ALTER TABLE users ADD kind text DEFAULT 'a';\nUPDATE users SET name = lower(name) WHERE kind IS NOT NULL;\n`,
      ),
      at: [at.drizzle(2)],
    },
    'rows filled behind ADD COLUMN': {
      ...drizzle(`ALTER TABLE users ADD kind text;\nUPDATE users SET kind = lower(name);\n`),
      at: [at.drizzle(2)],
    },
    'between BEGIN and COMMIT': {
      ...plain(`BEGIN;\nALTER TABLE users ADD kind text;\nDELETE FROM orders WHERE user_id IS NULL;\nCOMMIT;\n`),
      at: [at.plain(3)],
    },
    'a view and a constraint': {
      ...prisma(
        `ALTER TABLE users ADD kind text;\nREFRESH MATERIALIZED VIEW sums;\nALTER TABLE orders VALIDATE CONSTRAINT c;\n`,
      ),
      at: [at.prisma(2), at.prisma(3)],
    },
  },
  clean: {
    'each statement by itself': plain(`ALTER TABLE users ADD kind text;\nUPDATE users SET kind = lower(name);\n`),
    'a row that is picked': drizzle(
      `ALTER TABLE users ADD kind text;\nUPDATE users SET kind = 'boss' WHERE email = 'a@b.example';\n`,
    ),
    'a table that the file makes': drizzle(
      `CREATE TABLE tags (id int, n int);\nALTER TABLE tags ADD kind text;\nUPDATE tags SET n = id;\n`,
    ),
    'of rows in which the new column is not null: there are none': drizzle(
      `ALTER TABLE users ADD kind text;\nUPDATE users SET plan = 'sad' WHERE kind IS NOT NULL AND born IS NULL;\n`,
    ),
    'the work first': drizzle(`UPDATE users SET name = lower(name);\nALTER TABLE users ADD kind text;\n`),
  },
});
