import { ifNotExistsInvalidIndex } from '../../../../src/doctor/rules/mig/if-not-exists-invalid-index.ts';
import { at, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(ifNotExistsInvalidIndex, {
  hits: {
    'an index': {
      ...plain(`CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_user ON orders (user_id);\n`),
      at: [at.plain(1)],
    },
    'a unique one, which lets duplicates in': {
      ...plain(`CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);\n`),
      at: [`${at.plain(1)} warning`],
    },
    'another is dropped': {
      ...plain(
        `DROP INDEX CONCURRENTLY IF EXISTS orders_state;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS orders_user ON orders (user_id);\n`,
      ),
      at: [at.plain(2)],
    },
  },
  clean: {
    'dropped before': plain(
      `DROP INDEX CONCURRENTLY IF EXISTS public.orders_user;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS orders_user ON orders (user_id);\n`,
    ),
    'without IF NOT EXISTS': plain(`CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n`),
    'not concurrently: a failure leaves nothing': plain(
      `CREATE INDEX IF NOT EXISTS orders_user ON orders (user_id);\n`,
    ),
  },
});
