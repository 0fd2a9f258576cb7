import { serialOrIntPk } from '../../../../src/doctor/rules/mig/serial-or-int-pk.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(serialOrIntPk, {
  hits: {
    serial: { ...plain(`CREATE TABLE tags (id serial PRIMARY KEY);\n`), at: [at.plain(1)] },
    'Prisma’s, all tables in one finding': {
      ...prisma(
        `CREATE TABLE "a" (\n  "id" SERIAL NOT NULL,\n  CONSTRAINT "a_pkey" PRIMARY KEY ("id")\n);\nCREATE TABLE "b" ("id" SERIAL NOT NULL, CONSTRAINT "b_pkey" PRIMARY KEY ("id"));\n`,
      ),
      at: [at.prisma(1)],
    },
    'an identity of four bytes': {
      ...drizzle(`CREATE TABLE tags (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n`),
      at: [at.drizzle(1)],
    },
    'a sequence by hand': {
      ...plain(`CREATE TABLE tags (id int DEFAULT nextval('s') PRIMARY KEY);\n`),
      at: [at.plain(1)],
    },
  },
  clean: {
    'eight bytes': plain(
      `CREATE TABLE a (id bigserial PRIMARY KEY);\nCREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\nCREATE TABLE c (id uuid PRIMARY KEY DEFAULT gen_random_uuid());\n`,
    ),
    'a key that is not counted': plain(
      `CREATE TABLE years (year int PRIMARY KEY);\nCREATE TABLE parts (a int, b int, PRIMARY KEY (a, b));\n`,
    ),
    'a column that is no key': plain(`CREATE TABLE a (id bigint PRIMARY KEY, position serial, n int);\n`),
  },
});
