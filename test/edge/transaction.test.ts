import { describe, expect, test } from 'vitest';
import { type Files, realFiles } from '../../src/edge/files.ts';
import { recover } from '../../src/edge/recover.ts';
import { type Transaction, transact } from '../../src/edge/transaction.ts';
import { lastUndo, undoChanges, undoModes } from '../../src/edge/undo.ts';
import { UserError } from '../../src/errors.ts';
import type { Change } from '../../src/model.ts';
import { diskOf, type Fault, faulty, inMemory, Killed, photo } from './faults.ts';

const root = '/home/shop/apps/api';
const contents = {
  '/home/shop/package.json': '{ "workspaces": ["apps/*"] }',
  '/home/shop/package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
  [`${root}/package.json`]: '{\n  "name": "api"\n}\n',
  [`${root}/.env`]: 'PASSWORD=hunter2-very-secret\nLAST=1',
  [`${root}/src/index.ts`]: '\uFEFFconst a = 1;\r\nconst b = "ü 😀";\r\n',
  [`${root}/src/old/legacy.ts`]: 'export {};\n',
  [`${root}/bin/start`]: '#!/usr/bin/env node\nimport "../src/index.ts"\n',
  '/state/note': '',
};
const modes = { [`${root}/bin/start`]: 0o755, [`${root}/.env`]: 0o600 };
const lockfile = '/home/shop/package-lock.json';

const changes: Change[] = [
  {
    path: 'package.json',
    before: contents[`${root}/package.json`] ?? '',
    after: '{\n  "name": "api",\n  "dependencies": {}\n}\n',
  },
  { path: '.env', before: contents[`${root}/.env`] ?? '', after: `${contents[`${root}/.env`]}\nSTRIPE=\n` },
  {
    path: 'src/index.ts',
    before: contents[`${root}/src/index.ts`] ?? '',
    after: '\uFEFFconst a = 1;\r\nuse(a);\r\nconst b = "ü 😁";\r\n',
  },
  { path: 'bin/start', before: contents[`${root}/bin/start`] ?? '', after: '#!/usr/bin/env node\n' },
  { path: 'src/webhooks/stripe/index.ts', before: null, after: 'export const webhooks = 1;\n' },
  { path: 'src/webhooks/empty.ts', before: null, after: '' },
  { path: 'src/old/legacy.ts', before: 'export {};\n', after: null },
  { path: '.backend-skills/lock.json', before: null, after: '{}\n' },
];

const project = (): Files => inMemory(contents, modes);
const overwrite = (files: Files, path: string, text: string): void => {
  const file = files.openSync(path, 'w');
  files.writeSync(file, Buffer.from(text), 0);
  files.closeSync(file);
};
const install = (files: Files) => async (): Promise<void> => overwrite(files, lockfile, '{ "installed": true }');
const plan = (files: Files, over: Partial<Transaction> = {}): Transaction => ({
  verb: 'add',
  skill: 'webhook',
  changes,
  during: install(files),
  snapshotFiles: [lockfile],
  removeEmpty: ['src/old', 'src'],
  disk: diskOf(files),
  ...over,
});
const failing = async (): Promise<void> => {
  throw new UserError('npm install failed.', 'Look above.');
};

async function outcome(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
    return null;
  } catch (error) {
    return error;
  }
}

const before = photo(project(), '/home');
const applied = async (during: boolean) => {
  const files = project();
  await transact(root, plan(files, during ? {} : { during: null }));
  return photo(files, '/home');
};

describe('a run that goes well', () => {
  test('leaves the plan, the modes, no journal, no lock and no temporary file', async () => {
    const after = await applied(true);
    expect(Object.keys(after).filter((path) => !(path in before))).toEqual([
      'shop/apps/api/.backend-skills/',
      'shop/apps/api/.backend-skills/lock.json',
      'shop/apps/api/src/webhooks/',
      'shop/apps/api/src/webhooks/empty.ts',
      'shop/apps/api/src/webhooks/stripe/',
      'shop/apps/api/src/webhooks/stripe/index.ts',
    ]);
    expect(Object.keys(before).filter((path) => !(path in after))).toEqual([
      'shop/apps/api/src/old/',
      'shop/apps/api/src/old/legacy.ts',
    ]);
    expect(after['shop/apps/api/bin/start']).toBe('755 #!/usr/bin/env node\n');
    expect(after['shop/apps/api/.env']).toMatch(/^600 /);
  });

  test('is undone to the last byte, the lockfile of the workspace included', async () => {
    const files = project();
    expect(await transact(root, plan(files))).toEqual({ undoable: true });
    const undo = lastUndo(root, diskOf(files));
    if (undo === null) throw new Error('no undo was kept');
    await transact(root, {
      ...plan(files, { during: async () => {} }),
      verb: 'undo',
      changes: undoChanges(root, diskOf(files)),
      removeEmpty: undo.removeEmpty,
      modes: undoModes(undo),
      lockfiles: undo.lockfiles,
    });
    expect(photo(files, '/home')).toEqual(before);
    expect(lastUndo(root, diskOf(files))).toBeNull();
    expect(files.readdirSync('/state')).toEqual(['note']);
  });

  test('says that it cannot be undone where the state folder cannot be written', async () => {
    const files = project();
    expect(await transact(root, plan(files, { disk: diskOf(files, 1, [], '/state/note/below') }))).toEqual({
      undoable: false,
    });
    expect(await transact(root, { ...plan(project()), disk: diskOf(project(), 1, [], null) })).toEqual({
      undoable: false,
    });
  });

  test('keeps the undo to the user alone', async () => {
    const files = project();
    await transact(root, plan(files));
    const kept = photo(files, '/state');
    const [record] = Object.keys(kept).filter((path) => path.endsWith('undo.json'));
    expect(kept[record ?? '']).toMatch(/^600 /);
    expect(files.statSync(`/state/${record?.split('/')[0]}`).mode & 0o777).toBe(0o700);
    expect(kept[record ?? '']).not.toContain('hunter2');
  });
});

describe('an undo', () => {
  test('refuses, naming the files, where one was edited since', async () => {
    const files = project();
    await transact(root, plan(files));
    overwrite(files, `${root}/src/index.ts`, 'mine now');
    expect(() => undoChanges(root, diskOf(files))).toThrow(/src\/index\.ts changed since/);
  });

  test('refuses where there is none', () => {
    expect(() => undoChanges(root, diskOf(project()))).toThrow(UserError);
  });
});

describe('the journal', () => {
  test('holds no text of a file that it does not change', async () => {
    const files = project();
    const look = async (): Promise<void> => {
      const journal = photo(files, `${root}/.backend-skills/journal`);
      expect(Object.keys(journal)).toEqual(['journal.json', 'pending', 'snapshot-0']);
      expect(journal['journal.json']).toContain('STRIPE=');
      expect(journal['journal.json']).not.toContain('hunter2');
    };
    await transact(root, plan(files, { during: look }));
    expect.assertions(3);
  });
});

const scenarios: [string, (files: Files) => Partial<Transaction>, boolean][] = [
  ['without an install', () => ({ during: null }), false],
  ['with an install', (files) => ({ during: install(files) }), true],
  ['with an install that fails', () => ({ during: failing }), true],
];

async function tryAt(fault: Fault, over: (files: Files) => Partial<Transaction>) {
  const inner = project();
  const wrapped = faulty(inner, fault);
  const error = await outcome(() => transact(root, plan(wrapped.files, over(wrapped.files))));
  return { inner, wrapped, error };
}

describe.each(scenarios)('a kill at every call that writes, %s', (_title, over, during) => {
  test('leaves the project as before or as planned once the next run has cleared up', async () => {
    const after = await applied(during);
    const ends = { before: 0, after: 0 };
    let at = 1;
    for (; ; at++) {
      const { inner, wrapped } = await tryAt({ at, how: 'kill' }, over);
      if (!wrapped.killed()) break;
      recover(root, diskOf(inner, 200));
      const now = photo(inner, '/home');
      const end = JSON.stringify(now) === JSON.stringify(before) ? 'before' : 'after';
      expect(now, `killed at call ${at}`).toEqual(end === 'before' ? before : after);
      ends[end]++;
      expect(recover(root, diskOf(inner, 300)), `a second look after call ${at}`).toEqual({ found: false });
    }
    expect(at, 'how many places were tried').toBeGreaterThan(60);
    expect(ends.before).toBeGreaterThan(30);
    if (over(project()).during !== failing) expect(ends.after).toBeGreaterThan(5);
  });

  test('leaves it so too when the clearing up is killed at every call', async () => {
    const after = await applied(during);
    let tried = 0;
    for (const at of [25, 45, 60]) {
      for (let second = 1; ; second++, tried++) {
        const { inner } = await tryAt({ at, how: 'kill' }, over);
        const clearing = faulty(inner, { at: second, how: 'kill' });
        await outcome(async () => recover(root, diskOf(clearing.files, 200)));
        if (!clearing.killed()) break;
        recover(root, diskOf(inner, 300));
        const now = photo(inner, '/home');
        const end = JSON.stringify(now) === JSON.stringify(before) ? before : after;
        expect(now, `killed at call ${at}, then at ${second}`).toEqual(end);
      }
    }
    expect(tried).toBeGreaterThan(20);
  });
});

describe.each(['ENOSPC', 'EACCES', 'EIO', 'EROFS'])('a disk that says %s', (code) => {
  test.each(scenarios)(
    'at any one call, %s, leaves the project as before and says so, or as planned',
    async (_title, over, during) => {
      const after = await applied(during);
      let failed = 0;
      for (let at = 1; ; at++) {
        const { inner, wrapped, error } = await tryAt({ at, how: { code, lasting: false } }, over);
        if (wrapped.calls() < at) break;
        if (error === null) {
          recover(root, diskOf(inner, 200));
          expect(photo(inner, '/home'), `call ${at}`).toEqual(after);
          continue;
        }
        failed++;
        expect(error, `call ${at}`).toBeInstanceOf(UserError);
        recover(root, diskOf(inner, 200));
        expect(photo(inner, '/home'), `call ${at}`).toEqual(before);
      }
      expect(failed).toBeGreaterThan(30);
    },
  );
});

test('a disk that fills up and stays full leaves the project as before at once', async () => {
  let atOnce = 0;
  let failed = 0;
  for (let at = 1; ; at++) {
    const { inner, wrapped, error } = await tryAt({ at, how: { code: 'ENOSPC', lasting: true } }, () => ({
      during: null,
    }));
    if (wrapped.calls() < at) break;
    if (error === null) continue;
    failed++;
    if (JSON.stringify(photo(inner, '/home')) === JSON.stringify(before)) atOnce++;
    recover(root, diskOf(inner, 200));
    expect(photo(inner, '/home'), `call ${at}`).toEqual(before);
  }
  expect(failed).toBeGreaterThan(20);
  expect(atOnce).toBe(failed);
});

describe('an install that fails', () => {
  test('is told as it is, and everything is as before, its own traces in the lockfile and in package.json too', async () => {
    const files = project();
    const during = async (): Promise<void> => {
      await install(files)();
      overwrite(files, `${root}/package.json`, '{"name":"api","trace":true}');
      overwrite(files, `${root}/package-lock.json`, 'new');
      await failing();
    };
    const snapshotFiles = [lockfile, `${root}/package-lock.json`, `${root}/package.json`];
    const error = await outcome(() => transact(root, plan(files, { during, snapshotFiles })));
    expect(error).toMatchObject({ message: 'npm install failed.', hint: 'Look above.' });
    expect(photo(files, '/home')).toEqual(before);
  });

  test('leaves a file that the user edited meanwhile, and names it', async () => {
    const files = project();
    const during = async (): Promise<void> => {
      overwrite(files, `${root}/src/index.ts`, 'mine');
      await failing();
    };
    const error = await outcome(() => transact(root, plan(files, { during })));
    expect(error).toMatchObject({ message: expect.stringContaining('src/index.ts') });
    expect(photo(files, '/home')).toEqual({
      ...before,
      'shop/apps/api/src/index.ts': `${before['shop/apps/api/src/index.ts']?.slice(0, 3)} mine`,
    });
  });
});

describe('after a kill', () => {
  const killedInInstall = async (): Promise<Files> => {
    const inner = project();
    const wrapped = faulty(inner, null);
    const during = async (): Promise<void> => {
      throw new Killed();
    };
    const doomed = { ...wrapped.files };
    const stop = async (): Promise<void> => {
      await install(inner)();
      for (const name of ['unlinkSync', 'renameSync', 'openSync', 'rmdirSync', 'mkdirSync', 'linkSync'] as const) {
        doomed[name] = () => {
          throw new Killed();
        };
      }
      await during();
    };
    await outcome(() => transact(root, plan(doomed, { during: stop })));
    return inner;
  };

  test('in the install, the next run undoes it and says so', async () => {
    const files = await killedInInstall();
    expect(recover(root, diskOf(files, 200))).toMatchObject({
      found: true,
      did: 'undone',
      verb: 'add',
      skill: 'webhook',
      kept: [],
    });
    expect(photo(files, '/home')).toEqual(before);
  });

  test('a file that was edited since is left and named, and the lockfile with it', async () => {
    const files = await killedInInstall();
    overwrite(files, `${root}/package.json`, '{"mine":true}');
    expect(recover(root, diskOf(files, 200))).toMatchObject({ did: 'undone', kept: ['package.json'] });
    const now = photo(files, '/home');
    expect(now['shop/apps/api/package.json']).toContain('{"mine":true}');
    expect(now['shop/package-lock.json']).toContain('"installed"');
    expect(now['shop/apps/api/src/webhooks/']).toBeUndefined();
  });

  test('a plan is not applied over the rest of another', async () => {
    const files = await killedInInstall();
    const error = await outcome(() => transact(root, plan(files, { disk: diskOf(files, 200) })));
    expect(error).toMatchObject({ message: expect.stringContaining('journal') });
  });
});

describe('a plan that does not fit the disk', () => {
  const rows: [string, Change[], RegExp][] = [
    [
      'a file that changed',
      [{ path: 'package.json', before: 'old', after: 'new' }],
      /package\.json changed since the plan/,
    ],
    ['a file that is gone', [{ path: 'gone.ts', before: 'old', after: 'new' }], /gone\.ts changed/],
    ['a file that has come', [{ path: 'src/index.ts', before: null, after: 'new' }], /src\/index\.ts changed/],
    ['a folder in the way', [{ path: 'src', before: null, after: 'new' }], /src is not a file/],
    [
      'a file where a folder must be',
      [{ path: 'package.json/x', before: null, after: 'new' }],
      /is a file, not a folder/,
    ],
    ['a path that leaves', [{ path: '../x', before: null, after: 'new' }], /must not be written/],
    ['a dependency', [{ path: 'node_modules/x', before: null, after: 'new' }], /must not be written/],
  ];
  test.each(rows)('%s is refused and nothing is written', async (_title, rows, message) => {
    const files = project();
    const error = await outcome(() => transact(root, plan(files, { changes: [...changes.slice(4, 5), ...rows] })));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(photo(files, '/home')).toEqual(before);
  });

  test('a file that is no text, and was taken for absent, is refused by its name', async () => {
    const files = inMemory({ ...contents, [`${root}/odd`]: 'A\0=\0' }, modes);
    const rows = [{ path: 'odd', before: null, after: 'A=1' }];
    const error = await outcome(() => transact(root, plan(files, { changes: rows })));
    expect(error).toMatchObject({ message: expect.stringContaining('odd is not text in UTF-8') });
  });

  test('a read-only file is refused and nothing is written', async () => {
    const files = inMemory(contents, { ...modes, [`${root}/package.json`]: 0o444 });
    const error = await outcome(() => transact(root, plan(files)));
    expect(error).toMatchObject({ message: expect.stringContaining('package.json is read-only') });
  });
});

test('the disk of the machine has the calls that the tests in memory have', () => {
  expect(Object.keys(inMemory({})).filter((name) => !(name in realFiles))).toEqual([]);
});
