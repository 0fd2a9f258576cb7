import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { lockPath } from '../lock/lock.ts';
import type { Surroundings, Tree } from '../model.ts';
import { type Files, factsOf, posixBelow, realFiles } from './files.ts';
import { findProject } from './project.ts';
import { openTree } from './tree.ts';
import { packageJsonAt, packagesOf, type Workspace, workspaceAbove, workspaceAt } from './workspace.ts';

/** A package of a workspace, opened for reading. */
export interface Package {
  /** Its name in package.json, else its folder. */
  name: string;
  /** From the workspace's root; '' for the root itself. */
  folder: string;
  root: string;
  tree: Tree;
  surroundings: Surroundings;
}

/** A workspace and those of its packages that modules of ours are in. */
export interface Packages {
  root: string;
  tree: Tree;
  packages: Package[];
}

/** Every package that has a lock, of the workspace that a folder is in. Throws UserError where there is no workspace. */
export function packagesWithLock(cwd: string, files: Files = realFiles): Packages {
  const { root: start, surroundings } = findProject(cwd, null, files);
  const workspace = workspaceAbove(start, files) ?? workspaceAt(start, files);
  if (workspace === null) {
    throw new UserError(
      `${start} is in no workspace, so there are no packages to go through.`,
      'Leave --all out, or run it where the workspaces are named (package.json or pnpm-workspace.yaml).',
    );
  }
  const { root } = workspace;
  const tree = openTree(root, files);
  const roots = [root, ...packagesOf(workspace, files)].filter((each) => hasLock(each, files));
  return { root, tree, packages: roots.map((each) => open(each, workspace, tree, surroundings, files)) };
}

const hasLock = (root: string, files: Files): boolean => factsOf(files, join(root, lockPath)) !== null;

function open(root: string, workspace: Workspace, tree: Tree, caller: Surroundings, files: Files): Package {
  const folder = posixBelow(workspace.root, root);
  if (folder !== '') return packageAt(root, folder, { ...caller, workspace: { tree, folder } }, files);
  return { name: nameAt(root, '.', files), folder, root, tree, surroundings: { ...caller, workspace: null } };
}

/** A package, opened for reading. */
export const packageAt = (root: string, folder: string, surroundings: Surroundings, files: Files): Package => ({
  name: nameAt(root, folder, files),
  folder,
  root,
  tree: openTree(root, files),
  surroundings,
});

function nameAt(root: string, otherwise: string, files: Files): string {
  const { name } = packageJsonAt(root, files) ?? {};
  return typeof name === 'string' && name !== '' ? name : otherwise;
}
