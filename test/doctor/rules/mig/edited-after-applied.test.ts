import { editedAfterApplied } from '../../../../src/doctor/rules/mig/edited-after-applied.ts';
import { drizzle, plain } from '../../migrations.ts';
import { manifest, ruleTest } from '../../rule.ts';

const [one, two] = ['migrations/0001_init.sql', 'migrations/0002_next.sql'];
const add = 'ALTER TABLE users ADD age int;\n';

ruleTest(editedAfterApplied, {
  hits: {
    'an old migration that is changed': { ...plain(add), tracked: [one, two], modified: [one], at: [one] },
    'a new one before those that are committed': {
      ...plain(add, { 'migrations/0001_late.sql': add }),
      tracked: [one, two],
      at: ['migrations/0001_late.sql warning'],
    },
    'a journal that names a file that is gone': {
      ...drizzle(add, {
        'drizzle/meta/_journal.json': `{ "entries": [\n  { "tag": "0000_init" },\n  { "tag": "0000_gone" },\n  { "tag": "0001_next" }\n] }`,
      }),
      at: ['drizzle/meta/_journal.json:3'],
    },
    'the last one, which may have run nowhere: a hint': {
      ...plain(add),
      tracked: [one, two],
      modified: [two],
      at: [two],
    },
  },
  clean: {
    'a new one behind the others': { ...plain(add), tracked: [one] },
    'a migration in JavaScript, which its library runs all the same': {
      files: {
        'package.json': manifest('knex', 'pg'),
        'migrations/20260101000000_a.js': `exports.up = (knex) => knex.schema.dropTable('a');\n`,
        'migrations/20260102000000_b.js': `exports.up = (knex) => knex.schema.dropTable('b');\n`,
      },
      tracked: ['migrations/20260102000000_b.js'],
    },
    'nothing changed': { ...plain(add), tracked: [one, two] },
    'no repository': plain(add),
    'SQL that is no migration': {
      ...plain(add, { 'queries/a.sql': add }),
      tracked: [one, two, 'queries/a.sql'],
      modified: ['queries/a.sql'],
    },
  },
});
