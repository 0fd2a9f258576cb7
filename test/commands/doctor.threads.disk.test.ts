import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditAll } from '../../src/commands/audits.ts';
import { realContext } from '../../src/commands/context.ts';
import { together } from '../../src/doctor/together.ts';
import { canStart } from '../../src/edge/threads.ts';
import { clearPlaces, documentOf, laterProgram, type Place, place, ready } from './program.ts';

beforeAll(ready);
afterAll(clearPlaces);

const manifest = (name: string, more: object = {}): string =>
  `${JSON.stringify({ name, type: 'module', dependencies: { express: '^5.1.0', pg: '^8.0.0' }, ...more })}\n`;

/** Files that hold something for rules of every kind: in one file, through imports, and of the project as a whole. */
function area(n: number): Record<string, string> {
  return {
    [`area${n}/find.js`]: `import { pool } from '../pool.js';\n\nexport async function find(req, res) {\n  res.json(await pool.query(\`SELECT * FROM users WHERE id = '\${req.query.id}'\`));\n}\n`,
    [`area${n}/routes.js`]: `import { Router } from 'express';\nimport { find } from './find.js';\n\nexport const router = Router();\nrouter.get('/find${n}', find);\n`,
    [`area${n}/call.js`]: `export const call = async (id) => (await fetch('https://api.example.com/things/' + id)).json();\n`,
    [`area${n}/run.js`]: `import { exec } from 'node:child_process';\n\nexport const run = (req, res) => exec('ls ' + req.query.name, () => res.end());\n`,
  };
}

const within = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

const areas = Array.from({ length: 160 }, (_, n) => area(n)).reduce((all, one) => Object.assign(all, one), {});
const pool = { 'pool.js': `import { Pool } from 'pg';\n\nexport const pool = new Pool();\n` };

const workspace = (): Place =>
  place({
    'package.json': manifest('all', { workspaces: ['packages/*'] }),
    'package-lock.json': '{}\n',
    'packages/large/package.json': manifest('large'),
    ...within('packages/large/src', { ...areas, ...pool, 'area7/broken.js': 'const = fetch(url);\n' }),
    'packages/large/migrations/001.sql': 'ALTER TABLE users ADD COLUMN age integer NOT NULL;\n',
    'packages/small/package.json': manifest('small'),
    ...within('packages/small/src', { ...area(0), ...pool }),
    'packages/odd/package.json': manifest('odd'),
    'packages/odd/tsconfig.json': '{ "extends": ',
    ...within('packages/odd/src', area(1)),
  });

test('several threads find in a workspace what one finds', async () => {
  const host = workspace();
  const ran = await host.run(['doctor', '--json', '--strict']);
  expect(ran.code, ran.stderr).toBe(3);
  const byThreads = documentOf(ran, 'findings');
  // From its source there is no file to start a thread from.
  expect(canStart(new URL('../../src/commands/audit-thread.js', import.meta.url))).toBe(false);
  const context = realContext({ cwd: host.root, json: true });
  const { parts } = await auditAll(
    { only: [], skip: [], strict: true, baseline: true, changedSince: null },
    { ...context, now: () => new Date() },
  );
  const told = (findings: readonly object[]): string[] =>
    findings.map((one) => {
      const { rule, path, line, column, message, fix } = one as Record<string, unknown>;
      return JSON.stringify([rule, path, line, column, message, fix]);
    });
  const alone = told(together(parts.flatMap(({ findings }) => findings)));
  expect(alone.length).toBeGreaterThan(100);
  expect(told(byThreads.findings as object[]).sort()).toEqual(alone.sort());
  expect(byThreads.failures).toEqual(parts.flatMap(({ failures }) => failures));
  expect(parts.flatMap(({ failures }) => failures)).toHaveLength(2);
});

test.each([
  ['fails', 'throw new Error("none today");'],
  ['ends without a word', 'process.exit(0);'],
])('does the work of a thread that %s', async (_title, text) => {
  const host = workspace();
  const program = laterProgram((templates) => writeFileSync(join(templates, '../dist/audit-thread.js'), text));
  const [whole, alone] = [await host.run(['doctor', '--json']), await host.run(['doctor', '--json'], { program })];
  expect(alone).toEqual(whole);
  expect(documentOf(alone, 'findings').findings).not.toEqual([]);
});
