import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropPacked, filesIn, packedOnce } from './journey.ts';
import { type Managed, type Manager, managers, projectOf } from './managers.ts';
import type { Packed, Ran } from './packed.ts';

let packed: Packed;
beforeAll(async () => {
  packed = await packedOnce();
});
afterAll(dropPacked);

const webhook = ['add', 'webhook', '--provider', 'stripe'];
const limits = ['add', 'rate-limit', '--store', 'redis', '--redis-client', 'ioredis'];

const rows = managers.flatMap((manager) => [
  { manager, kind: 'package' as const, name: `a ${manager.name} project` },
  ...(manager.workspaces ? [{ manager, kind: 'workspace' as const, name: `a ${manager.name} workspace` }] : []),
]);

describe.each(rows)('both skills in $name', ({ manager, kind }) => {
  let project: Managed;
  let before: Record<string, string>;
  /** In the project's folder, or at the root of its workspace with its name. */
  const inside = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    packed.run([...args, '--yes'], project.folder, { ...project.env, ...more });
  const fromRoot = (args: readonly string[]) =>
    kind === 'package' ? inside(args) : packed.run([...args, '--yes', '--package', 'api'], project.root, project.env);

  beforeAll(async () => {
    project = await projectOf(manager, kind);
    before = filesIn(project.root);
  });
  afterAll(() => project?.drop());

  test('are taken back where the registry refuses', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'backend-skills-empty-'));
    try {
      expectFailed(await inside(limits, manager.refused(empty)), manager);
      expect(filesIn(project.root)).toEqual(before);
    } finally {
      rmSync(empty, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  test('are taken back where no version suits', async () => {
    const path = join(project.folder, 'package.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"express":', '"ms": "^999.0.0",\n    "express":'));
    const impossible = filesIn(project.root);
    expectFailed(await fromRoot(limits), manager);
    expect(filesIn(project.root)).toEqual(impossible);
    writeFileSync(path, text);
  });

  test('are added and installed by its own manager, and their tests pass', async () => {
    for (const added of [await fromRoot(webhook), await inside(limits)])
      expect(added, added.stdout).toMatchObject({ code: 0, stderr: '' });
    expect(before[manager.lockfile]).not.toContain('ioredis');
    expect(readFileSync(join(project.root, manager.lockfile), 'utf8')).toContain('ioredis');
    expect(Object.keys(filesIn(project.root)).filter(isLockfile)).toEqual([manager.lockfile]);
    const { ok, output } = await project.run(['run', 'test']);
    expect(ok, output).toBe(true);
    expect(Number(/^(?:ℹ|#) pass (\d+)/m.exec(output)?.[1])).toBeGreaterThanOrEqual(8);
    expect(await inside(['check'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('are removed to the last byte, the lockfile’s too', async () => {
    for (const removed of [await fromRoot(['remove', 'rate-limit']), await inside(['remove', 'webhook'])])
      expect(removed, removed.stdout).toMatchObject({ code: 0, stderr: '' });
    expect(filesIn(project.root)).toEqual(before);
  });
});

function expectFailed({ code, stderr }: Ran, { command }: Manager): void {
  expect(code).toBe(2);
  expect(stderr).toContain(`\`${command} install\` failed`);
}

const isLockfile = (path: string): boolean =>
  /(?:^|\/)(?:package-lock\.json|[\w-]*lock\.yaml|yarn\.lock|bun\.lockb?)$/.test(path);
