import { join } from 'node:path';
import type { Surroundings, Tree } from '../model.ts';
import { type Files, posixBelow, realFiles } from './files.ts';
import { findProject } from './project.ts';
import { openTree } from './tree.ts';
import { packageJsonAt, packagesOf, workspaceAt } from './workspace.ts';

/** A project on its own, or a package of the workspace whose root was asked for. */
export interface ProjectPart {
  /** From the folder that was asked for; '' for itself. */
  folder: string;
  name: string;
  tree: Tree;
  surroundings: Surroundings;
  /** Folders below it that are parts of their own. */
  without: readonly string[];
}

/** The project itself, and where it is a workspace's root each of its packages. */
export function partsOf(
  { root, tree, surroundings }: { root: string; tree: Tree; surroundings: Surroundings },
  files: Files = realFiles,
): ProjectPart[] {
  const workspace = workspaceAt(root, files);
  const folders = workspace === null ? [] : packagesOf(workspace, files).map((folder) => posixBelow(root, folder));
  const packages = folders.map((folder): ProjectPart => {
    const path = join(root, folder);
    const name = packageJsonAt(path, files)?.name;
    const nested = folders
      .filter((other) => other.startsWith(`${folder}/`))
      .map((other) => other.slice(folder.length + 1));
    return {
      folder,
      name: typeof name === 'string' ? name : folder,
      tree: openTree(path, files),
      surroundings: findProject(path, null, files).surroundings,
      without: nested,
    };
  });
  return [{ folder: '', name: '', tree, surroundings, without: folders }, ...packages];
}
