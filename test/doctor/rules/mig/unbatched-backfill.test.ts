import { expect, test } from 'vitest';
import { unbatchedBackfill } from '../../../../src/doctor/rules/mig/unbatched-backfill.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { examineTexts, ruleTest } from '../../rule.ts';

ruleTest(unbatchedBackfill, {
  hits: {
    'all rows computed': { ...plain(`UPDATE users SET name = lower(name);\n`), at: [at.plain(1)] },
    'the rows without a value': {
      ...prisma(`UPDATE orders SET state = 'new' WHERE state IS NULL;\n`),
      at: [at.prisma(1)],
    },
    'a loop in a block': {
      ...plain(
        `DO $$\nBEGIN\n  LOOP\n    UPDATE users SET name = 1 WHERE id IN (SELECT id FROM users LIMIT 100);\n    EXIT WHEN NOT FOUND;\n  END LOOP;\nEND $$;\n`,
      ),
      at: [at.plain(1)],
    },
    'a table that one transaction writes twice': {
      ...prisma(
        `UPDATE orders SET state = 'new' WHERE state IS NULL;\nUPDATE orders SET total = total + 1 WHERE total < 9;\n`,
      ),
      at: [at.prisma(1)],
    },
    'old rows deleted': { ...drizzle(`DELETE FROM orders WHERE total < 0;\n`), at: [at.drizzle(1)] },
  },
  clean: {
    'one row, by what the table says is unique': plain(
      `CREATE UNIQUE INDEX CONCURRENTLY orders_note ON orders (note);\n`,
      { 'migrations/0003_rows.sql': `UPDATE orders SET state = 'new' WHERE note = 'first';\n` },
    ),
    'a batch': plain(
      `WITH few AS (SELECT id FROM orders WHERE state IS NULL LIMIT 1000)\nUPDATE orders SET state = 'new' FROM few WHERE few.id = orders.id;\nDELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE total = 0 LIMIT 500);\n`,
    ),
    'one row': plain(`UPDATE users SET name = 'x' WHERE id = 5;\nDELETE FROM users WHERE email IN ('a', 'b');\n`),
    'a table that the file makes': plain(`CREATE TABLE tags (n int);\nUPDATE tags SET n = 1 WHERE n IS NULL;\n`),
    'a loop that commits each': plain(
      `DO $$ BEGIN LOOP UPDATE users SET name = 1 WHERE id = 1; COMMIT; EXIT; END LOOP; END $$;\n`,
    ),
    'a block that only declares': plain(
      `DO $$ BEGIN CREATE TYPE x AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n`,
    ),
  },
});

test.each<[string, string]>([
  ['hint', "note = 'a' AND state IS NOT NULL"],
  ['likely', "note = 'a' OR state IS NOT NULL"],
  ['likely', 'state IS NULL'],
])('is a %s where %s', (confidence, where) => {
  const { findings } = examineTexts(prisma(`UPDATE orders SET total = 1 WHERE ${where};\n`).files, [unbatchedBackfill]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
