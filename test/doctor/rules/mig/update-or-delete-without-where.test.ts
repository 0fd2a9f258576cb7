import { updateOrDeleteWithoutWhere } from '../../../../src/doctor/rules/mig/update-or-delete-without-where.ts';
import { at, drizzle, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(updateOrDeleteWithoutWhere, {
  hits: {
    'all rows deleted': { ...plain(`DELETE FROM orders;\n`), at: [at.plain(1)] },
    'one value over all': { ...drizzle(`UPDATE users SET name = 'x', born = NULL;\n`), at: [at.drizzle(1)] },
    'in a transaction': { ...plain(`BEGIN;\nDELETE FROM public.users;\nCOMMIT;\n`), at: [at.plain(2)] },
  },
  clean: {
    'rows that are named': plain(
      `DELETE FROM orders WHERE state = 'old';\nUPDATE users SET name = NULL WHERE name = '';\n`,
    ),
    'computed of the row': plain(`UPDATE users SET name = trim(name);\n`),
    'a column that the file adds': plain(`ALTER TABLE users ADD kind text;\nUPDATE users SET kind = 'user';\n`),
    'a table that the file makes, or drops': plain(
      `CREATE TABLE t (x int);\nDELETE FROM t;\nDELETE FROM orders;\nDROP TABLE orders;\n`,
    ),
  },
});
