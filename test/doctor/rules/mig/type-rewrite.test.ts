import { typeRewrite } from '../../../../src/doctor/rules/mig/type-rewrite.ts';
import { at, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(typeRewrite, {
  hits: {
    'a bigger integer': { ...plain(`ALTER TABLE orders ALTER COLUMN total TYPE bigint;\n`), at: [at.plain(1)] },
    'a shorter text': { ...plain(`ALTER TABLE orders ALTER note TYPE varchar(20);\n`), at: [at.plain(1)] },
    'another scale, with SET DATA': {
      ...prisma(`ALTER TABLE "users" ALTER COLUMN "balance" SET DATA TYPE numeric(12,4);\n`),
      at: [at.prisma(1)],
    },
    'a zone, where the session has another': {
      ...plain(`ALTER TABLE users ALTER born TYPE timestamptz;\n`),
      at: [at.plain(1)],
    },
    computed: { ...plain(`ALTER TABLE orders ALTER state TYPE text USING upper(state);\n`), at: [at.plain(1)] },
    'a column of which no file tells': {
      ...plain(`ALTER TABLE payments ALTER COLUMN amount TYPE bigint;\n`),
      at: [at.plain(1)],
    },
  },
  clean: {
    'a longer text, any text': plain(
      `ALTER TABLE orders ALTER note TYPE varchar(200);\nALTER TABLE orders ALTER note TYPE text USING note::text;\n`,
    ),
    'more digits before the point': plain(`ALTER TABLE users ALTER balance TYPE numeric(14,2);\n`),
    'a table that the file makes': plain(`CREATE TABLE tags (n int);\nALTER TABLE tags ALTER n TYPE bigint;\n`),
    'silenced for squawk': plain(
      `-- squawk-ignore-file changing-column-type\nALTER TABLE orders ALTER COLUMN total TYPE bigint;\n`,
    ),
    'a short text that an earlier file has made long': plain(`ALTER TABLE orders ALTER note TYPE varchar(60);\n`, {
      'migrations/0001_z.sql': 'ALTER TABLE orders ALTER note TYPE varchar(55);',
    }),
  },
});
