import { jsonColumn } from '../../../../src/doctor/rules/mig/json-column.ts';
import { at, drizzle, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(jsonColumn, {
  hits: {
    'in a new table': {
      ...plain(`CREATE TABLE events (id bigint PRIMARY KEY, body json NOT NULL);\n`),
      at: [at.plain(1)],
    },
    'a new column, a new type': {
      ...plain(`ALTER TABLE users ADD prefs JSON;\nALTER TABLE users ALTER name TYPE json USING name::json;\n`),
      at: [at.plain(1), at.plain(2)],
    },
    'a list': { ...drizzle(`CREATE TABLE events (bodies json[]);\n`), at: [at.drizzle(1)] },
  },
  clean: {
    jsonb: plain(`CREATE TABLE events (body jsonb);\nALTER TABLE users ADD prefs jsonb;\n`),
    'a name, a cast, a function': plain(`CREATE TABLE events (json text DEFAULT json_build_object('a', 1)::text);\n`),
    'a comment': plain(`-- json\nCREATE TABLE events (id int);\n`),
  },
});
