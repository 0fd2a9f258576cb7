import { execFile } from 'node:child_process';

/** More than git says of any project, in bytes. */
const largest = 100_000_000;

/** What git says of a folder: `dirty` are the changed and untracked files below it, from that folder. */
export interface GitState {
  repository: boolean;
  dirty: string[];
}

/** Asks git; where there is no git or no repository, that is the answer. Never throws for it. */
export async function gitState(root: string): Promise<GitState> {
  const prefix = await git(root, ['rev-parse', '--show-prefix']);
  if (prefix === null) return { repository: false, dirty: [] };
  const status = await git(root, ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--', '.']);
  if (status === null) return { repository: true, dirty: [] };
  const below = prefix.replace(/\n$/, '');
  return {
    repository: true,
    dirty: pathsIn(status).map((path) => (path.startsWith(below) ? path.slice(below.length) : path)),
  };
}

/** What git prints; null where it fails. By Node's own means: loading a library for it takes longer than git does. */
function git(cwd: string, args: readonly string[]): Promise<string | null> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile('git', [...args], { cwd, env, encoding: 'utf8', maxBuffer: largest, windowsHide: true }, (error, output) =>
      resolve(error ? null : output),
    );
  });
}

// 'XY path\0', and for a rename or copy the old path as a field of its own.
function pathsIn(output: string): string[] {
  const paths: string[] = [];
  const fields = output.split('\0').filter((field) => field !== '');
  for (let n = 0; n < fields.length; n++) {
    const field = fields[n] ?? '';
    paths.push(field.slice(3));
    if (/^(R|C|.R|.C)/.test(field)) n++;
  }
  return paths.sort();
}
