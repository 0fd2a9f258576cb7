import { dirname, join } from 'node:path';
import { asObject, asString, readJson } from '../detect/json.ts';
import { folderOf, isForeign } from '../detect/paths.ts';
import { isSource, kindOf } from '../doctor/project.ts';
import { UserError } from '../errors.ts';
import type { Surroundings, Tree } from '../model.ts';
import { type Files, factsOf, posixBelow, realFiles } from './files.ts';
import { type Package, packageAt } from './packages.ts';
import { findProject, nearestPackage, realFolder } from './project.ts';
import { openTree } from './tree.ts';
import { packagesOf, workspaceAbove, workspaceAt } from './workspace.ts';

/** A project on its own, or one of those below the folder that was asked for. Its root is '' and comes first. */
export interface ProjectPart extends Package {
  /** Folders below it that are parts of their own, from its own folder. */
  without: readonly string[];
  /** From the asked folder: the package.json that it goes by where that lies elsewhere. */
  manifest: string | null;
  /** The place around it, and its folder there; of the place itself, the workspace that it is a package of. */
  around: { tree: Tree; folder: string } | null;
}

/** A folder to look at: a project, or a repository that holds some. */
export interface Place {
  root: string;
  tree: Tree;
  surroundings: Surroundings;
}

/**
 * What an audit of a folder is of: the package around it, else (a repository with its packages in folders, or none at
 * all) the folder itself. A package.json above the repository's own root counts for nothing.
 */
export function findPlace(cwd: string, packageName: string | null, files: Files = realFiles): Place {
  const start = realFolder(cwd, files);
  const [nearest, repository] = [nearestPackage(start, files), repositoryAround(start, files)];
  const isOutside = nearest !== null && repository !== null && posixBelow(repository, nearest).startsWith('..');
  const isPlace = repository !== null || foldersIn(start, files).some((folder) => hasPackage(folder, files));
  if (packageName === null && (nearest === null || isOutside) && isPlace)
    return { root: start, tree: openTree(start, files), surroundings: surroundingsHere() };
  const { root, surroundings } = findProject(cwd, packageName, files);
  return { root, tree: openTree(root, files), surroundings };
}

const surroundingsHere = (): Surroundings => ({
  workspace: null,
  node: process.versions.node,
  userAgent: process.env.npm_config_user_agent ?? null,
});

const hasPackage = (folder: string, files: Files): boolean => factsOf(files, join(folder, 'package.json')) !== null;

const foldersIn = (folder: string, files: Files): string[] =>
  files
    .readdirSync(folder)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => factsOf(files, path)?.isDirectory() === true);

function repositoryAround(start: string, files: Files): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (factsOf(files, join(folder, '.git')) !== null) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/**
 * The parts of a place: itself, each package of the workspace whose root it is, and each project of its own that lies
 * in a folder of it. `paths` are the place's files. Throws UserError where there is nothing to look at.
 */
export function partsOf(place: Place, paths: readonly string[], files: Files = realFiles): ProjectPart[] {
  const { root, tree, surroundings } = place;
  const workspace = workspaceAt(root, files);
  const members = (workspace === null ? [] : packagesOf(workspace, files))
    .map((folder) => posixBelow(root, folder))
    .filter((folder) => kindOf(`${folder}/index.ts`, '') !== 'test');
  const alone = paths.filter((path) => isProject(tree, path)).map(folderOf);
  const all = [...new Set([...members, ...alone])].sort();
  const borrowed = tree.has('package.json') ? null : borrowedBy(tree, paths, all);
  const folders = all.filter((folder) => borrowed === null || `${folder}/package.json` !== borrowed.path);
  const own: ProjectPart = {
    name: '',
    folder: '',
    root,
    tree: borrowed === null ? tree : withManifest(tree, borrowed.text),
    surroundings,
    without: folders,
    manifest: borrowed?.path ?? null,
    around: surroundings.workspace,
  };
  if (borrowed !== null && folders.length === 0 && !paths.some(isWorthIt)) throw nothingIn(root);
  const parts = folders.map((folder): ProjectPart => {
    const around = members.includes(folder) ? { tree, folder } : innerWorkspace(place, folder, files);
    const found = packageAt(join(root, folder), folder, { ...surroundings, workspace: around }, files);
    const nested = folders.filter((other) => other.startsWith(`${folder}/`));
    const without = nested.map((other) => other.slice(folder.length + 1));
    return { ...found, without, manifest: null, around: { tree, folder } };
  });
  return [own, ...parts];
}

/** The workspace that a project in a folder is a package of, where that has its root in a folder itself. */
function innerWorkspace({ root }: Place, folder: string, files: Files): Surroundings['workspace'] {
  const inner = workspaceAbove(join(root, folder), files);
  if (inner === null || !posixBelow(root, inner.root).match(/^[^.]/)) return null;
  return { tree: openTree(inner.root, files), folder: posixBelow(inner.root, join(root, folder)) };
}

const isWorthIt = (path: string): boolean => /\.([cm]?[jt]sx?|sql)$|(^|\/)(Dockerfile|package\.json)/.test(path);

const nothingIn = (root: string): UserError =>
  new UserError(
    `There is no package.json in ${root} or any folder above it, and no code below it.`,
    'Run this in your project, or name it with --cwd <folder>.',
  );

/** True for the package.json of a project in a folder: one that depends on something, and is no example, test or tool. */
function isProject(tree: Tree, path: string): boolean {
  if (!path.endsWith('/package.json') || isForeign(path)) return false;
  if (/^(test|script)$/.test(kindOf(path.replace(/package\.json$/, 'index.ts'), ''))) return false;
  return Object.keys(asObject(readJson(tree, path)?.dependencies) ?? {}).length > 0;
}

/** What a folder of code goes by that has no package.json: the one that there is below it, or what all of them depend on. */
function borrowedBy(
  tree: Tree,
  paths: readonly string[],
  folders: readonly string[],
): { path: string | null; text: string } {
  const isOwn = (path: string): boolean => !folders.some((folder) => path.startsWith(`${folder}/`));
  const hasCode = paths.some(
    (path) => isOwn(path) && /\.[cm]?[jt]sx?$/.test(path) && isAppCode(path, tree.read(path) ?? ''),
  );
  if (!hasCode) return { path: null, text: '{}' };
  const [only, ...more] = folders;
  if (only !== undefined && more.length === 0)
    return { path: `${only}/package.json`, text: tree.read(`${only}/package.json`) ?? '{}' };
  const dependencies = folders.flatMap((folder) =>
    Object.entries(asObject(readJson(tree, `${folder}/package.json`)?.dependencies) ?? {}).flatMap(([name, range]) =>
      asString(range) === null ? [] : [[name, range]],
    ),
  );
  return { path: null, text: JSON.stringify({ dependencies: Object.fromEntries(dependencies) }) };
}

const isAppCode = (path: string, text: string): boolean => kindOf(path, text) === 'app' && isSource(path, text);

const withManifest = (tree: Tree, text: string): Tree => ({
  list: (folder) => (folder === '' ? [...tree.list(''), 'package.json'].sort() : tree.list(folder)),
  has: (path) => path === 'package.json' || tree.has(path),
  read: (path) => (path === 'package.json' ? text : tree.read(path)),
});
