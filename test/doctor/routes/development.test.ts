import { expect, test } from 'vitest';
import { everyNode } from '../../../src/doctor/code/source.ts';
import { isForDevelopment } from '../../../src/doctor/routes/development.ts';
import type { Texts } from '../rule.ts';
import { sourceOf } from '../source.ts';

/** Whether the first `here()`, or class `Here`, of src/a.ts, or of the named file, runs while somebody develops alone. */
function isIt(texts: Texts, path: string): boolean | null {
  const source = sourceOf(texts, path);
  let found: boolean | null = null;
  everyNode(source.program, (node) => {
    const isCall = node.type === 'CallExpression' && source.textOf(node.callee) === 'here';
    const isClass = node.type === 'Decorator' && source.textOf(node) === '@Here()';
    if (found === null && (isCall || isClass)) found = isForDevelopment(source, node);
  });
  return found;
}

const debug = 'export function debug(app) {\n  app.get("/", () => here());\n}\n';
const gateway = '@Here()\nexport class LocalGateway {}\n';
const vite =
  'import { createServer } from "vite";\nexport default async (app) => {\n  const vite = await createServer({ server: { middlewareMode: true } });\n  app.get("/", () => here());\n};\n';

test.each<[string, boolean, string | Texts, string?]>([
  ['a condition', true, 'if (isDev) here();'],
  ['no production', true, 'if (process.env.NODE_ENV !== "production") here();'],
  ['by a call', true, 'if (app.get("env") === "development") here();'],
  ['one of two conditions', true, 'if (config.isDev && wanted) here();'],
  ['an argument', true, 'if (process.argv.includes("--dev")) here();'],
  ['the other arm', true, 'if (process.env.NODE_ENV === "production") serve(); else here();'],
  ['the other arm of an expression', true, 'const page = isProd ? serve() : here();'],
  ['what production does not come to', true, 'function f() {\n  if (isProduction) return;\n  here();\n}'],
  [
    'a function that development calls',
    true,
    { 'src/a.ts': debug, 'src/b.ts': 'import { debug } from "./a.ts";\nif (options.dev) debug(app);\n' },
  ],
  [
    'a class that development takes',
    true,
    {
      'src/a.ts': gateway,
      'src/b.ts': 'import { LocalGateway } from "./a.ts";\nexport const all = [isProd ? Gateway : LocalGateway];\n',
    },
  ],
  ['a file of development', true, { 'src/gateway.dev.ts': 'here();' }, 'src/gateway.dev.ts'],
  ['a file of development by its first word', true, { 'src/dev-server.ts': 'here();' }, 'src/dev-server.ts'],
  ['the server of Vite', true, vite],
  ['production', false, 'if (process.env.NODE_ENV === "production") here();'],
  ['no development', false, 'if (!isDev) here();'],
  ['either', false, 'if (isDev || wanted) here();'],
  ['a device', false, 'if (isDevice) here();'],
  ['what is not production alone', false, 'if (isProd && wanted) serve(); else here();'],
  ['what development does not come to', false, 'function f() {\n  if (isDev) return;\n  here();\n}'],
  [
    'a function that production calls too',
    false,
    {
      'src/a.ts': debug,
      'src/b.ts': 'import { debug } from "./a.ts";\nif (options.dev) debug(app);\n',
      'src/c.ts': 'import { debug } from "./a.ts";\ndebug(app);\n',
    },
  ],
  [
    'a function that is taken as a whole',
    false,
    { 'src/a.ts': debug, 'src/b.ts': 'import * as a from "./a.ts";\nif (isDev) a.debug(app);\nrun(a);\n' },
  ],
  ['a function that nothing uses', false, debug],
  ['a file of devices', false, { 'src/devices.ts': 'here();' }, 'src/devices.ts'],
  ['a client of a site', false, { 'src/dev-to.ts': 'here();' }, 'src/dev-to.ts'],
  [
    'the server of Vite beside files that are built',
    false,
    vite.replace('  app.get', '  if (!prod) app.use(vite);\n  app.get'),
  ],
])('%s: %s', (_name, expected, files, path = 'src/a.ts') => {
  expect(isIt(typeof files === 'string' ? { [path]: files } : files, path)).toBe(expected);
});
