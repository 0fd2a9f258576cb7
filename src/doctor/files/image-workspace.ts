import { readJson } from '../../detect/json.ts';
import { packageGlobs } from '../../detect/packaging.ts';
import { within } from '../../detect/paths.ts';
import type { Tree } from '../../model.ts';
import type { Project } from '../project.ts';
import { type Dockerfile, finalStages, type Stage, type Step } from './dockerfile.ts';

/**
 * True where Yarn from version 2 on installs in an image that has a part of the workspace's manifests alone: it then takes the
 * other packages out of the lockfile, and --immutable refuses that.
 */
export function installsPart({ tree, around }: Project, file: Dockerfile, stage: Stage, step: Step): boolean {
  const root = around?.tree ?? tree;
  if (!isBerry(root)) return false;
  const chain = finalStages({ ...file, stages: file.stages.slice(0, file.stages.indexOf(stage) + 1) }).reverse();
  const steps = chain.flatMap(({ steps }) => steps);
  const copied = steps
    .slice(0, steps.indexOf(step))
    .filter(({ keyword, text }) => /^(COPY|ADD)$/.test(keyword) && !/--from=/.test(text))
    .flatMap(({ text }) => [...text.matchAll(/[^\s"',[\]]+/g)].slice(0, -1))
    .map(([path]) => path.replace(/^\.?\/|\/$/g, ''));
  // All of it, or what a pattern takes.
  if (copied.length === 0 || copied.some((path) => path === '' || path === '.' || /[*?$]/.test(path))) return false;
  const isCopied = (folder: string): boolean =>
    copied.some((path) => path === `${folder}/package.json` || folder === path || folder.startsWith(`${path}/`));
  return packagesOf(root).some((folder) => !isCopied(folder));
}

const isBerry = (root: Tree): boolean =>
  root.has('.yarnrc.yml') || /^yarn@[2-9]/.test(String(readJson(root, 'package.json')?.packageManager ?? ''));

/** The folders of a workspace's packages, as far as its patterns are simple. */
const packagesOf = (root: Tree): string[] =>
  packageGlobs(root)
    .flatMap((glob) => {
      const parent = glob.replace(/\/\*$/, '');
      if (/[!*{]/.test(parent)) return [];
      if (parent === glob) return [glob];
      return root.list(parent).flatMap((name) => (name.endsWith('/') ? [within(parent, name.slice(0, -1))] : []));
    })
    .filter((folder) => root.has(within(folder, 'package.json')));
