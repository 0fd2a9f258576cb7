import { volatileDefaultRewrite } from '../../../../src/doctor/rules/mig/volatile-default-rewrite.ts';
import { at, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(volatileDefaultRewrite, {
  hits: {
    'an id for each row': {
      ...plain(`ALTER TABLE users ADD COLUMN public_id uuid DEFAULT gen_random_uuid() NOT NULL;\n`),
      at: [at.plain(1)],
    },
    'a sequence, an identity, a stored column': {
      ...plain(
        `ALTER TABLE orders ADD a bigserial;\nALTER TABLE orders ADD b int GENERATED ALWAYS AS IDENTITY;\nALTER TABLE orders ADD c int GENERATED ALWAYS AS (total * 2) STORED;\n`,
      ),
      at: [at.plain(1), at.plain(2), at.plain(3)],
    },
    'an own function that says nothing of itself': {
      ...plain(`ALTER TABLE users ADD COLUMN code text DEFAULT new_code();\n`, {
        'migrations/0001_z.sql': `CREATE FUNCTION new_code() RETURNS text LANGUAGE sql AS $$ SELECT md5(random()::text) $$;`,
      }),
      at: [at.plain(1)],
    },
    'in the middle of an expression': {
      ...plain(`ALTER TABLE users ADD COLUMN dice int DEFAULT (1 + floor(random() * 6))::int;\n`),
      at: [at.plain(1)],
    },
  },
  clean: {
    'the time of the statement': plain(
      `ALTER TABLE users ADD seen timestamptz NOT NULL DEFAULT now(), ADD at timestamptz DEFAULT CURRENT_TIMESTAMP;\n`,
    ),
    'a constant, an empty list': plain(
      `ALTER TABLE users ADD tags jsonb NOT NULL DEFAULT '[]', ADD n int DEFAULT 1 + 1;\n`,
    ),
    'a default for new rows only': plain(
      `ALTER TABLE users ADD public_id uuid;\nALTER TABLE users ALTER public_id SET DEFAULT gen_random_uuid();\n`,
    ),
    'a table that the file makes': plain(
      `CREATE TABLE tags (name text);\nALTER TABLE tags ADD id uuid DEFAULT gen_random_uuid();\n`,
    ),
    'an own function that is stable': plain(`ALTER TABLE users ADD COLUMN code text DEFAULT new_code();\n`, {
      'migrations/0001_z.sql': `CREATE FUNCTION new_code() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'a' $$;`,
    }),
    'a column computed when it is read': plain(
      `ALTER TABLE orders ADD c int GENERATED ALWAYS AS (total * 2) VIRTUAL;\n`,
    ),
  },
});
