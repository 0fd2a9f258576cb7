import type { Evidence, Surroundings, Tree } from '../model.ts';
import { lineOf, type Program, parse } from '../text/syntax.ts';
import { isWritten } from '../text/written.ts';
import { rangeOf } from './catalog.ts';
import { seen } from './evidence.ts';
import { asObject, asString, type JsonObject, readJson } from './json.ts';
import { configAt, type TsConfig } from './tsconfig.ts';

/** What every table of evidence looks at. */
export interface Scene {
  tree: Tree;
  surroundings: Surroundings;
  /** package.json */
  manifest: JsonObject;
  /** The workspace root's package.json. */
  rootManifest: JsonObject | null;
  scripts: Readonly<Record<string, string>>;
}

/** The scene of a project that has a package.json. */
export function sceneOf(tree: Tree, surroundings: Surroundings): Scene {
  const manifest = readJson(tree, 'package.json') ?? {};
  const rootManifest = surroundings.workspace ? readJson(surroundings.workspace.tree, 'package.json') : null;
  const scripts: Record<string, string> = {};
  for (const [name, text] of Object.entries(asObject(manifest.scripts) ?? {})) {
    if (typeof text === 'string') scripts[name] = text;
  }
  return { tree, surroundings, manifest, rootManifest, scripts };
}

const dependencyKinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;
type DependencyKind = (typeof dependencyKinds)[number];

export interface Dependency {
  name: string;
  /** The range, with catalogs resolved; null where the catalog does not say. */
  range: string | null;
  kind: DependencyKind;
  evidence: Evidence;
}

/** A direct dependency; the workspace root's counts where the package itself declares none at all. */
export function dependency(scene: Scene, name: string): Dependency | null {
  const { manifest, rootManifest, tree, surroundings } = scene;
  const roots = surroundings.workspace ? [surroundings.workspace.tree, tree] : [tree];
  const own = declared(manifest, name);
  if (own) {
    const reason = `package.json depends on ${name}`;
    return {
      name,
      kind: own.kind,
      range: rangeOf(roots, name, own.range),
      evidence: seen('package.json', keyLine(tree, 'package.json', name), reason),
    };
  }
  const bare = dependencyKinds.every((kind) => Object.keys(asObject(manifest[kind]) ?? {}).length === 0);
  const root = bare && rootManifest ? declared(rootManifest, name) : null;
  if (!root) return null;
  const evidence = seen(null, null, `the workspace root's package.json depends on ${name}`, 'likely');
  return { name, kind: root.kind, range: rangeOf(roots, name, root.range), evidence };
}

/** Evidence of the first of these packages that the project depends on. */
export function dependsOn(scene: Scene, ...names: readonly string[]): Evidence | null {
  for (const name of names) {
    const found = dependency(scene, name);
    if (found) return found.evidence;
  }
  return null;
}

function declared(manifest: JsonObject, name: string): { kind: DependencyKind; range: string } | null {
  for (const kind of dependencyKinds) {
    const range = asString(asObject(manifest[kind])?.[name]);
    if (range !== null) return { kind, range };
  }
  return null;
}

/** The 1-based line of a key in a JSON file. */
export function keyLine(tree: Tree, file: string, key: string): number | null {
  return textLine(tree, file, `"${key}"`);
}

/** The 1-based line of a text in a file. */
export function textLine(tree: Tree, file: string, part: string): number | null {
  const text = tree.read(file);
  const at = text?.indexOf(part) ?? -1;
  return text === null || at < 0 ? null : lineOf(text, at);
}

/** Evidence of the first of these files that exists. */
export function exists(scene: Scene, ...files: readonly string[]): Evidence | null {
  const file = files.find((path) => scene.tree.has(path));
  return file === undefined ? null : seen(file, null, `${file} exists`);
}

/** Evidence of a script whose text matches. */
export function script(scene: Scene, pattern: RegExp, names?: readonly string[]): Evidence | null {
  for (const [name, text] of Object.entries(scene.scripts)) {
    if (names && !names.includes(name)) continue;
    if (pattern.test(text))
      return seen('package.json', keyLine(scene.tree, 'package.json', name), `script "${name}" runs \`${text}\``);
  }
  return null;
}

/** A source file parsed; null where it is missing, broken or a bundle. */
export function programOf(tree: Tree, file: string): { text: string; program: Program } | null {
  const text = tree.read(file);
  if (text === null || !isWritten(text)) return null;
  const program = parse(text, file);
  return program && { text, program };
}

/** The project's TypeScript config, with what it extends from the workspace around it. */
export function tsconfigOf({ tree, surroundings: { workspace } }: Scene): TsConfig | null {
  const own = configAt(tree, 'tsconfig.json');
  return own && workspace ? (configAt(workspace.tree, `${workspace.folder}/tsconfig.json`) ?? own) : own;
}
