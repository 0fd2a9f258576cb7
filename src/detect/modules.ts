import type { Json, Tree } from '../model.ts';
import { linksOf } from './imports.ts';
import { asObject, asString, asStrings, type JsonObject, readJson } from './json.ts';
import { folderOf, inside, isCode, isForeign, upwards, within } from './paths.ts';
import { perFile } from './remember.ts';
import { configsFor } from './tsconfig.ts';

export { importsOf } from './imports.ts';

/** What each written extension may stand for, TypeScript's sources first. */
const sources: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.ts', '.jsx', '.js'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};
const extensions = ['.ts', '.tsx', '.js', '.jsx', '.json', '.mts', '.cts', '.mjs', '.cjs'];

/** The project's file that a specifier names, as TypeScript and Node find it; null for packages and what is not there. */
export function resolveImport(tree: Tree, fromFile: string, specifier: string): string | null {
  if (/^\.\.?(\/|$)/.test(specifier))
    return fileOrFolder(tree, inside(folderOf(fromFile), specifier), /(^|\/)\.{0,2}$/.test(specifier));
  if (specifier.startsWith('#')) return subpathImport(tree, fromFile, specifier) ?? aliased(tree, fromFile, specifier);
  if (specifier.startsWith('/') || specifier.startsWith('node:')) return null;
  return aliased(tree, fromFile, specifier) ?? fromRoot(tree, fromFile, specifier);
}

/** The files an entry reaches through imports within the project, itself first, breadth first, at most `limit`. */
export function followImports(tree: Tree, entry: string, limit = 400): string[] {
  const files = [entry];
  const seen = new Set(files);
  for (const file of files) {
    for (const path of importedFiles(tree, file)) {
      if (files.length >= limit) return files;
      if (!seen.has(path)) files.push(path);
      seen.add(path);
    }
  }
  return files;
}

const importedFiles = perFile((tree: Tree, file: string): string[] => {
  const text = tree.read(file);
  return (text === null ? [] : linksOf(text, file)).flatMap(({ specifier, typeOnly }) => {
    const path = typeOnly ? null : resolveImport(tree, file, specifier);
    return path === null || isForeign(path) || !(isCode(path) || !/\.\w+$/.test(path)) ? [] : [path];
  });
});

/** A path without its build: finds the source file for what a specifier or script names; null where there is none. */
export function fileOrFolder(tree: Tree, path: string | null, folderOnly = false): string | null {
  if (path === null) return null;
  return folderOnly ? folderAt(tree, path) : (fileAt(tree, path) ?? folderAt(tree, path));
}

/** The file that stands for a folder: what its manifest names, or its index. */
const folderAt = perFile((tree: Tree, path: string): string | null => {
  const main = asString(readJson(tree, within(path, 'package.json'))?.main);
  const named = main === null || path === '' ? null : inside(path, main);
  const found = named === null ? null : (fileAt(tree, named) ?? fileAt(tree, within(named, 'index')));
  return found ?? fileAt(tree, within(path, 'index'));
});

const fileAt = perFile((tree: Tree, path: string): string | null => {
  const written = Object.keys(sources).find((extension) => path.endsWith(extension));
  const bare = written === undefined ? path : path.slice(0, -written.length);
  const replaced = written === undefined ? [] : (sources[written] ?? []).map((extension) => bare + extension);
  const exact = path !== '' && !path.endsWith('/') && /\.(json|[cm]?tsx?)$/.test(path) ? [path] : [];
  const added = extensions.map((extension) => path + extension);
  return [...exact, ...replaced, ...added, path].find((candidate) => tree.has(candidate)) ?? null;
});

function aliased(tree: Tree, fromFile: string, specifier: string): string | null {
  for (const { paths, pathsFolder, baseUrl } of configsFor(tree, fromFile)) {
    const best = bestPattern(
      paths.map(({ pattern }) => pattern),
      specifier,
    );
    const targets = best === null ? [] : (paths.find(({ pattern }) => pattern === best.pattern)?.targets ?? []);
    for (const target of targets) {
      const found = fileOrFolder(tree, inside(pathsFolder, target.replace('*', best?.matched ?? '')));
      if (found !== null) return found;
    }
    const based = baseUrl === null ? null : fileOrFolder(tree, inside(baseUrl, specifier));
    if (based !== null) return based;
  }
  return null;
}

/** An exact pattern, or the one with the longest part before its star. */
function bestPattern(patterns: readonly string[], name: string): { pattern: string; matched: string } | null {
  if (patterns.includes(name)) return { pattern: name, matched: '' };
  let best: { pattern: string; matched: string; length: number } | null = null;
  for (const pattern of patterns) {
    const [before, after, ...more] = pattern.split('*');
    if (before === undefined || after === undefined || more.length > 0) continue;
    if (name.length < before.length + after.length || !name.startsWith(before) || !name.endsWith(after)) continue;
    if (best && best.length >= before.length) continue;
    best = { pattern, matched: name.slice(before.length, name.length - after.length), length: before.length };
  }
  return best;
}

/** Modules of Node, which come first under their plain names. */
const builtIn =
  /^(assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|diagnostics_channel|dns|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|sys|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib)(\/|$)/;
const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * The project's own file for what is written like a package (`require('_helpers/db')`), as `rootpath` and NODE_PATH find
 * it: where no manifest above names such a package, and the folder of the nearest one holds the file.
 */
function fromRoot(tree: Tree, fromFile: string, specifier: string): string | null {
  if (builtIn.test(specifier)) return null;
  const folders = upwards(folderOf(fromFile)).filter((folder) => tree.has(within(folder, 'package.json')));
  const manifests = folders
    .map((folder) => readJson(tree, within(folder, 'package.json')))
    .filter((manifest) => manifest !== null);
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const [folder] = folders;
  const [own] = manifests;
  if (folder === undefined || !own || manifests.some((one) => declares(one, name))) return null;
  // Without a sign of such roots a plain name may be a package that nobody declared.
  for (const root of name === specifier ? rootsOf(own) : ['', ...rootsOf(own)]) {
    const found = fileOrFolder(tree, inside(folder, root, specifier));
    if (found !== null) return found;
  }
  return null;
}

const declares = (manifest: JsonObject, name: string): boolean =>
  manifest.name === name || kinds.some((kind) => asObject(manifest[kind])?.[name] !== undefined);

/** The folders that plain names are looked for in, as the manifest says: its own for `rootpath`, those of NODE_PATH. */
function rootsOf(manifest: JsonObject): string[] {
  const isRooted = ['rootpath', 'app-module-path'].some((name) => declares(manifest, name));
  const scripts = Object.values(asObject(manifest.scripts) ?? {}).map((one) => asString(one) ?? '');
  const paths = scripts.flatMap((script) => /\bNODE_PATH=['"]?([\w./-]+)/.exec(script)?.[1] ?? []);
  return [...(isRooted ? [''] : []), ...paths];
}

function subpathImport(tree: Tree, fromFile: string, specifier: string): string | null {
  const folder = upwards(folderOf(fromFile)).find((candidate) => tree.has(within(candidate, 'package.json')));
  const imports = folder === undefined ? null : asObject(readJson(tree, within(folder, 'package.json'))?.imports);
  if (folder === undefined || !imports) return null;
  const best = bestPattern(Object.keys(imports), specifier);
  if (!best) return null;
  for (const target of targetsOf(imports[best.pattern])) {
    const path = target.startsWith('./') ? inside(folder, target.replaceAll('*', best.matched)) : null;
    const found = path === null ? null : (fileAt(tree, path) ?? sourceOf(tree, path));
    if (found !== null) return found;
  }
  return null;
}

const conditions = ['types', 'source', 'development', 'import', 'module-sync', 'node', 'bun', 'default', 'require'];

function targetsOf(value: Json | undefined): string[] {
  const object = asObject(value);
  if (object) return Object.keys(object).flatMap((key) => (conditions.includes(key) ? targetsOf(object[key]) : []));
  return Array.isArray(value) ? value.flatMap(targetsOf) : asStrings(value);
}

/** The source file of a built one ('dist/main.js' → 'src/main.ts'), by the config's outDir and rootDir, then by convention. */
export function sourceOf(tree: Tree, path: string): string | null {
  const config = configsFor(tree, 'package.json')[0];
  const declared = config?.outDir && path.startsWith(`${config.outDir}/`) ? config.outDir : null;
  if (declared === null && !isForeign(path)) {
    const itself = fileOrFolder(tree, path);
    if (itself !== null) return itself;
  }
  const outDir = declared ?? /^(?:[\w-]+\/)*?(?:dist|build|out|lib|output|\.build)(?=\/|$)/.exec(path)?.[0];
  if (outDir === undefined) return null;
  const parent = folderOf(outDir);
  const rest = path.slice(outDir.length + 1).replace(/\.[cm]?js$/, '');
  const nested = within(folderOf(rest), `src/${rest.slice(rest.lastIndexOf('/') + 1)}`);
  const roots = [config?.rootDir ?? null, within(parent, 'src'), parent].filter((root) => root !== null);
  const names = [...roots.map((root) => within(root, rest)), nested];
  return names.map((name) => fileOrFolder(tree, name)).find((file) => file !== null) ?? null;
}
