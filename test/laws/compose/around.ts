import type { Kit, Need } from './parts.ts';
import type { ServerRecipe } from './server.ts';
import { joined } from './style.ts';

/** What is known while one project is composed. */
export interface Scene {
  recipe: ServerRecipe;
  kit: Kit;
  esm: boolean;
  ts: boolean;
  /** How a relative import ends. */
  suffix: string;
  app: string;
  needs: Need[];
}

/** The project's package.json. */
export function manifestOf({ recipe, kit, ts }: Scene, entry: string): string {
  const built = ts ? `dist/${entry.slice(recipe.folder.length).replace(/ts$/, 'js')}` : entry;
  const isPlugin = recipe.scope === 'plugin' && recipe.framework === 'fastify';
  const start = isPlugin
    ? `fastify start ${entry}`
    : ts && recipe.manifest % 2 === 0
      ? `tsx ${entry}`
      : `node ${built}`;
  const manifest = {
    name: 'composed',
    ...(recipe.system === 'esm' ? { type: 'module' } : {}),
    ...(recipe.manifest % 5 === 0 ? { main: entry } : {}),
    scripts: { start, ...(ts ? { dev: `tsx watch ${entry}` } : {}) },
    dependencies: kit.dependencies,
    ...(ts ? { devDependencies: { typescript: '^5.6.0', tsx: '^4.0.0' } } : {}),
  };
  const text =
    JSON.stringify(manifest, null, recipe.manifest % 4 === 0 ? '\t' : 2) + (recipe.manifest % 7 === 0 ? '' : '\n');
  return recipe.style.eol === '\r\n' && recipe.manifest % 2 === 0 ? text.replaceAll('\n', '\r\n') : text;
}

/** The entry of a host whose app is made in another file. */
export function starterOf({ recipe, kit, esm, suffix }: Scene): string {
  const from = `./create${suffix}`;
  const bring = (names: string) =>
    esm ? `import ${names} from '${from}';` : `const ${names.replace(' as ', ': ')} = require('${from}');`;
  const listen = kit.listens.find(({ code, needs }) => code.startsWith('APP.listen') && !needs) ?? kit.listens[0];
  const needs = (listen?.needs ?? []).map((need) => importLine(need, esm, suffix, false));
  const start = (app: string) => listen?.code.replaceAll('APP', app) ?? '';
  const inClass = recipe.scope === 'class' || recipe.scope === 'field';
  if (inClass && recipe.framework !== 'hono')
    return [bring('{ Server }'), '', 'const server = new Server();', start('server.app')].join('\n');
  if (inClass) return [...needs, bring('{ Server }'), '', start('new Server().app')].join('\n');
  if (recipe.scope === 'factory' || recipe.scope === 'builder')
    return [...needs, bring('{ create }'), '', 'const made = create();', start('made')].join('\n');
  return [...needs, bring('made'), '', start('made')].join('\n');
}

/** A function in another file that the app is handed to. */
export const handOver = ({ recipe, esm }: Scene): string => {
  const use = {
    express: "app.get('/configured', (req, res) => res.end());",
    fastify: "app.get('/configured', async () => 1);",
    hono: "app.get('/configured', (c) => c.text('1'));",
  }[recipe.framework];
  const parse = recipe.framework === 'express' && recipe.manifest % 2 === 0;
  const lines = [parse ? "app.use(require('express').json());" : '', use].filter((line) => line !== '');
  const text = esm
    ? lines.join('\n  ').replace("app.use(require('express').json());", 'app.use(express.json());')
    : lines.join('\n  ');
  const head = parse && esm ? "import express from 'express';\n\n" : '';
  return `${head}${esm ? 'export ' : ''}function configure(app${recipe.language === 'ts' ? ': any' : ''}) {\n  ${text}\n}\n${esm ? '' : 'module.exports = { configure };\n'}`;
};

/** A value that a file beside the entry exports. */
export const exportAll = ({ esm, ts }: Scene, name: string, value: string): string => {
  const typed = ts
    ? value.replace(/\(([^)]*)\)/, (_, names: string) => `(${names.replaceAll(/\w+/g, '$&: any')})`)
    : value;
  return esm ? `export const ${name} = ${typed};\n` : `exports.${name} = ${typed};\n`;
};

/** The imports, the helpers and the statements as one file. */
export function whole(scene: Scene, statements: readonly string[]): string {
  const { recipe, esm, suffix } = scene;
  const text = statements.join('\n');
  const merged = new Map<string, Need>();
  for (const need of scene.needs) {
    const known = merged.get(need.from);
    const names = [...new Set([...(known?.names ?? []), ...(need.names ?? [])])];
    const main = need.whole ?? known?.whole;
    merged.set(need.from, { from: need.from, names, ...(main === undefined ? {} : { whole: main }) });
  }
  const imports = [...merged.values()].map((need) => importLine(need, esm, suffix, recipe.imports === 'wrapped'));
  const helpers = text.includes('connect()') ? ['const connect = async () => {};'] : [];
  const late = recipe.imports === 'late' && imports.length > 1;
  const lead = late ? imports.slice(0, -1) : imports;
  const tail = late && esm ? imports.slice(-1) : [];
  const other = late && !esm ? imports.slice(-1) : [];
  const below = joined([...other, ...helpers, ...statements.filter((one) => one !== ''), ...tail], recipe.style, 3);
  return lead.length === 0
    ? below
    : `${joined(lead, recipe.style, 5)}${recipe.style.gaps[0]?.includes('\n') ? recipe.style.gaps[0] : '\n'}${below}`;
}

/** One module's import or requires. */
function importLine({ from, whole: main, names = [] }: Need, esm: boolean, suffix: string, wrapped: boolean): string {
  const path = from.startsWith('.') ? from + suffix : from;
  const list = names.length === 0 ? '' : wrapped ? `{\n  ${names.join(',\n  ')},\n}` : `{ ${names.join(', ')} }`;
  if (esm) return `import ${[main ?? '', list].filter((one) => one !== '').join(', ')} from '${path}';`;
  const lines = [
    ...(main === undefined ? [] : [`const ${main} = require('${path}');`]),
    ...(list === '' ? [] : [`const ${list} = require('${path}');`]),
  ];
  return lines.join('\n');
}
