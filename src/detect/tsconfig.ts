import type { Json, Tree } from '../model.ts';
import { asObject, asString, asStrings, type JsonObject, readJson } from './json.ts';
import { folderOf, inside, upwards, within } from './paths.ts';
import { perFile } from './remember.ts';

/** A tsconfig (or jsconfig) with its `extends` merged in. */
export interface TsConfig {
  file: string;
  options: JsonObject;
  /** Patterns and their substitutions as written. */
  paths: readonly { pattern: string; targets: readonly string[] }[];
  /** The folder that the substitutions start from: the base URL, else where `paths` stands. */
  pathsFolder: string;
  baseUrl: string | null;
  outDir: string | null;
  rootDir: string | null;
  references: readonly string[];
}

const names = ['tsconfig.json', 'jsconfig.json'];

/** The config that governs a file, nearest first, then those it references. Empty where there is none. */
export function configsFor(tree: Tree, path: string): TsConfig[] {
  for (const folder of upwards(folderOf(path))) {
    for (const name of names) {
      const config = configAt(tree, within(folder, name));
      if (config) return [config, ...config.references.flatMap((file) => configAt(tree, file) ?? [])];
    }
  }
  return [];
}

/** A config file with all it extends; null where there is none. Package extends are ignored. */
export const configAt = perFile((tree: Tree, file: string) => readConfig(tree, file, []));

/** Every config file that a config is made of, itself first. */
export function chainOf(tree: Tree, file: string, seen: readonly string[] = []): string[] {
  const json = seen.includes(file) ? null : readJson(tree, file);
  if (!json) return tree.has(file) && !seen.includes(file) ? [file] : [];
  const parents = parentsOf(tree, file, json).flatMap((parent) => chainOf(tree, parent, [...seen, file]));
  return [file, ...parents];
}

function readConfig(tree: Tree, file: string, seen: readonly string[]): TsConfig | null {
  const json = seen.includes(file) ? null : readJson(tree, file);
  if (!json) return null;
  const folder = folderOf(file);
  const own = asObject(json.compilerOptions) ?? {};
  let base: TsConfig = {
    file,
    options: {},
    paths: [],
    pathsFolder: '',
    baseUrl: null,
    outDir: null,
    rootDir: null,
    references: [],
  };
  for (const parent of parentsOf(tree, file, json)) {
    const extended = readConfig(tree, parent, [...seen, file]);
    if (extended) base = overlay(base, extended);
  }
  const path = (key: string) => (typeof own[key] === 'string' ? inside(folder, own[key]) : null);
  const baseUrl = path('baseUrl') ?? base.baseUrl;
  return {
    file,
    options: { ...base.options, ...own },
    baseUrl,
    paths: pathsOf(own.paths) ?? base.paths,
    pathsFolder: baseUrl ?? ('paths' in own ? folder : base.pathsFolder),
    outDir: path('outDir') ?? base.outDir,
    rootDir: path('rootDir') ?? base.rootDir,
    references: referencesOf(tree, folder, json.references),
  };
}

function overlay(base: TsConfig, over: TsConfig): TsConfig {
  return {
    ...base,
    options: { ...base.options, ...over.options },
    paths: 'paths' in over.options ? over.paths : base.paths,
    pathsFolder: 'paths' in over.options ? over.pathsFolder : base.pathsFolder,
    baseUrl: over.baseUrl ?? base.baseUrl,
    outDir: over.outDir ?? base.outDir,
    rootDir: over.rootDir ?? base.rootDir,
  };
}

function parentsOf(tree: Tree, file: string, json: JsonObject): string[] {
  return asStrings(json.extends).flatMap((name) => {
    if (!name.startsWith('.')) return [];
    const path = inside(folderOf(file), name);
    if (path === null) return [];
    return [path, `${path}.json`].find((candidate) => tree.has(candidate)) ?? [];
  });
}

function pathsOf(value: Json | undefined): TsConfig['paths'] | null {
  const paths = asObject(value);
  return paths && Object.entries(paths).map(([pattern, targets]) => ({ pattern, targets: asStrings(targets) }));
}

function referencesOf(tree: Tree, folder: string, value: Json | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const name = asString(asObject(item)?.path);
    const path = name === null ? null : inside(folder, name);
    if (path === null) return [];
    return [path, within(path, 'tsconfig.json')].find((candidate) => tree.has(candidate)) ?? [];
  });
}
