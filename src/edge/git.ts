import { execa } from 'execa';

/** What git says of a folder: `dirty` are the changed and untracked files below it, from that folder. */
export interface GitState {
  repository: boolean;
  dirty: string[];
}

/** Asks git; where there is no git or no repository, that is the answer. Never throws for it. */
export async function gitState(root: string): Promise<GitState> {
  const options = {
    cwd: root,
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  } as const;
  const prefix = await execa('git', ['rev-parse', '--show-prefix'], options);
  if (prefix.failed) return { repository: false, dirty: [] };
  const status = await execa('git', ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--', '.'], options);
  if (status.failed) return { repository: true, dirty: [] };
  const below = prefix.stdout.replace(/\n$/, '');
  return {
    repository: true,
    dirty: pathsIn(status.stdout).map((path) => (path.startsWith(below) ? path.slice(below.length) : path)),
  };
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
