import { posix } from 'node:path';
import { within } from '../../detect/paths.ts';
import type { Project } from '../project.ts';
import { type Dockerfile, finalStages, type Stage, type Step } from './dockerfile.ts';

/** What an install in an image has to go by: the lockfile, nothing though the project has one, or what cannot be told. */
export type Locked = 'there' | 'left out' | 'unknown';

const lockfiles = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

export const isLockfile = (name: string): boolean => lockfiles.includes(name);

/** Lockfiles, whose they are, and what installs by them. */
const installs: readonly [lock: RegExp, tool: string, command: string][] = [
  [/^(package-lock|npm-shrinkwrap)\.json$/, 'npm', 'npm ci'],
  [/^pnpm-lock\.yaml$/, 'pnpm', 'pnpm install --frozen-lockfile'],
  [/^yarn\.lock$/, 'yarn', 'yarn install --immutable (Yarn 1: --frozen-lockfile)'],
  [/^bun\.lockb?$/, 'bun', 'bun install --frozen-lockfile'],
];

/** The lockfile of another tool than the one that installs, where that one has none anywhere, and what installs by it. */
export function lockOfOther({ files, around }: Project, tool: string): { lock: string; command: string } | null {
  const found = [...files, ...(around?.tree.list('') ?? [])]
    .sort((a, b) => a.split('/').length - b.split('/').length)
    .map((path) => posix.basename(path))
    .filter(isLockfile);
  const tools = found.map((lock) => ({ lock, by: installs.find(([named]) => named.test(lock)) }));
  if (tools.some(({ by }) => by?.[1] === tool)) return null;
  const [first] = tools;
  return first?.by ? { lock: first.lock, command: first.by[2] } : null;
}

interface Copied {
  /** From the folder that the image is built from; null from another stage, of which nothing is known. */
  from: string | null;
  to: string;
  /** What of the folder is taken: its lockfiles, its package.json, all of it. */
  takes: 'lock' | 'manifest' | 'all';
}

/** For the commands of a stage, what an install in a folder would have to go by there. `folder`: from the step's own. */
export function lockedAt(project: Project, file: Dockerfile, stage: Stage, step: Step, folder: string | null): Locked {
  const before = stagesBelow(file, stage).flatMap(({ steps }) => steps);
  const steps = before.includes(step) ? before.slice(0, before.indexOf(step)) : before;
  const copies: Copied[] = [];
  let here = '/';
  for (const one of steps)
    if (one.keyword === 'WORKDIR') here = resolved(here, one.text);
    else if (one.keyword === 'COPY' || one.keyword === 'ADD') copies.push(...copiesOf(one, here));
  // What is cloned or mounted lies there without a copy.
  if (copies.length === 0 || /--mount=type=bind|\bgit\s+clone\b/.test(step.text)) return 'there';
  if (folder?.includes('$')) return 'unknown';
  const at = folder === null ? here : resolved(here, folder);
  const hasLock = (folder: string): boolean => lockIn(project, file, folder);
  const inside = ({ from, to }: Copied): string | null => {
    const rest = posix.relative(to, at);
    return rest.startsWith('..') ? null : from === null ? '' : posix.join(from, rest);
  };
  const isThere = copies.some((copy) => {
    if (copy.takes === 'lock') return isAround(project, copy.to, at) && (copy.from === null || hasLock(copy.from));
    const source = copy.takes === 'all' ? inside(copy) : null;
    if (source === null)
      return copy.takes === 'all' && copy.from !== null && isAround(project, copy.to, at) && hasLock(copy.from);
    return copy.from === null || hasLock(source) || (project.profile.workspace.value !== null && hasLock(copy.from));
  });
  if (isThere) return 'there';
  const isLeftOut = copies.some(
    ({ from, to, takes }) => takes === 'manifest' && to === at && from !== null && isLockedBeside(project, file, from),
  );
  return isLeftOut ? 'left out' : 'unknown';
}

/** The folder itself, or in a workspace one above it. */
const isAround = ({ profile }: Project, folder: string, at: string): boolean =>
  folder === at || (profile.workspace.value !== null && !posix.relative(folder, at).startsWith('..'));

/** A stage below those that it is built from. */
const stagesBelow = (file: Dockerfile, stage: Stage): Stage[] =>
  finalStages({ ...file, stages: file.stages.slice(0, file.stages.indexOf(stage) + 1) }).reverse();

/** An absolute path; a variable at its start stands for one. */
const resolved = (here: string, path: string): string => {
  const joined = /^["']?[/$]/.test(path) ? posix.join('/', path.replace(/["']/g, '')) : posix.join(here, path);
  return joined.length > 1 ? joined.replace(/\/$/, '') : joined;
};

function copiesOf({ text }: Step, here: string): Copied[] {
  // Flags stand before both forms: `--chown=node a b`, `--chown=node ["a", "b"]`.
  const rest = text.replace(/^(--\S+\s+)+/, '');
  const given = rest.startsWith('[')
    ? [...rest.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
    : rest.split(/\s+/);
  const isOfStage = /(^|\s)--from=/.test(text);
  const target = given.at(-1) ?? '.';
  const isFolder = given.length > 2 || /(^|\/)\.?$/.test(target);
  return given.slice(0, -1).flatMap((source): Copied[] => {
    const [folder, name] = [posix.dirname(source), posix.basename(source)];
    const to = resolved(here, isFolder ? target : posix.dirname(target));
    const from = isOfStage || source.includes('$') ? null : folder;
    if (isLockfile(name)) return [{ from, to, takes: 'lock' }];
    if (name === 'package.json') return [{ from, to, takes: 'manifest' }];
    if (/[*?]/.test(name)) {
      const takes = new RegExp(
        `^${name
          .replace(/[.+^$(){}|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      );
      return lockfiles.some((lock) => takes.test(lock)) ? [{ from, to: resolved(here, target), takes: 'lock' }] : [];
    }
    if (/.\.[\w-]+$/.test(name)) return [];
    return [{ from: from === null ? null : posix.normalize(source), to: resolved(here, target), takes: 'all' }];
  });
}

/** True where a folder of what the image is built from has a lockfile: the project, the Dockerfile's folder, or what is around. */
function lockIn(project: Project, file: Dockerfile, folder: string): boolean {
  const { around } = project;
  if (ownLockIn(project, file, folder)) return true;
  if (around === null) return false;
  return ['', around.folder].some((base) => around.tree.list(joined(base, folder)).some(isLockfile));
}

function ownLockIn({ tree }: Project, { path }: Dockerfile, folder: string): boolean {
  const own = path.includes('/') ? posix.dirname(path) : '';
  return [...new Set(['', own])].some((base) => tree.list(joined(base, folder)).some(isLockfile));
}

/** True where a lockfile lies beside the manifest that is copied: that of the Dockerfile's own folder, where it has one. */
function isLockedBeside({ tree }: Project, { path }: Dockerfile, folder: string): boolean {
  const own = path.includes('/') ? posix.dirname(path) : '';
  const base = tree.has(joined(joined(own, folder), 'package.json')) ? own : '';
  return tree.list(joined(base, folder)).some(isLockfile);
}

function joined(base: string, folder: string): string {
  const clean = posix.normalize(folder).replace(/^(\.?\/)+|^\.$|\/$/g, '');
  return clean === '' ? base : within(base, clean);
}
