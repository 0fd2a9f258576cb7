import { rename } from '../../../../src/doctor/rules/mig/rename.ts';
import { at, drizzle, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(rename, {
  hits: {
    'a column': { ...plain(`ALTER TABLE users RENAME COLUMN name TO full_name;\n`), at: [at.plain(1)] },
    'a table': { ...drizzle(`ALTER TABLE "orders" RENAME TO "purchases";\n`), at: [at.drizzle(1)] },
    'a value of an enum, a table’s schema': {
      ...plain(`ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';\nALTER TABLE orders SET SCHEMA shop;\n`),
      at: [at.plain(1), at.plain(2)],
    },
  },
  clean: {
    'a view with the old name stays': plain(
      `ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases;\n`,
    ),
    'an index and a constraint': plain(
      `ALTER INDEX orders_state RENAME TO orders_state_idx;\nALTER TABLE orders RENAME CONSTRAINT a TO b;\n`,
    ),
    'a table that the file makes': plain(
      `CREATE TABLE new_orders (id int);\nALTER TABLE new_orders RENAME COLUMN id TO no;\nALTER TABLE new_orders RENAME TO archive;\n`,
    ),
  },
});
