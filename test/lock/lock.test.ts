import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { emptyLock, lockPath, readLock, trustedLock, writeLock } from '../../src/lock/lock.ts';
import type { Lock, LockEntry } from '../../src/model.ts';
import { treeOf } from '../tree.ts';

const hash = 'a'.repeat(64);
const entry: LockEntry = {
  version: '0.1.0',
  choices: { provider: ['stripe'], path: '/webhooks', tests: true },
  stamp: '20260102030405',
  files: [{ path: 'src/webhooks/index.ts', kind: 'managed', hash, rendered: hash }],
  ops: [
    {
      op: { op: 'import', file: 'src/app.ts', from: './webhooks/index.js', names: ['webhooks'], style: 'esm' },
      standing: 'done',
    },
    {
      op: { op: 'json', file: 'package.json', path: ['scripts', 'x'], value: 'node x.js', was: '{}' },
      standing: 'already',
    },
  ],
  steps: [
    {
      title: 'Wire',
      file: 'src/app.ts',
      place: 'at the top',
      lines: ['a'],
      done: { imports: 'src/webhooks/index.ts' },
    },
  ],
  created: ['.env.example'],
};
const lock: Lock = { version: 1, skills: { webhook: entry }, patched: { 'src/app.ts': hash } };
const stored = writeLock(lock) ?? '';
const treeWith = (text: string) => treeOf({ [lockPath]: text });

describe('the lock', () => {
  test('is read as it was written', () => {
    expect(readLock(treeWith(stored))).toEqual({ lock, fault: null });
    expect(stored.endsWith('}\n')).toBe(true);
  });

  test('that records nothing is no file', () => {
    expect(writeLock(emptyLock)).toBeNull();
    expect(readLock(treeOf({}))).toEqual({ lock: emptyLock, fault: null });
  });

  test('is the same when its keys are in another order', () => {
    const { skills, patched, integrity, version } = JSON.parse(stored);
    expect(readLock(treeWith(JSON.stringify({ patched, skills, integrity, version }))).fault).toBeNull();
  });

  const changed = (change: (lock: Record<string, never>) => void): string => {
    const value = JSON.parse(stored);
    change(value);
    return JSON.stringify(value);
  };
  const set = (path: readonly (string | number)[], value: unknown) =>
    changed((json) => {
      const parent = path.slice(0, -1).reduce<Record<string | number, never>>((node, key) => node[key] ?? {}, json);
      Object.assign(parent, { [path.at(-1) ?? '']: value });
    });

  test.each<[string, string, string]>([
    ['is not JSON', '{', 'damaged'],
    ['is empty', '', 'damaged'],
    ['is another document', '[]', 'damaged'],
    ['lacks its skills', changed((json) => Reflect.deleteProperty(json, 'skills')), 'damaged'],
    ['has conflict markers', `<<<<<<< ours\n${stored}`, 'damaged'],
    ['has an unknown key', set(['scripts'], 'rm'), 'damaged'],
    ['has an unknown kind of op', set(['skills', 'webhook', 'ops', 0, 'op', 'op'], 'shell'), 'damaged'],
    ['is newer', set(['version'], 2), 'newer'],
    ['has a file outside', set(['skills', 'webhook', 'files', 0, 'path'], '../../etc/passwd'), 'hostile'],
    ['has an absolute file', set(['skills', 'webhook', 'files', 0, 'path'], '/etc/passwd'), 'hostile'],
    ['has a drive', set(['skills', 'webhook', 'files', 0, 'path'], 'C:\\x'), 'hostile'],
    ['has a file in .git', set(['skills', 'webhook', 'files', 0, 'path'], '.git/hooks/pre-commit'), 'hostile'],
    ['has an op outside', set(['skills', 'webhook', 'ops', 0, 'op', 'file'], '../x.ts'), 'hostile'],
    ['has an op in node_modules', set(['skills', 'webhook', 'ops', 0, 'op', 'file'], 'node_modules/x/i.js'), 'hostile'],
    ['has a created file outside', set(['skills', 'webhook', 'created'], ['../x']), 'hostile'],
    ['has a step outside', set(['skills', 'webhook', 'steps', 0, 'done'], { file: '../x', text: '' }), 'hostile'],
    ['has a patched file outside', set(['patched'], { '../x': hash }), 'hostile'],
    ['was changed by hand', set(['skills', 'webhook', 'version'], '9.9.9'), 'tampered'],
  ])('is refused when it %s', (_, text, kind) => {
    expect(readLock(treeWith(text)).fault?.kind).toBe(kind);
    expect(() => trustedLock(treeWith(text))).toThrow(UserError);
  });
});
