import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realFiles } from '../../src/edge/files.ts';
import { recover } from '../../src/edge/recover.ts';
import { takeRunLock } from '../../src/edge/run-lock.ts';
import { UserError } from '../../src/errors.ts';
import { diskOf, faulty, inMemory } from './faults.ts';
import { folderWith, printed, start } from './processes.ts';

const folders: string[] = [];
const project = (): string => {
  const root = folderWith({ 'package.json': '{}\n' });
  folders.push(root);
  return root;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const lockWith = (root: string, text: string): void => {
  mkdirSync(join(root, '.backend-skills'), { recursive: true });
  writeFileSync(join(root, '.backend-skills/run.lock'), text);
};

describe('two runs at once', () => {
  test('the second says who holds the lock, and may go on when the first is done', async () => {
    const root = project();
    const first = start('hold', root);
    await printed(first, 'held');
    const second = await start('apply', root);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain(`process ${first.pid}`);
    expect(second.stderr).toContain('`backend-skills hold');
    expect(second.stderr).toContain('-> Wait until it has finished');
    first.stdin.end();
    expect((await first).exitCode).toBe(0);
    expect(readdirSync(root)).toEqual(['package.json']);
    takeRunLock(root, diskOf(realFiles))();
  });

  test('many that fight for it, a dead one in front, hold it one after the other', async () => {
    const root = project();
    const log = join(root, 'log');
    lockWith(root, JSON.stringify({ pid: 999_999_999, host: hostname(), since: 'then', command: 'died' }));
    const runs = await Promise.all(Array.from({ length: 4 }, () => start('contend', root, log)));
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(runs.map(() => [0, '']));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(4 * 20 * 2);
    for (let n = 0; n < lines.length; n += 2) expect(lines[n + 1]).toBe(lines[n]?.replace('in', 'out'));
    expect(existsSync(join(root, '.backend-skills'))).toBe(false);
  });
});

describe('a lock that lies there', () => {
  const holder = {
    pid: 7,
    host: 'here',
    since: '2026-01-01T00:00:00.000Z',
    command: 'backend-skills add \u001b[31mevil',
  };

  test.each([
    ['of a living process', holder, [7], false],
    ['of a dead process', holder, [], true],
    ['of another machine', { ...holder, host: 'there' }, [], false],
    ['that is damaged', 'torn {', [], true],
    ['that names no process', { ...holder, pid: -1 }, [], true],
    ['that names no command', { ...holder, command: null }, [], true],
  ])('%s', (_title, content, living, taken) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const files = inMemory({ '/p/package.json': '{}', '/p/.backend-skills/run.lock': text });
    const take = () => takeRunLock('/p', diskOf(files, 9, living));
    if (taken) {
      take()();
      expect(files.readdirSync('/p')).toEqual(['package.json']);
      return;
    }
    expect(take).toThrow(UserError);
    expect(take).toThrow('process 7 on');
    expect(take).not.toThrow('\u001b');
    expect(files.readdirSync('/p/.backend-skills')).toEqual(['run.lock']);
  });

  test('is not taken for granted by a recovery while its process lives', () => {
    const files = inMemory({ '/p/package.json': '{}', '/p/.backend-skills/run.lock': JSON.stringify(holder) });
    expect(() => recover('/p', diskOf(files, 9, [7]))).toThrow(/Another run is at work/);
    expect(recover('/p', diskOf(files, 9, []))).toEqual({ found: false });
    expect(files.readdirSync('/p')).toEqual(['package.json']);
  });

  test('leaves other files of the folder alone when it goes', () => {
    const files = inMemory({ '/p/.backend-skills/lock.json': '{}' });
    takeRunLock('/p', diskOf(files))();
    expect(files.readdirSync('/p/.backend-skills')).toEqual(['lock.json']);
  });

  test('works where the file system has no links', () => {
    const inner = inMemory({ '/p/package.json': '{}' });
    const linkSync = (): never => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    };
    const files = { ...faulty(inner, null).files, linkSync };
    const letGo = takeRunLock('/p', diskOf(files, 5, [5]));
    expect(() => takeRunLock('/p', diskOf(files, 6, [5]))).toThrow(/process 5/);
    letGo();
    expect(files.readdirSync('/p')).toEqual(['package.json']);
  });
});
