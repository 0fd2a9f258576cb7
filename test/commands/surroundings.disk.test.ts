import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, type Place, place, ready, refuses } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const quick = ['add', 'ping', '--no-install'];

const git = (where: Place, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: where.root, encoding: 'utf8' });

/** A folder of programs to be found before any other; `programs` are shell scripts by name. */
function programs(where: Place, scripts: Readonly<Record<string, string>>): string {
  const folder = join(where.root, '../programs');
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** Waits until a run prints this on either stream. */
function printed(run: ReturnType<Place['start']>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (chunk: unknown): void => {
      seen += String(chunk);
      if (seen.includes(text)) resolve();
    };
    run.stdout.on('data', look);
    run.stderr.on('data', look);
    run.stdout.on('end', () => reject(new Error(`It ended without printing "${text}": ${seen}`)));
  });
}

describe('git', () => {
  test('that is not installed is not needed', async () => {
    const host = place(shop);
    const ran = await host.run(quick, { env: { PATH: programs(host, {}) } });
    expect(ran.code, ran.stderr).toBe(0);
  });

  test('names the uncommitted files that would be changed, and only those', async () => {
    const host = place(shop);
    git(host, 'init', '-q');
    git(host, 'add', '.');
    git(host, 'commit', '-q', '-m', 'start');
    host.write('README.md', 'mine\n');
    host.write('src/server.ts', `${host.read('src/server.ts')}\n// a note\n`);
    await refuses(host, quick, [
      /Not committed yet, and about to be changed: src\/server\.ts\.$/m,
      /Commit or stash.*--force/,
    ]);
    const forced = await host.run([...quick, '--force']);
    expect(forced.code, forced.stderr).toBe(0);
    expect(host.read('README.md')).toBe('mine\n');
  });

  test('is named by remove, which keeps what is yours and goes on', async () => {
    const host = place(shop);
    expect((await host.run(quick)).code).toBe(0);
    git(host, 'init', '-q');
    git(host, 'add', '.');
    git(host, 'commit', '-q', '-m', 'start');
    host.write('src/server.ts', `${host.read('src/server.ts')}\n// a note\n`);
    const ran = await host.run(['remove', 'ping', '--no-install']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/! Not committed yet, and about to be changed: src\/server\.ts\.$/m);
    expect(host.read('src/server.ts')).toMatch(/\/\/ a note\n$/);
  });

  test('needs no commit between two runs of ours', async () => {
    const host = place(shop);
    git(host, 'init', '-q');
    git(host, 'add', '.');
    git(host, 'commit', '-q', '-m', 'start');
    expect((await host.run(quick)).code).toBe(0);
    const again = await host.run([...quick, '--greeting', 'long']);
    expect(again.code, again.stderr).toBe(0);
    host.write('src/server.ts', `${host.read('src/server.ts')}\n// a note\n`);
    await refuses(host, [...quick, '--path', '/pong'], [/about to be changed: src\/server\.ts\.$/m]);
  });

  test('does not mind changes in files that stay as they are', async () => {
    const host = place(shop);
    git(host, 'init', '-q');
    git(host, 'add', '.');
    git(host, 'commit', '-q', '-m', 'start');
    host.write('README.md', 'mine\n');
    const ran = await host.run(quick);
    expect(ran.code, ran.stderr).toBe(0);
    expect(git(host, 'status', '--porcelain', '--', 'README.md')).toBe('?? README.md\n');
  });
});

describe('a lock', () => {
  const lockFile = '.backend-skills/lock.json';
  const added = async (): Promise<Place> => {
    const host = place(shop);
    const ran = await host.run(quick);
    expect(ran.code, ran.stderr).toBe(0);
    return host;
  };
  interface Written {
    version: number;
    skills: { ping: { run?: string; files: [{ path: string }] } };
  }
  const changed = (text: string, change: (lock: Written) => void): string => {
    const lock: Written = JSON.parse(text);
    change(lock);
    return JSON.stringify(lock);
  };

  test.each<{ name: string; rule: string; says: RegExp; spoil: (text: string) => string }>([
    { name: 'that is cut off', rule: 'lock-damaged', says: /it is not JSON/, spoil: (text) => text.slice(0, -40) },
    { name: 'that is empty', rule: 'lock-damaged', says: /it is not JSON/, spoil: () => '' },
    {
      name: 'with conflict markers',
      rule: 'lock-damaged',
      says: /it is not JSON/,
      spoil: (text) => `<<<<<<< ours\n${text}`,
    },
    {
      name: 'of another program',
      rule: 'lock-damaged',
      says: /cannot be used|The lock/,
      spoil: () => '{ "lockfileVersion": 3 }',
    },
    { name: 'that is a list', rule: 'lock-damaged', says: /The lock/, spoil: () => '[]' },
    {
      name: 'of a newer version',
      rule: 'lock-newer',
      says: /newer backend-skills \(lock version 7\)/,
      spoil: (text) =>
        changed(text, (lock) => {
          lock.version = 7;
        }),
    },
    {
      name: 'that was changed by hand',
      rule: 'lock-tampered',
      says: /its integrity does not hold/,
      spoil: (text) => text.replace('/ping', '/pong'),
    },
    {
      name: 'with an unknown key',
      rule: 'lock-damaged',
      says: /The lock/,
      spoil: (text) =>
        changed(text, (lock) => {
          lock.skills.ping.run = 'x';
        }),
    },
    ...[
      '../outside.ts',
      '/etc/passwd',
      'src/../../x',
      'C:\\x',
      'a\\..\\b',
      '.git/config',
      'node_modules/x/index.js',
    ].map((path) => ({
      name: `that names ${path}`,
      rule: 'lock-hostile',
      says: /which is not a path in this project/,
      spoil: (text: string) =>
        changed(text, (lock) => {
          lock.skills.ping.files[0].path = path;
        }),
    })),
  ])('$name stops every command that writes, and check names it', async ({ rule, says, spoil }) => {
    const host = await added();
    host.write(lockFile, spoil(host.read(lockFile)));
    await refuses(host, ['remove', 'ping', '--no-install'], [says, /lock\.json/]);
    await refuses(host, [...quick, '--greeting', 'long'], [says, /lock\.json/]);
    const before = host.photo();
    const checked = await host.run(['check', '--json']);
    expect(checked.code, checked.stderr).toBe(1);
    const rules = JSON.parse(checked.stdout).findings.map((finding: { rule: string }) => finding.rule);
    expect(rules).toContain(rule);
    expect((await host.run(['check', 'ping'])).code).toBe(1);
    expect(host.photo()).toEqual(before);
  });

  test('whose files became links out of the project is not followed', async () => {
    const host = await added();
    const outside = join(host.root, '../outside.ts');
    writeFileSync(outside, host.read('src/ping/pong.ts'));
    execFileSync('rm', [join(host.root, 'src/ping/pong.ts')]);
    symlinkSync(outside, join(host.root, 'src/ping/pong.ts'));
    const kept = readFileSync(outside, 'utf8');
    const ran = await host.run(['remove', 'ping', '--no-install']);
    expect(readFileSync(outside, 'utf8')).toBe(kept);
    expect([0, 2]).toContain(ran.code);
  });

  test('that nobody has made means that nothing of ours is here', async () => {
    const host = place(shop);
    const ran = await host.run(['check']);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('No modules of ours') });
  });
});

describe('an install', () => {
  const withClient = ['add', 'ping', '--client'];

  test('with no network is taken back, and says what to do', async () => {
    const host = place(shop);
    const registry = {
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(host.root, '../cache'),
    };
    await refuses(host, withClient, [/`npm install` failed/, /connection.*--no-install/], 2, { env: registry });
  });

  test('by a package manager that is not there is taken back, and says so', async () => {
    const host = place(shop);
    const PATH = programs(host, {});
    await refuses(host, withClient, [/uses npm, which is not on your PATH/, /Install npm, or add --no-install/], 2, {
      env: { PATH },
    });
  });

  test('that fails keeps the files with --keep', async () => {
    const host = place(shop);
    const PATH = `${programs(host, { npm: 'echo broken; exit 3' })}:/usr/bin:/bin`;
    await refuses(host, withClient, [/`npm install` failed \(exit code 3\)/, / {2}broken/], 2, { env: { PATH } });
    const kept = await host.run([...withClient, '--keep'], { env: { PATH } });
    expect(kept.code).toBe(2);
    expect(kept.stderr).toMatch(/The files were kept/);
    expect(host.read('src/ping/index.ts')).toContain('ping');
    expect((await host.run(['check'])).code).toBe(0);
  });

  test('that is not asked for is named', async () => {
    const host = place(shop);
    const ran = await host.run([...withClient, '--no-install']);
    expect(ran.stdout).toMatch(/declared, not installed: npm install/);
  });
});

describe('a run', () => {
  const slow = (host: Place) => ({
    env: { PATH: `${programs(host, { npm: 'echo slow; exec sleep 60' })}:/usr/bin:/bin` },
  });
  const installing = ['add', 'ping', '--client'];

  test('beside another in the same project is told who is at work', async () => {
    const host = place(shop);
    const first = host.start(installing, slow(host));
    await printed(first, 'Installing');
    const during = host.photo();
    const second = await host.run(['add', 'webhook', '--provider', 'github', '--no-install']);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/Another run is at work here: `backend-skills add ping --client` \(process \d+/);
    expect(host.photo()).toEqual(during);
    first.kill('SIGINT');
    expect((await first).exitCode).toBe(130);
    expect(host.photo()).toEqual(place(shop).photo());
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'that gets %s during the install leaves nothing',
    async (signal) => {
      const host = place(shop);
      const before = host.photo();
      const run = host.start(installing, slow(host));
      await printed(run, 'Installing');
      run.kill(signal);
      const { exitCode, stderr } = await run;
      expect(exitCode, String(stderr)).toBe(130);
      expect(stderr).toMatch(/Stopped\. Everything was taken back\./);
      expect(host.photo()).toEqual(before);
    },
  );

  test('that was killed is taken back by the next, which says so', async () => {
    const host = place(shop);
    const before = host.photo();
    const run = host.start(installing, slow(host));
    await printed(run, 'Installing');
    run.kill('SIGKILL');
    await run;
    expect(existsSync(join(host.root, 'src/ping/index.ts'))).toBe(true);
    const next = await host.run(['remove', 'ping', '--no-install']);
    expect(next.code).toBe(2);
    expect(next.stderr).toMatch(/An interrupted `add ping` was found here and undone/);
    expect(host.photo()).toEqual(before);
    expect((await host.run(quick)).code).toBe(0);
  });
});

describe('where nobody can answer', () => {
  const commands = [
    ['add', 'webhook', '--dry-run'],
    ['add', 'ping', '--dry-run', '--yes'],
    ['list'],
    ['info', 'webhook'],
    ['detect'],
    ['check'],
  ];

  test.each(commands.map((args) => ({ args, name: args.join(' ') })))(
    '`$name` runs to its end without a question',
    async ({ args }) => {
      const host = place(shop);
      const silent = await host.run(args);
      const inCi = await host.run(args, { env: { CI: '1' } });
      const piped = host.start(args, { stdin: 'pipe' });
      expect(silent.code, silent.stderr).toBe(0);
      expect(inCi).toEqual(silent);
      const { exitCode, stdout } = await piped;
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: silent.stdout });
    },
  );
});
