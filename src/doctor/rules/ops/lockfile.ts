import { asObject, readJson } from '../../../detect/json.ts';
import { type YamlValue, workflowFiles, yamlDocuments } from '../../files/yaml.ts';
import { lockedInstall } from '../../mends/install.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

const lockfiles = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
};

export const lockfile = defineRule({
  id: 'ops/lockfile',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'What is installed is not settled by one lockfile.',
  why: 'Without a lockfile each install takes the newest versions that the ranges allow: another program on every machine, and a hostile release gets in on the day it appears. With two, each tool follows its own. CI must install what is locked (`npm ci`), or it tests something else.',
  remedy: 'codemod',
  // A package of a workspace is locked by its root; one that leans on a workspace cannot be installed by itself.
  applies: ({ profile, dependencies }) =>
    profile.workspace.value?.role !== 'package' &&
    dependencies.size > 0 &&
    ![...dependencies.values()].some((range) => /^(workspace|catalog):/.test(range)),
  project(project, tell) {
    const { tree, git } = project;
    const there = Object.entries(lockfiles).flatMap(([manager, names]) => {
      const name = names.find((one) => tree.list('').includes(one) || tree.has(one));
      return name === undefined ? [] : [{ manager, name }];
    });
    const [first, second] = there;
    if (!first) {
      if (!hasManifest(project) || isLeftOver(project)) return;
      // Said so in .npmrc somebody has decided it.
      const isMeant = /^\s*(package-lock|lockfile)\s*=\s*false/m.test(tree.read('.npmrc') ?? '');
      tell(
        { path: 'package.json', line: null },
        {
          message: `There is no lockfile${isMeant ? ' (.npmrc forbids it)' : ''}: each install may be another program.`,
          fix: `${isMeant ? 'Take package-lock=false out of .npmrc, install' : 'Install'} once and commit the lockfile.`,
          ...(isMeant || isLibrary(project) || isPartOfMore(project) ? { confidence: 'hint' } : {}),
        },
      );
      return;
    }
    if (second)
      tell(
        { path: second.name, line: null },
        {
          message: `${first.name} and ${second.name} both say what is installed, and each tool follows its own.`,
          fix: 'Delete the one of the package manager that you do not use.',
        },
      );
    if (git && !there.some(({ name }) => git.tracked.has(name)) && there.every(({ name }) => !git.untracked.has(name)))
      tell(
        { path: first.name, line: null },
        {
          message: `${first.name} is not in git: others install other versions.`,
          fix: `Take ${first.name} out of .gitignore and commit it.`,
        },
      );
    const loose = there.some(({ manager }) => manager === 'npm') ? looseInCi(project) : [];
    if (loose[0])
      tell(loose[0].spot, {
        edits: loose.flatMap(({ spot, raw, isHere }) =>
          isHere && spot.path !== null ? lockedInstall(project, spot.path, raw.start, raw.end) : [],
        ),
        message: `CI installs with npm install${loose.length > 1 ? ` (in ${loose.length} places)` : ''}, which may take other versions than the lockfile names.`,
        fix: 'Use npm ci.',
        severity: 'info',
      });
  },
});

/** False for a folder of several programs that has no package.json itself, and goes by what they depend on: what is installed there is settled in each of them. */
const hasManifest = ({ git, manifest }: Project): boolean =>
  git === null ||
  git.tracked.has('package.json') ||
  git.untracked.has('package.json') ||
  Object.keys(manifest).some((key) => key !== 'dependencies');

/** True for a manifest that nothing can be started by, in a folder of a workspace that has its lockfile: nobody installs there. */
const isLeftOver = ({ around, manifest }: Project): boolean =>
  around !== null &&
  Object.keys(asObject(manifest.scripts) ?? {}).length === 0 &&
  (around.tree.has('pnpm-workspace.yaml') || readJson(around.tree, 'package.json')?.workspaces !== undefined) &&
  Object.values(lockfiles).some((names) => names.some((name) => around.tree.has(name)));

/** True for what is installed by the lockfile of what uses it, or by none: a library, a published program of the command line. */
function isLibrary({ profile, manifest }: Project): boolean {
  if (profile.framework.value !== null) return false;
  return manifest.bin !== undefined || asObject(manifest.scripts)?.start === undefined;
}

/**
 * True for a folder of a program of the command line, which copies it to make projects of it; and of a repository whose
 * packages a tool installs together.
 */
const isPartOfMore = ({ around }: Project): boolean =>
  around !== null &&
  (readJson(around.tree, 'package.json')?.bin !== undefined ||
    ['rush.json', 'nx.json', 'lerna.json'].some((name) => around.tree.has(name)));

/** `run: npm install` in a workflow, with nothing behind it. */
const looseInCi = (project: Project): (Pick<YamlValue, 'spot' | 'raw'> & { isHere: boolean })[] =>
  workflowFiles(project).flatMap((path) =>
    yamlDocuments(project, path).flatMap((document) =>
      (document.get('jobs')?.entries() ?? []).flatMap(([, job]) =>
        (job.get('steps')?.items() ?? []).flatMap((step) => {
          const run = step.get('run');
          if (!run || !/^\s*npm (install|i)\s*$/m.test(run.text() ?? '')) return [];
          const moved = [step, job.get('defaults'), document.get('defaults')].some((one) =>
            JSON.stringify(one?.plain() ?? '').includes('working-directory'),
          );
          return [{ spot: run.spot, raw: run.raw, isHere: !moved && !/^\s*cd /m.test(run.text() ?? '') }];
        }),
      ),
    ),
  );
