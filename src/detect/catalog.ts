import { parse } from 'yaml';
import type { Json, Tree } from '../model.ts';
import { asObject, asString, type JsonObject, readJson } from './json.ts';

/** A range with `catalog:`, `npm:` and `workspace:` resolved; null where that does not say. Roots: the workspace's first. */
export function rangeOf(roots: readonly Tree[], name: string, range: string): string | null {
  if (range.startsWith('catalog:')) return catalogRange(roots, name, range.slice('catalog:'.length));
  if (range.startsWith('npm:')) return range.slice(range.lastIndexOf('@') + 1);
  return range.startsWith('workspace:') ? null : range;
}

function catalogRange(roots: readonly Tree[], name: string, catalog: string): string | null {
  for (const root of roots) {
    const manifest = readJson(root, 'package.json');
    for (const holder of [
      yamlOf(root, 'pnpm-workspace.yaml'),
      yamlOf(root, '.yarnrc.yml'),
      asObject(manifest?.workspaces),
      manifest,
    ]) {
      const plain = catalog === '' || catalog === 'default' ? asString(asObject(holder?.catalog)?.[name]) : null;
      const range = plain ?? asString(asObject(asObject(holder?.catalogs)?.[catalog || 'default'])?.[name]);
      if (range !== null) return range;
    }
  }
  return null;
}

/** A YAML file's mapping; null where there is none or it is broken. */
export function yamlOf(tree: Tree, file: string): JsonObject | null {
  const text = tree.read(file);
  if (text === null) return null;
  try {
    const value: Json = parse(text, { logLevel: 'silent' });
    return asObject(value);
  } catch {
    return null;
  }
}

/** The lowest version that a range allows, as numbers; null where it says none ('latest', '*', a path). */
export function lowest(range: string | null): { major: number; minor: number } | null {
  const versions = (range ?? '').split('||').flatMap((part) => {
    const found = /^\s*(?:[\^~=v]|>=)?\s*v?(\d+)(?:\.(\d+))?/.exec(part.replace(/>(?!=)/, '>='));
    return found ? [{ major: Number(found[1]), minor: Number(found[2] ?? 0) }] : [];
  });
  return versions.sort((a, b) => a.major - b.major || a.minor - b.minor)[0] ?? null;
}
