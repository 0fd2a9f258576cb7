import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realFiles } from '../../src/edge/files.ts';
import { photo } from './faults.ts';
import { folderWith, printed, start } from './processes.ts';

const folders: string[] = [];
const project = (): string => {
  const root = folderWith({ 'package.json': '{}\n', 'src/old/b.ts': 'old\n', 'src/index.ts': '' });
  folders.push(root, `${root}-state`);
  return root;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const look = (root: string) => photo(realFiles, root);

describe('a process that is killed', () => {
  test('at some of its writes leaves what the next run puts right', async () => {
    const before = look(project());
    const whole = project();
    expect((await start('apply', whole)).exitCode).toBe(0);
    const after = look(whole);
    const ends: string[] = [];
    for (const at of [2, 9, 14, 19, 24, 28, 30, 33]) {
      const root = project();
      expect((await start('die', root, String(at))).signal).toBe('SIGKILL');
      const { stdout } = await start('recover', root);
      const did = stdout.includes('"finished"') ? after : before;
      expect(look(root), `killed at ${at}: ${stdout}`).toEqual(did);
      ends.push(did === after ? 'after' : 'before');
    }
    expect(new Set(ends)).toEqual(new Set(['before', 'after']));
  });
});

describe('a run that is stopped in its install', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s takes everything back and ends with 130',
    async (signal) => {
      const root = project();
      const before = look(root);
      const run = start('install', root);
      await printed(run, 'installing');
      expect(look(root)['src/new/a.ts']).toContain('export');
      run.kill(signal);
      expect(await run).toMatchObject({ exitCode: 130 });
      expect(look(root)).toEqual(before);
    },
  );
});

describe('a tree that may not be written', () => {
  test('is left as it is, with one thing to do', async () => {
    const root = project();
    const before = look(root);
    // Root may write anything, so the run is somebody else's.
    const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    chmodSync(root, 0o555);
    const source = sourceFor(asNobody.uid);
    const run = await start('apply', root, '', { ...asNobody, state: join(source, 'state') });
    chmodSync(root, 0o755);
    expect(run.stderr).toMatch(/\(EACCES\).* -> Give yourself the right to write/);
    expect(run.exitCode).toBe(2);
    expect(look(root)).toEqual(before);
  });
});

function sourceFor(uid: number | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'edge-state-'));
  folders.push(folder);
  if (uid !== undefined) chownSync(folder, uid, uid);
  return folder;
}
