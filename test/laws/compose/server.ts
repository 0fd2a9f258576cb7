import fc from 'fast-check';
import { exportAll, handOver, manifestOf, type Scene, starterOf, whole } from './around.ts';
import { express, fastify, hono, type Part } from './parts.ts';
import { indented, joined, type Style, styles, written } from './style.ts';

const kits = { express, fastify, hono };
const scopes = [
  'top',
  'factory',
  'builder',
  'main',
  'iife',
  'class',
  'field',
  'chained',
  'then',
  'else',
  'plugin',
] as const;

/** A host on Express, Fastify or Hono, as choices among parts. Numbers are taken modulo what there is. */
export interface ServerRecipe {
  framework: 'express' | 'fastify' | 'hono';
  language: 'ts' | 'js';
  system: 'esm' | 'cjs';
  extension: '' | '.mjs' | '.cjs' | '.mts';
  scope: (typeof scopes)[number];
  /** The entry only imports the app from another file and starts it. */
  split: boolean;
  creation: number;
  /** `const app = …`, `let app; app = …`, `export const app = …`, `const app: Type = …`. */
  binding: number;
  name: 'app' | 'server' | 'api';
  items: readonly number[];
  /** Where among the items the one route stands that every app has. */
  health: number;
  tails: readonly number[];
  listen: number;
  exported: number;
  /** Two statements share the line of the creation. */
  crowded: boolean;
  imports: 'each' | 'wrapped' | 'late';
  manifest: number;
  folder: 'src/' | '' | 'server/';
  base: 'server' | 'index' | 'app';
  style: Style;
}

const some = (most: number) => fc.uniqueArray(fc.nat(60), { maxLength: most });

export const serverRecipes: fc.Arbitrary<ServerRecipe> = fc.record({
  framework: fc.constantFrom('express' as const, 'fastify' as const, 'hono' as const),
  language: fc.constantFrom('ts' as const, 'js' as const),
  system: fc.constantFrom('esm' as const, 'cjs' as const),
  extension: fc.constantFrom('' as const, '' as const, '' as const, '.mjs' as const, '.cjs' as const, '.mts' as const),
  scope: fc.constantFrom(...scopes),
  split: fc.boolean(),
  creation: fc.nat(20),
  binding: fc.nat(20),
  name: fc.constantFrom('app' as const, 'server' as const, 'api' as const),
  items: some(9),
  health: fc.nat(9),
  tails: some(3),
  listen: fc.nat(20),
  exported: fc.nat(20),
  crowded: fc.integer({ min: 0, max: 24 }).map((one) => one === 24),
  imports: fc.constantFrom('each' as const, 'each' as const, 'wrapped' as const, 'late' as const),
  manifest: fc.nat(20),
  folder: fc.constantFrom('src/' as const, '' as const, 'server/' as const),
  base: fc.constantFrom('server' as const, 'index' as const, 'app' as const),
  style: styles,
});

/** What a recipe makes: the host's files, and which of them starts it. */
export interface Composed {
  files: Readonly<Record<string, string>>;
  entry: string;
}

/** The files of a server's project. */
export function composeServer(recipe: ServerRecipe): Composed {
  const ts = recipe.language === 'ts';
  const esm = ts || recipe.system === 'esm';
  const extension = extensionOf(recipe, ts, esm);
  const isModule = recipe.system === 'esm';
  const inClass = recipe.scope === 'class' || recipe.scope === 'field';
  const suffix = isModule || /[mc]/.test(extension) ? extension.replace('t', 'j') : '';
  const kit = kits[recipe.framework];
  const app = inClass
    ? 'this.app'
    : recipe.scope === 'plugin' && recipe.framework === 'fastify'
      ? 'fastify'
      : recipe.name;
  const scene: Scene = { recipe, kit, esm, ts, suffix, app, needs: [] };
  const split = recipe.split && !['iife', 'main', 'then', 'else', 'plugin'].includes(recipe.scope);
  const entry = `${recipe.folder}${recipe.base}${extension}`;
  const home = split ? `${recipe.folder}create${extension}` : entry;
  const files: Record<string, string> = {};
  files[home] = written(fileOf(scene, split), recipe.style);
  if (split) files[entry] = written(starterOf(scene), recipe.style);
  const beside = (path: string, code: string) => {
    files[`${recipe.folder}${path}${extension}`] = code;
  };
  if (files[home]?.includes('./configure')) beside('configure', handOver(scene));
  if (files[home]?.includes('./errors'))
    beside(
      'errors',
      exportAll(scene, 'notFound', '(req, res) => res.status(404).end()') +
        exportAll(scene, 'errorHandler', '(error, req, res, next) => res.status(500).end()'),
    );
  files['package.json'] = manifestOf(scene, entry);
  if (ts)
    files['tsconfig.json'] = '{ "compilerOptions": { "module": "nodenext", "strict": true, "outDir": "dist" } }\n';
  if (recipe.manifest % 3 === 0) files['.env.example'] = 'PORT=3000\n';
  return { files, entry };
}

function extensionOf({ extension }: ServerRecipe, ts: boolean, esm: boolean): string {
  if (extension === '.mts') return ts ? '.mts' : '.js';
  if (extension === '.mjs') return !ts && esm ? '.mjs' : ts ? '.ts' : '.js';
  if (extension === '.cjs') return !ts && !esm ? '.cjs' : ts ? '.ts' : '.js';
  return ts ? '.ts' : '.js';
}

/** The parts that a recipe picks and that can stand in its file. */
function pick(scene: Scene, from: readonly Part[], indices: readonly number[], awaits: boolean): Part[] {
  const { esm, ts } = scene;
  const chosen = [...new Set(indices.map((index) => from[index % from.length]))];
  return chosen.flatMap((part) => {
    if (!part || (part.awaits && !awaits)) return [];
    if (part.only && { esm, cjs: !esm, ts }[part.only] !== true) return [];
    return [part];
  });
}

/** A part's code for this file; what it needs is noted. */
function code(scene: Scene, part: Part): string {
  scene.needs.push(...(part.needs ?? []));
  const named = scene.needs.some(({ from, whole }) => from === 'express' && whole !== undefined);
  if (part.code.includes('EXPRESS') && !named && scene.esm) scene.needs.push({ from: 'express', whole: 'express' });
  const express = named || scene.esm ? 'express' : "require('express')";
  return part.code.replaceAll('EXPRESS', express).replaceAll('APP', scene.app);
}

function fileOf(scene: Scene, split: boolean): string {
  const { recipe, kit, esm, ts } = scene;
  const { scope, style } = recipe;
  const inAsync = ['main', 'iife', 'plugin'].includes(scope);
  const topAwait = esm && recipe.system === 'esm' && scope === 'top' && !split;
  const awaits = inAsync || topAwait;
  const made = creationOf(scene);
  const items = pick(scene, kit.items, recipe.items, awaits);
  items.splice(recipe.health % (items.length + 1), 0, kit.health);
  const tails = pick(scene, kit.tails, recipe.tails, awaits);
  const listen = split || scope === 'plugin' ? [] : pick(scene, kit.listens, [recipe.listen], awaits).slice(0, 1);
  const started = (listen.length > 0 || split ? listen : [kit.listens[0]]).flatMap((part) =>
    part ? [code(scene, part)] : [],
  );
  const body = () => [...items, ...tails].map((part) => code(scene, part));
  const exporting = exportOf(scene, split);
  switch (scope) {
    case 'chained': {
      const links = [...items, ...tails]
        .filter(({ chain }) => chain)
        .map((part) => code(scene, part).slice(scene.app.length, -1));
      const chained = `${binding(scene, made)}${links.map((link) => `\n${indented(link)}`).join('')};`;
      return whole(scene, [chained, ...started, ...exporting]);
    }
    case 'factory':
      return whole(scene, [
        `${split && esm ? 'export ' : ''}function create() {\n${indented(joined([...creation(scene, made), ...body(), `return ${scene.app};`], style))}\n}`,
        ...(split ? exportMade(scene, 'create') : [`const ${scene.app} = create();`, ...started, ...exporting]),
      ]);
    case 'builder':
      return whole(scene, [
        `${esm ? 'export ' : ''}const create = (options = {}) => {\n${indented(joined([...creation(scene, made), ...body(), `return ${scene.app};`], style, 2))}\n};`,
        ...(split ? exportMade(scene, 'create', true) : [`const ${scene.app} = create();`, ...started]),
      ]);
    case 'main':
      return whole(scene, [
        `async function main()${ts ? ': Promise<void>' : ''} {\n${indented(joined([...creation(scene, made), ...body(), ...started], style))}\n}`,
        recipe.exported % 2 === 0 ? 'main();' : 'main().catch((error) => {\n  console.error(error);\n});',
      ]);
    case 'iife':
      return whole(scene, [
        `(async () => {\n${indented(joined([...creation(scene, made), ...body(), ...started], style))}\n})();`,
      ]);
    case 'then':
      return whole(scene, [
        `connect().then(() => {\n${indented(joined([...creation(scene, made), ...body(), ...started], style))}\n});`,
      ]);
    case 'else':
      return whole(scene, [
        `if (process.env.WORKERS === 'many') {\n  console.log('primary');\n} else {\n${indented(joined([...creation(scene, made), ...body(), ...started], style))}\n}`,
      ]);
    case 'class':
    case 'field':
      return classFile(scene, made, body(), started, split);
    case 'plugin':
      if (recipe.framework !== 'fastify')
        return whole(scene, [...creation(scene, made), ...body(), ...started, ...exporting]);
      scene.needs.length = 0;
      return whole(scene, [
        `${esm ? 'export default ' : 'module.exports = '}async function routes(fastify, options) {\n${indented(joined(body(), style))}\n}${esm ? '' : ';'}`,
      ]);
    case 'top':
      return whole(scene, [...creation(scene, made), ...body(), ...started, ...exporting]);
  }
}

function classFile(
  scene: Scene,
  made: string,
  body: readonly string[],
  started: readonly string[],
  split: boolean,
): string {
  const { recipe, esm, ts } = scene;
  const { style } = recipe;
  const hidden = ts ? (recipe.binding % 2 === 0 ? 'private readonly ' : 'public ') : '';
  const isField = recipe.scope === 'field';
  const half = Math.ceil(body.length / 2);
  const parted = recipe.exported % 2 === 0;
  const inside = [
    ...(isField ? [] : [`this.app = ${made};`]),
    ...(parted ? ['this.middlewares();', 'this.routes();'] : body),
  ];
  const method = (name: string, lines: readonly string[]) => `${name}() {\n${indented(joined(lines, style, 1))}\n}`;
  const members = [
    isField ? `${hidden}app = ${made};` : ts ? `${hidden.replace('readonly ', '')}app: any;` : 'name = 1;',
    method('constructor', inside.length > 0 ? inside : ["console.log('made');"]),
    ...(parted ? [method('middlewares', body.slice(0, half)), method('routes', body.slice(half))] : []),
    method('start', started.length > 0 ? started : ['return this.app;']),
  ];
  const owner = `${split && esm ? 'export ' : ''}class Server {\n${indented(members.join('\n\n'))}\n}`;
  return whole(scene, [owner, ...(split ? exportMade(scene, 'Server') : ['new Server().start();'])]);
}

function creationOf(scene: Scene): string {
  const { kit, recipe, esm, ts } = scene;
  const fits = kit.creations.filter(({ only }) => only === undefined || { esm, cjs: !esm, ts }[only]);
  const chosen = fits[recipe.creation % fits.length];
  scene.needs.push(...(chosen?.needs ?? []));
  return chosen?.code ?? '';
}

/** `const app = express()`, without what ends it. */
function binding({ recipe, esm, ts }: Scene, made: string): string {
  const isTop = recipe.scope === 'top' || recipe.scope === 'chained';
  const forms = [
    `const ${recipe.name} = ${made}`,
    `let ${recipe.name} = ${made}`,
    ...(isTop && esm ? [`export const ${recipe.name} = ${made}`] : []),
    ...(isTop && !esm
      ? [`const ${recipe.name} = (module.exports = ${made})`, `var ${recipe.name} = module.exports = ${made}`]
      : []),
    ...(ts ? [`const ${recipe.name}: any = ${made}`] : []),
  ];
  return forms[recipe.binding % forms.length] ?? '';
}

function creation(scene: Scene, made: string): string[] {
  const { recipe } = scene;
  if (recipe.binding === 20) return [`let ${recipe.name};`, `${recipe.name} = ${made};`];
  return recipe.crowded ? [`${binding(scene, made)}; const port = 3000;`] : [`${binding(scene, made)};`];
}

function exportOf({ recipe, esm, app, ts }: Scene, split: boolean): string[] {
  const isBound = /module\.exports|^export/.test(binding({ recipe, esm, ts } as Scene, '')) && recipe.binding !== 20;
  if (split)
    return recipe.scope === 'top' || recipe.scope === 'chained'
      ? [esm ? `export default ${app};` : `module.exports = ${app};`]
      : [];
  if (recipe.exported % 3 === 0 || isBound) return [];
  if (recipe.framework === 'hono' && recipe.exported % 5 === 1 && esm)
    return [`export default { port: 3000, fetch: ${app}.fetch };`];
  if (esm) return [recipe.exported % 2 === 0 ? `export default ${app};` : `export { ${app} };`];
  return [recipe.exported % 2 === 0 ? `module.exports = ${app};` : `module.exports = { ${app} };`];
}

const exportMade = ({ esm }: Scene, name: string, isExported = false): string[] =>
  esm
    ? isExported || name === 'Server' || name === 'create'
      ? []
      : [`export { ${name} };`]
    : [`module.exports = { ${name} };`];
