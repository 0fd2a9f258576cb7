import { uniqueDirect } from '../../../../src/doctor/rules/mig/unique-direct.ts';
import { at, drizzle, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(uniqueDirect, {
  hits: {
    'a unique constraint': {
      ...plain(`ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);\n`),
      at: [at.plain(1)],
    },
    'Drizzle’s own': {
      ...drizzle(`ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE("email");\n`),
      at: [at.drizzle(1)],
    },
    'a primary key, and a column that is unique': {
      ...plain(`ALTER TABLE orders ADD PRIMARY KEY (id);\nALTER TABLE orders ADD COLUMN code text UNIQUE;\n`),
      at: [at.plain(1), at.plain(2)],
    },
  },
  clean: {
    'of an index that is there': plain(
      `ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email_idx;\n`,
    ),
    'a table that the file makes': plain(
      `CREATE TABLE tags (name text UNIQUE);\nALTER TABLE tags ADD CONSTRAINT t UNIQUE (name);\n`,
    ),
    'the index alone': plain(`CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n`),
  },
});
