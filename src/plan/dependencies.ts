import semver from 'semver';
import { parseDocument } from 'yaml';
import { readJson } from '../detect/json.ts';
import type { Host, Op, SkillDependency } from '../model.ts';
import { declared } from './wanted.ts';

/** The version ranges that we test against, by package name: templates/package.json. */
export type Ranges = Readonly<Record<string, string>>;

/** Ops that declare what the module imports, in the package that imports it. A range that the host declares is never touched. */
export function dependencyOps(dependencies: readonly SkillDependency[], host: Host, ranges: Ranges): Op[] {
  const present = declared(host);
  return dependencies
    .filter(({ name }) => !present.has(name))
    .map(({ name, dev }) => ({
      op: 'json',
      file: 'package.json',
      path: [dev ? 'devDependencies' : 'dependencies', name],
      value: rangeFor(name, host, ranges),
    }));
}

/** What to say of ranges that the host declares and that ours cannot share a version with. */
export function dependencyNotes(dependencies: readonly SkillDependency[], host: Host, ranges: Ranges): string[] {
  const present = declared(host);
  return dependencies.flatMap(({ name }) => {
    const theirs = present.get(name);
    const ours = ranges[name];
    if (theirs === undefined || ours === undefined || agrees(theirs, ours)) return [];
    return [`package.json declares ${name} ${theirs}; the module is tested with ${ours}.`];
  });
}

/** `catalog:` where the workspace's catalog has the package, else our range. */
function rangeFor(name: string, { surroundings, profile }: Host, ranges: Ranges): string {
  const range = ranges[name];
  if (range === undefined) throw new Error(`templates/package.json declares no range for "${name}".`);
  if (profile.workspace.value?.catalog !== true) return range;
  const root = surroundings.workspace?.tree;
  const inCatalog = root !== undefined && catalogOf(root.read('pnpm-workspace.yaml') ?? '').has(name);
  return inCatalog ? 'catalog:' : range;
}

/** The names in the default catalog of a pnpm-workspace.yaml. */
function catalogOf(yaml: string): Set<string> {
  const workspace: unknown = parseDocument(yaml).toJS();
  const catalog =
    typeof workspace === 'object' && workspace !== null && 'catalog' in workspace ? workspace.catalog : null;
  return new Set(Object.keys(catalog ?? {}));
}

/** True where a declared range and ours can be satisfied by one version. Ranges that are no semver (catalog:, file:) are trusted. */
export function agrees(declaredRange: string, ours: string): boolean {
  if (semver.validRange(declaredRange) === null || semver.validRange(ours) === null) return true;
  return semver.intersects(declaredRange, ours);
}

/** The dependency ops among a skill's ops, as name → range. */
export function dependenciesIn(ops: readonly Op[]): Map<string, string> {
  const rows = ops.flatMap((op): [string, string][] => {
    const [group, name] = op.op === 'json' ? op.path : [];
    if (op.op !== 'json' || name === undefined || !/^(dev)?dependencies$/i.test(group ?? '')) return [];
    return [[name, String(op.value)]];
  });
  return new Map(rows);
}

/** What is installed for a package, by its own package.json; null where it is not there. */
export const installedVersion = (
  { tree, surroundings }: Pick<Host, 'tree' | 'surroundings'>,
  name: string,
): string | null => {
  const path = `node_modules/${name}/package.json`;
  const manifest =
    readJson(tree, path) ?? (surroundings.workspace ? readJson(surroundings.workspace.tree, path) : null);
  return typeof manifest?.version === 'string' ? manifest.version : null;
};
