import type { Fact, PackageManager, Profile, Tree } from '../model.ts';
import { yamlOf } from './catalog.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { asObject, asString, asStrings, type JsonObject, readJson } from './json.ts';
import { within } from './paths.ts';
import { exists, keyLine, type Scene, script } from './scene.ts';

const managers = ['pnpm', 'yarn', 'bun', 'npm'] as const;

const lockfiles: Readonly<Record<PackageManager, readonly string[]>> = {
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
};

/** Files that only one of the managers reads. */
const configured: readonly (readonly [PackageManager, ...string[]])[] = [
  ['pnpm', 'pnpm-workspace.yaml'],
  ['yarn', '.yarnrc.yml', '.yarnrc'],
  ['bun', 'bunfig.toml'],
];

/** The package manager: declared, then by lockfile (the workspace root's first), settings, and who started us. */
export function packageManagerOf(scene: Scene): Fact<PackageManager> {
  const { workspace, userAgent } = scene.surroundings;
  const locks = [...(workspace ? locksOf(workspace.tree, true) : []), ...locksOf(scene.tree, false)];
  const several = new Set(locks.map(({ value }) => value)).size > 1;
  const used = several ? managers.flatMap((name) => row(name, script(scene, new RegExp(`\\b${name}\\b`)))) : [];
  const preferred = used.find(({ value }) => locks.some((lock) => lock.value === value));
  const ordered = preferred ? [...locks.filter(({ value }) => value === preferred.value), ...locks] : locks;
  return decide(
    [
      ...declaredManager(scene.manifest, scene.tree, 'package.json'),
      ...(workspace && scene.rootManifest ? declaredManager(scene.rootManifest, workspace.tree, null) : []),
      ...ordered.map(({ value, evidence }) => ({
        value,
        evidence: several ? { ...evidence, confidence: 'likely' as const } : evidence,
      })),
      ...configured.flatMap(([name, ...files]) => row(name, exists(scene, ...files))),
      ...configured.flatMap(([name, ...files]) => {
        const file = files.find((each) => workspace?.tree.has(each));
        return row(name, file === undefined ? null : seen(null, null, `the workspace root has ${file}`));
      }),
      ...managers.flatMap((name) =>
        row(name, userAgent?.startsWith(`${name}/`) ? assumed(`${name} started this run`) : null),
      ),
    ],
    { value: 'npm', evidence: assumed('no lockfile and no packageManager field') },
  );
}

function declaredManager(manifest: JsonObject, tree: Tree, file: string | null): Candidate<PackageManager>[] {
  const where = file ?? "the workspace root's package.json";
  const engine = asObject(manifest.devEngines)?.packageManager;
  const rows = [
    { key: 'packageManager', said: asString(manifest.packageManager) },
    { key: 'devEngines', said: asString(asObject(Array.isArray(engine) ? engine[0] : engine)?.name) },
  ];
  return rows.flatMap(({ key, said }) => {
    const name = managers.find((manager) => said === manager || said?.startsWith(`${manager}@`));
    return name
      ? row(name, seen(file, file === null ? null : keyLine(tree, file, key), `${where} names ${said} in "${key}"`))
      : [];
  });
}

function locksOf(tree: Tree, root: boolean): Candidate<PackageManager>[] {
  return managers.flatMap((name) => {
    const file = lockfiles[name].find((path) => tree.has(path));
    if (!file) return [];
    return row(name, seen(root ? null : file, null, root ? `the workspace root has ${file}` : `${file} exists`));
  });
}

/** The workspace that the project is the root or a package of, and whether its packages use catalogs. */
export function workspaceOf(scene: Scene): Profile['workspace'] {
  const { workspace } = scene.surroundings;
  const root = workspace?.tree ?? scene.tree;
  const globs = packageGlobs(root);
  if (workspace) {
    const evidence = assumed(`${workspace.folder} is a package of the workspace above`, 'certain');
    return decide(
      [{ value: { role: 'package', catalog: usesCatalog(root, globs, workspace.folder) }, evidence }],
      none,
    );
  }
  if (globs.length === 0) return decide<Profile['workspace']['value']>([], none);
  const evidence =
    exists(scene, 'pnpm-workspace.yaml') ??
    seen('package.json', keyLine(root, 'package.json', 'workspaces'), 'package.json names workspaces');
  return decide([{ value: { role: 'root', catalog: usesCatalog(root, globs, '') }, evidence }], none);
}

const none: Candidate<Profile['workspace']['value']> = {
  value: null,
  evidence: assumed('no workspace file', 'certain'),
};

/** What a workspace's root says where its packages are: `packages/*`, `!packages/old`. */
export function packageGlobs(root: Tree): string[] {
  const { workspaces } = readJson(root, 'package.json') ?? {};
  const named = [
    ...asStrings(yamlOf(root, 'pnpm-workspace.yaml')?.packages),
    ...asStrings(asObject(workspaces)?.packages),
  ];
  return [...named, ...(Array.isArray(workspaces) ? asStrings(workspaces) : [])].map((glob) => glob.replace(/\/$/, ''));
}

/** At most thirty siblings are asked. */
function usesCatalog(root: Tree, globs: readonly string[], folder: string): boolean {
  const siblings = globs.flatMap((glob) => {
    if (glob.startsWith('!')) return [];
    const parent = glob.replace(/\/?\*\*?$/, '');
    if (parent === glob) return [glob];
    return root.list(parent).flatMap((name) => (name.endsWith('/') ? [within(parent, name.slice(0, -1))] : []));
  });
  const asked = [folder, ...siblings].slice(0, 30);
  return asked.some((path) => root.read(within(path, 'package.json'))?.includes('"catalog:'));
}
