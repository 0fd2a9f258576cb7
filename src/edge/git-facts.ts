import { posix } from 'node:path';
import { execa } from 'execa';
import type { GitFacts } from '../doctor/project.ts';

const options = (root: string) =>
  ({
    cwd: root,
    stdin: 'ignore',
    reject: false,
    // What git gives to its hooks is of the folder that it was called in.
    env: {
      GIT_DIR: undefined,
      GIT_WORK_TREE: undefined,
      GIT_INDEX_FILE: undefined,
      GIT_OPTIONAL_LOCKS: '0',
      LC_ALL: 'C',
    },
    maxBuffer: 1e9,
  }) as const;

const lines = (output: string): string[] => output.split('\0').filter((line) => line !== '');

/** What git tracks and what it is not told to ignore below a folder; null without a repository or git. Never throws for it. */
export async function gitFacts(root: string): Promise<GitFacts | null> {
  const list = (...args: string[]) => execa('git', ['ls-files', '-z', ...args, '--', '.'], options(root));
  const [tracked, untracked, modified] = await Promise.all([
    list('--cached'),
    list('--others', '--exclude-standard'),
    list('--modified'),
  ]);
  if (tracked.failed || untracked.failed) return null;
  return {
    tracked: new Set(lines(tracked.stdout)),
    untracked: new Set(lines(untracked.stdout)),
    modified: new Set(modified.failed ? [] : lines(modified.stdout)),
  };
}

/** The files below a folder that differ from where its history parted from `ref`, untracked ones too; or why that cannot be told. */
export async function changedSince(
  root: string,
  ref: string,
): Promise<{ paths: ReadonlySet<string> } | { unknown: string }> {
  if (ref.startsWith('-')) return { unknown: `${ref} is no name of a commit.` };
  const git = (...args: string[]) => execa('git', args, options(root));
  const base = await git('merge-base', ref, 'HEAD');
  if (base.failed) {
    const shallow = await git('rev-parse', '--is-shallow-repository');
    return {
      unknown:
        shallow.stdout === 'true'
          ? `The history does not reach back to ${ref}: this is a shallow clone. Fetch it whole (fetch-depth: 0).`
          : `${ref} and HEAD have no common commit, or there is no ${ref} here.`,
    };
  }
  const [changed, prefix, untracked] = await Promise.all([
    git('diff', '--name-only', '-z', '--relative', base.stdout, '--', '.'),
    git('rev-parse', '--show-prefix'),
    git('ls-files', '-z', '--others', '--exclude-standard', '--', '.'),
  ]);
  if (changed.failed || prefix.failed || untracked.failed)
    return { unknown: `git could not compare with ${ref}: ${changed.stderr}` };
  return {
    paths: new Set([...lines(changed.stdout), ...lines(untracked.stdout)].map((path) => posix.normalize(path))),
  };
}
