import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { distance } from '../skills/nearest.ts';
import { type Files, factsOf, posixBelow, realFiles } from './files.ts';
import { openTree } from './tree.ts';
import { packageJsonAt, packagesOf, type Workspace, workspaceAbove, workspaceAt } from './workspace.ts';

/** Where the project is. `workspaceRoot`: absolute, where the project is a package of a workspace. */
export interface Project {
  root: string;
  workspaceRoot: string | null;
  surroundings: Surroundings;
}

/** The process that asks: its Node, and who started it. */
export interface Caller {
  node: string;
  userAgent: string | null;
}

const thisCaller = (): Caller => ({
  node: process.versions.node,
  userAgent: process.env.npm_config_user_agent ?? null,
});

/**
 * The project that a folder belongs to, or the workspace's package of that name or folder.
 * Throws UserError where there is none, or more than one.
 */
export function findProject(
  cwd: string,
  packageName: string | null,
  files: Files = realFiles,
  caller: Caller = thisCaller(),
): Project {
  const start = realFolder(cwd, files);
  const nearest = nearestPackage(start, files);
  const root = packageName === null ? nearest : choose(start, nearest, packageName, files);
  if (root === null) {
    throw new UserError(
      `There is no package.json in ${start} or any folder above it.`,
      'Run this in your project, or name it with --cwd <folder>.',
    );
  }
  const workspace = workspaceAbove(root, files);
  return {
    root,
    workspaceRoot: workspace?.root ?? null,
    surroundings: {
      workspace:
        workspace === null ? null : { tree: openTree(workspace.root, files), folder: posixBelow(workspace.root, root) },
      ...caller,
    },
  };
}

/** The folder's real path. Throws UserError where it is none. */
export function realFolder(cwd: string, files: Files): string {
  const path = resolve(cwd);
  if (factsOf(files, path) === null || !files.statSync(path).isDirectory()) {
    throw new UserError(`${path} is not a folder.`, 'Name an existing folder with --cwd <folder>.');
  }
  return files.realpathSync(path);
}

const hasPackage = (folder: string, files: Files): boolean => factsOf(files, join(folder, 'package.json')) !== null;

/** The nearest folder with a package.json, from this one upwards; null for none. */
export function nearestPackage(start: string, files: Files): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (hasPackage(folder, files)) return folder;
    if (folder === dirname(folder)) return null;
  }
}

interface Candidate {
  folder: string;
  name: string;
  path: string;
}

function choose(start: string, nearest: string | null, wanted: string, files: Files): string {
  const workspace = workspaceFrom(nearest ?? start, files);
  const candidates = workspace === null ? [] : candidatesOf(workspace, files);
  const own = wanted.replace(/^\.\//, '').replace(/\/+$/, '');
  const exact = candidates.filter(({ name, path }) => name === own || path === own);
  // 'api' is enough for '@shop/api' and for 'apps/api'.
  const short = candidates.filter(({ name, path }) => name.endsWith(`/${own}`) || path.endsWith(`/${own}`));
  const matches = exact.length > 0 ? exact : short;
  if (matches.length > 1) throw several(wanted, matches);
  if (matches[0] !== undefined) return matches[0].folder;
  const folder = resolve(start, wanted);
  if (hasPackage(folder, files)) return files.realpathSync(folder);
  throw unknown(wanted, candidates);
}

function workspaceFrom(folder: string, files: Files): Workspace | null {
  return workspaceAbove(folder, files) ?? workspaceAt(folder, files);
}

const candidatesOf = (workspace: Workspace, files: Files): Candidate[] =>
  [workspace.root, ...packagesOf(workspace, files)].map((folder) => {
    const name = packageJsonAt(folder, files)?.name;
    return { folder, name: typeof name === 'string' ? name : '', path: posixBelow(workspace.root, folder) };
  });

const several = (wanted: string, matches: readonly Candidate[]): UserError =>
  new UserError(
    `${matches.length} packages are called ${wanted}: ${matches.map(({ path }) => path).join(', ')}.`,
    'Name the one you mean by its folder.',
  );

function unknown(wanted: string, candidates: readonly Candidate[]): UserError {
  const names = candidates.map(({ name, path }) => name || path).filter((name) => name !== '');
  if (names.length === 0) {
    return new UserError(
      `There is no package ${wanted} here: this is no workspace.`,
      'Leave --package out, or name a folder that has a package.json.',
    );
  }
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const far = (name: string): number => Math.min(distance(name, wanted), distance(last(name), wanted));
  const near = [...names].sort((a, b) => far(a) - far(b)).slice(0, 3);
  return new UserError(
    `There is no package ${wanted} in this workspace. Nearest: ${near.join(', ')}.`,
    `Use --package ${near[0]}.`,
  );
}
