import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../../errors.ts';
import { contentLimits } from '../../skills/content.ts';
import { isPackaging } from '../../skills/foreign.ts';
import type { Source } from '../../skills/source.ts';
import { collector, refused } from './texts.ts';

type GitSource = Extract<Source, { kind: 'git' }>;

/** Git with nothing of the repository's own at work: no hooks, no filters, no submodules, three protocols. */
const harmless = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** The texts of a skill in a git repository, and its commit. Nothing is checked out: the objects are read as they are. */
export async function fetchRepository(
  source: GitSource,
  from: string,
): Promise<{ texts: ReadonlyMap<string, string>; commit: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'backend-skills-'));
  const git = (args: readonly string[], input?: string) => run(folder, args, input);
  try {
    await git(['init', '--quiet', '--bare', '--template=', folder]);
    const fetched = await git([
      ...['fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-commit-graph'],
      ...['--end-of-options', source.url, source.ref ?? 'HEAD'],
    ]);
    if (fetched.failed) throw failed(from, fetched);
    const commit = (await git(['rev-parse', '--verify', 'FETCH_HEAD^{commit}'])).stdout.toString().trim();
    const rows = await listed(git, source, from);
    const found = collector(from);
    for (const { path, size } of rows) found.expect(path, size);
    const blobs = await git(['cat-file', '--batch'], rows.map(({ object }) => `${object}\n`).join(''));
    take(blobs.stdout, rows, (path, bytes) => found.take(path, bytes));
    return { texts: found.texts, commit };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Row {
  object: string;
  path: string;
  size: number;
}

async function listed(git: Git, { path }: GitSource, from: string): Promise<Row[]> {
  const tree = path === '' ? 'FETCH_HEAD^{tree}' : `FETCH_HEAD:${path}`;
  const { stdout, failed } = await git(['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', tree]);
  if (failed)
    throw new UserError(
      `The repository of ${from} has no folder "${path}".`,
      'Check the path behind the repository’s name.',
    );
  const rows: Row[] = [];
  for (const line of stdout.toString('utf8').split('\0')) {
    if (line === '') continue;
    const [, mode = '', , object = '', size = '', name = ''] =
      /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    if (isPackaging(name) && name !== 'package.json') continue;
    if (mode === '120000') throw refused(from, `${JSON.stringify(name)} is a link`);
    if (!mode.startsWith('100')) throw refused(from, `${JSON.stringify(name)} is not a plain file`);
    rows.push({ object, path: name, size: Number(size) });
    if (rows.length > contentLimits.files) throw refused(from, `it has more than ${contentLimits.files} files`);
  }
  return rows;
}

/** What `cat-file --batch` prints: a line with the size, the bytes, a line break, for each in turn. */
function take(output: Buffer, rows: readonly Row[], each: (path: string, bytes: Uint8Array) => void): void {
  let at = 0;
  for (const { path, size } of rows) {
    const start = output.indexOf(10, at) + 1;
    each(path, output.subarray(start, start + size));
    at = start + size + 1;
  }
}

type Git = (args: readonly string[], input?: string) => ReturnType<typeof run>;

async function run(folder: string, args: readonly string[], input = '') {
  const ran = await execa('git', [...harmless, '--git-dir', folder, ...args], {
    cwd: folder,
    input,
    reject: false,
    encoding: 'buffer',
    maxBuffer: 2 * contentLimits.whole,
    timeout: 120_000,
    env: {
      GIT_ALLOW_PROTOCOL: 'https:ssh:file',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_LFS_SKIP_SMUDGE: '1',
      LC_ALL: 'C',
    },
  });
  return { ...ran, stdout: Buffer.from(ran.stdout), stderr: Buffer.from(ran.stderr).toString('utf8') };
}

function failed(from: string, ran: { code?: string | undefined; stderr: string; timedOut: boolean }): UserError {
  if (ran.code === 'ENOENT')
    return new UserError('git is not on your PATH.', 'Install it, or give the skill as a folder or a tarball.');
  if (ran.timedOut)
    return new UserError(`${from} could not be fetched in two minutes.`, 'Check your connection, then run it again.');
  const reason = /^(?:fatal|error|ERROR): (.*)$/m.exec(ran.stderr)?.[1] ?? 'git failed';
  return new UserError(
    `${from} could not be fetched: ${JSON.stringify(reason)}.`,
    'Check its name, the branch or tag, and that you may read it.',
  );
}
