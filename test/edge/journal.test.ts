import { describe, expect, test } from 'vitest';
import { recover } from '../../src/edge/recover.ts';
import { hashOf } from '../../src/edge/splice.ts';
import { UserError } from '../../src/errors.ts';
import { diskOf, inMemory, photo } from './faults.ts';

const record = {
  path: 'a.ts',
  mode: 420,
  before: hashOf('old'),
  after: hashOf('new'),
  start: 0,
  removed: 'old',
  inserted: 'new',
};
const journal = {
  version: 1,
  id: '0123456789abcdef',
  verb: 'add',
  skill: 'webhook',
  during: true,
  records: [record],
  folders: [],
  removeEmpty: [],
  snapshots: [],
};
const withJournal = (value: unknown) =>
  inMemory({
    '/home/victim.txt': 'victim',
    '/home/package-lock.json': 'theirs',
    '/home/p/package.json': '{}',
    '/home/p/a.ts': 'new',
    '/home/p/.backend-skills/journal/journal.json': typeof value === 'string' ? value : JSON.stringify(value),
    '/home/p/.backend-skills/journal/snapshot-0': 'evil',
  });
const snapshot = (path: string) => ({ ...journal, snapshots: [{ path, hash: hashOf('evil') }] });
const moved = (path: string) => ({ ...journal, records: [{ ...record, path }] });

describe('a journal from a stranger', () => {
  test.each([
    ['is no JSON', '{ torn'],
    ['is no object', []],
    ['has another version', { ...journal, version: 2 }],
    ['has an id that is a path', { ...journal, id: '../../../x' }],
    ['has records that are none', { ...journal, records: [{ path: 'a.ts' }] }],
    ['has a negative start', { ...journal, records: [{ ...record, start: -1 }] }],
    ['has a file outside', moved('../victim.txt')],
    ['has an absolute file', moved('/home/victim.txt')],
    ['has a file in .git', moved('.git/hooks/pre-commit')],
    ['has a file in node_modules', moved('node_modules/x/index.js')],
    ['has a folder outside', { ...journal, folders: ['../x'] }],
    ['removes a folder outside', { ...journal, removeEmpty: ['..'] }],
    ['restores a file that is no lockfile', snapshot('../victim.txt')],
    ['restores a file of the project that is no lockfile', snapshot('a.ts')],
    ['restores the lockfile of a folder that is not its workspace', snapshot('../package-lock.json')],
    ['restores a lockfile far away', snapshot('/etc/package-lock.json')],
    ['does not fit its own hash', { ...journal, records: [{ ...record, removed: 'evil' }] }],
  ])('that %s is refused and nothing is written', (_title, value) => {
    const files = withJournal(value);
    const before = photo(files, '/home');
    expect(() => recover('/home/p', diskOf(files))).toThrow(UserError);
    expect(photo(files, '/home')).toEqual(before);
  });

  test('that is sound is undone, and its folder goes', () => {
    const files = withJournal(journal);
    expect(recover('/home/p', diskOf(files))).toMatchObject({ did: 'undone', files: ['a.ts'], kept: [] });
    expect(Object.keys(photo(files, '/home/p'))).toEqual(['a.ts', 'package.json']);
    expect(photo(files, '/home/p')['a.ts']).toMatch(/old$/);
  });
});
