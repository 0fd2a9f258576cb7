import { expect, test } from 'vitest';
import { isUnreached } from '../../../src/doctor/code/live.ts';
import { detect } from '../../../src/detect/index.ts';
import { projectOf } from '../../../src/doctor/project.ts';
import { surroundings, treeOf } from '../../tree.ts';
import { projectFor } from '../source.ts';
import type { Texts } from '../rule.ts';

const shop = (scripts: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ name: 'shop', scripts, ...more });

/** What of these files no program leads to. */
const unreached = (files: Texts): string[] => {
  const project = projectFor(files);
  return Object.keys(files).filter((path) => /\.[jt]s$/.test(path) && isUnreached(project, path));
};

test.each<[string, Texts, string[]]>([
  [
    'what nothing imports, and what tests alone or such a file import',
    {
      'package.json': shop({ start: 'node dist/server.js', test: 'vitest run' }),
      'src/server.ts': `import { open } from './open.js';\n// import { shut } from './shut.js';\nopen();\n`,
      'src/shut.ts': `export const shut = () => 1;\n`,
      'src/open.ts': `export const open = () => 1;\n`,
      'src/check.ts': `import { rows } from './rows.js';\nrows();\n`,
      'src/rows.ts': `export const rows = () => 1;\n`,
      'src/told.ts': `export const told = () => 1;\n`,
      'test/told.test.ts': `import { told } from '../src/told.js';\ntold();\n`,
    },
    ['src/shut.ts', 'src/check.ts', 'src/rows.ts', 'src/told.ts', 'test/told.test.ts'],
  ],
  [
    'what a script runs once, and not what is started with it',
    {
      'package.json': shop({
        start: 'node src/app.js',
        'db:migrate': 'node src/db/migrate.js',
        mails: 'node src/mails.js',
      }),
      'src/app.js': `require('./db');\n`,
      'src/db/index.js': `module.exports = {};\n`,
      'src/db/migrate.js': `require('.');\n`,
      'src/mails.js': `require('./db/');\n`,
    },
    ['src/db/migrate.js'],
  ],
  [
    'an entry for development beside that which an image starts',
    {
      'package.json': shop({ dev: 'tsx watch ./local.ts' }),
      Dockerfile: 'FROM node:22\nCMD ["node", "/app/dist/cloud.js"]\n',
      'local.ts': `import './routes.js';\n`,
      'cloud.ts': `import './routes.js';\n`,
      'routes.ts': 'export {};\n',
    },
    ['local.ts'],
  ],
  [
    'nothing where only an entry for development is known',
    { 'package.json': shop({ dev: 'tsx watch ./local.ts' }), 'local.ts': `import './routes.js';\n`, 'routes.ts': '' },
    [],
  ],
  ['nothing where no program is known', { 'src/a.ts': `export const a = 1;\n` }, []],
  [
    'nothing that is loaded by its folder, by its decorators, or by a path in a text',
    {
      'package.json': shop({ start: 'node src/app.js' }),
      'src/app.js': `const files = readdirSync(join(here, 'routes'));\nfor (const file of files) require(join(here, 'routes', file));\nnew Worker('./src/count.js');\n`,
      'src/routes/orders.js': `module.exports = {};\n`,
      'src/count.js': `module.exports = {};\n`,
      'src/orders.ts': `@Injectable()\nexport class Orders {}\n`,
      'src/old/left.js': `module.exports = {};\n`,
    },
    ['src/old/left.js'],
  ],
  [
    'nothing that may be imported by a name that cannot be told',
    {
      'package.json': shop({ start: 'node src/app.js' }),
      'src/app.js': `import { pool } from '$lib/pool';\npool();\n`,
      'src/lib/pool.js': `export const pool = () => 1;\n`,
    },
    [],
  ],
  [
    'no page, and what pages import',
    {
      'package.json': shop({ start: 'next start' }, { dependencies: { next: '15.0.0' } }),
      'app/api/orders/route.ts': `import { rows } from '../../../lib/rows';\nexport const GET = () => rows();\n`,
      'lib/rows.ts': `export const rows = () => 1;\n`,
      'lib/left.ts': `export const left = () => 1;\n`,
    },
    ['lib/left.ts'],
  ],
  [
    'nothing of a framework that loads what lies in its folders',
    {
      'package.json': shop({ start: 'node app.js' }, { dependencies: { sails: '1.5.0' } }),
      'app.js': `require('sails').lift();\n`,
      'api/helpers/send.js': `module.exports = {};\n`,
    },
    [],
  ],
  [
    'nothing where most files would be: they are loaded in a way that is not known',
    {
      'package.json': shop({ start: 'node index.js' }),
      'index.js': `require('esm-like')(module)('./src/main');\n`,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`src/part${n}.js`, `export const part = ${n};\n`])),
    },
    [],
  ],
])('unreached is %s', (_, files, expected) => {
  expect(unreached(files)).toEqual(expected);
});

test.each([
  ['a package that is given to others', { main: 'index.ts' }, false],
  ['a program of a workspace', { main: 'index.ts', scripts: { start: 'node dist/index.js' } }, true],
  ['a program that a framework starts', { scripts: { dev: 'next dev' }, dependencies: { next: '15' } }, true],
])('a file that nothing imports in %s', (_, manifest, is) => {
  const tree = treeOf({
    'package.json': JSON.stringify({ name: '@shop/one', ...manifest }),
    'index.ts': 'export {};\n',
    'app/page.ts': 'export {};\n',
    'mails/send.ts': 'export const send = 1;\n',
  });
  const around = { tree: treeOf({ 'package.json': '{}' }), folder: 'packages/one' };
  const project = projectOf({ tree, profile: detect(tree, surroundings()) }, null, around);
  expect(isUnreached(project, 'mails/send.ts')).toBe(is);
});
