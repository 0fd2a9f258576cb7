import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { realFiles } from '../../src/edge/files.ts';
import { formatTexts } from '../../src/edge/format.ts';
import { gitState } from '../../src/edge/git.ts';
import { install, installCommand, installFiles } from '../../src/edge/shell.ts';
import { newErrors, runTests, typeCheck } from '../../src/edge/verify.ts';
import { UserError } from '../../src/errors.ts';
import { photo } from './faults.ts';
import { folderWith } from './processes.ts';

const ours = fileURLToPath(new URL('../../node_modules', import.meta.url));
const folders: string[] = [];
const host = (contents: Readonly<Record<string, string>>): string => {
  const root = folderWith(contents);
  folders.push(root);
  return root;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('an install', () => {
  const packages = {
    'package.json': '{ "name": "host", "private": true, "dependencies": { "tiny": "file:./tiny" } }\n',
    'tiny/package.json': '{ "name": "tiny", "version": "1.0.0" }\n',
  };

  test('puts the packages in place and says what it does', async () => {
    const root = host(packages);
    const lines: string[] = [];
    await install('npm', {
      root,
      workspaceRoot: null,
      onLine: (line) => lines.push(line),
      env: { npm_config_offline: 'true' },
    });
    expect(existsSync(join(root, 'node_modules/tiny/package.json'))).toBe(true);
    expect(lines.join('\n')).toContain('added 1 package');
  });

  test('of a package of a workspace runs at its root', async () => {
    const root = host({
      'package.json': '{ "private": true, "workspaces": ["a"] }',
      'a/package.json': '{ "name": "a", "version": "1.0.0" }',
    });
    await install('npm', { root: join(root, 'a'), workspaceRoot: root, env: { npm_config_offline: 'true' } });
    expect(existsSync(join(root, 'package-lock.json'))).toBe(true);
    expect(existsSync(join(root, 'a/package-lock.json'))).toBe(false);
  });

  test('that fails gives the end of what was said, and one thing to do', async () => {
    const root = host({ 'package.json': '{ "dependencies": { "gone": "file:./gone.tgz" } }' });
    const error: unknown = await install('npm', {
      root,
      workspaceRoot: null,
      env: { npm_config_offline: 'true' },
    }).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/`npm install` failed \(exit code \d+\)[\s\S]*ENOENT/),
      hint: expect.stringContaining('npm install'),
    });
  });

  test('with a package manager that is not there says so', async () => {
    const root = host(packages);
    const error: unknown = await install('bun', {
      root,
      workspaceRoot: null,
      env: { PATH: join(root, 'nowhere') },
    }).catch((one: unknown) => one);
    expect(error).toMatchObject({
      message: 'This project uses bun, which is not on your PATH.',
      hint: expect.stringContaining('Install bun'),
    });
  });

  test('that is stopped ends with it', async () => {
    const root = host({
      'package.json': '{}',
      'bin/yarn': `#!${process.execPath}\nconsole.log('started'); setInterval(() => {}, 1000);\n`,
    });
    chmodSync(join(root, 'bin/yarn'), 0o755);
    const stop = new AbortController();
    const env = { PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}` };
    const run = install('yarn', { root, workspaceRoot: null, env, signal: stop.signal, onLine: () => stop.abort() });
    await expect(run).rejects.toThrow('was stopped');
  });

  test('is shown as a person would type it, and may change these files', () => {
    expect(installCommand('pnpm')).toBe('pnpm install');
    expect(installFiles('npm', '/m/a', '/m')).toEqual([
      '/m/package-lock.json',
      '/m/npm-shrinkwrap.json',
      '/m/a/package-lock.json',
      '/m/a/npm-shrinkwrap.json',
    ]);
  });
});

describe("the host's formatter", () => {
  const ugly = "export const  a = {b:'c'}\n";
  const withBin = (root: string, from: string): string => {
    symlinkSync(from, join(root, 'node_modules'));
    return root;
  };

  test('biome follows its configuration', async () => {
    const root = withBin(
      host({
        'package.json': '{}',
        'biome.json':
          '{ "formatter": { "indentStyle": "space" }, "javascript": { "formatter": { "quoteStyle": "single", "semicolons": "asNeeded" } } }',
      }),
      ours,
    );
    const { texts, note } = await formatTexts('biome', root, [{ path: 'src/a.ts', text: ugly }]);
    expect([texts.get('src/a.ts'), note]).toEqual(["export const a = { b: 'c' }\n", null]);
  });

  test('that is not installed leaves the texts and says so', async () => {
    const { texts, note } = await formatTexts('oxfmt', host({ 'package.json': '{}', '.git/HEAD': '' }), [
      { path: 'a.ts', text: ugly },
    ]);
    expect([texts.get('a.ts'), note]).toEqual([ugly, expect.stringContaining('oxfmt is not installed')]);
  });

  test('eslint is asked for a dry run, and its text is taken also where findings are left', async () => {
    const script = `#!${process.execPath}\nprocess.stdin.on('data', (d) => { console.log(JSON.stringify([{ output: process.argv.slice(2).join(' ') + '|' + d }])); process.exitCode = 1; });\n`;
    const root = host({ 'package.json': '{}', 'node_modules/.bin/eslint': script });
    chmodSync(join(root, 'node_modules/.bin/eslint'), 0o755);
    const { texts } = await formatTexts('eslint', root, [{ path: 'a.ts', text: 'x' }]);
    expect(texts.get('a.ts')).toBe('--fix-dry-run --stdin --stdin-filename a.ts --format json|x');
  });
});

describe('git', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd, stdio: 'ignore' });

  test('names what is changed, renamed and untracked below the project, and nothing beside it', async () => {
    const root = host({ 'api/a.ts': '1', 'api/old name.ts': 'a long enough text', 'api/c.ts': '3', 'web/x.ts': '1' });
    expect(await gitState(join(root, 'api'))).toEqual({ repository: false, dirty: [] });
    git(root, 'init');
    git(root, 'add', '.');
    git(root, 'commit', '-m', 'x');
    expect(await gitState(join(root, 'api'))).toEqual({ repository: true, dirty: [] });
    git(root, 'mv', 'api/old name.ts', 'api/new ü.ts');
    writeFileSync(join(root, 'api/a.ts'), '2');
    rmSync(join(root, 'api/c.ts'));
    writeFileSync(join(root, 'web/x.ts'), '2');
    mkdirSync(join(root, 'api/sub'));
    writeFileSync(join(root, 'api/sub/fresh.ts'), '');
    const { dirty } = await gitState(join(root, 'api'));
    expect(dirty).toEqual(['a.ts', 'c.ts', 'new ü.ts', 'sub/fresh.ts']);
  });

  test('that is not there is no repository', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      expect(await gitState(host({ 'package.json': '{}' }))).toEqual({ repository: false, dirty: [] });
    } finally {
      process.env['PATH'] = before;
    }
  });
});

describe('a verification', () => {
  const tsconfig =
    '{ "compilerOptions": { "strict": true, "noEmit": true, "types": [], "skipLibCheck": true }, "include": ["src"] }';

  test('type-checks with the compiler of the host, writes nothing, and tells new errors from old', async () => {
    const root = host({
      'package.json': '{}',
      'tsconfig.json': tsconfig,
      'src/a.ts': 'export const a: number = "x";\n',
    });
    symlinkSync(ours, join(root, 'node_modules'));
    const first = await typeCheck(root, 'ts');
    writeFileSync(join(root, 'src/a.ts'), '\n\nexport const a: number = "x";\nexport const b: string = 1;\n');
    const second = await typeCheck(root, 'ts');
    if (!first.ran || !second.ran) throw new Error('it did not run');
    expect(first.errors).toHaveLength(1);
    expect(newErrors(first.errors, second.errors)).toEqual([
      expect.stringMatching(/^src\/a\.ts\(4,14\): error TS2322: .*string/),
    ]);
    expect(
      Object.keys(
        photo(
          {
            ...realFiles,
            readdirSync: (path) => realFiles.readdirSync(path).filter((name) => name !== 'node_modules'),
          },
          root,
        ),
      ),
    ).toEqual(['package.json', 'src/', 'src/a.ts', 'tsconfig.json']);
  });

  test.each([
    ['ts', {}, 'typescript is not installed in the project'],
    ['js', {}, 'the project is JavaScript'],
  ] as const)('of a %s project without a compiler says why there is none', async (language, more, because) => {
    expect(await typeCheck(host({ '.git/HEAD': '', ...more }), language)).toEqual({ ran: false, because });
  });

  test('runs the tests named with the runner of the host', async () => {
    const root = host({
      'good.test.mjs': "import test from 'node:test';\ntest('fine', () => {});\n",
      'bad.test.mjs': "import test from 'node:test';\ntest('broken', () => { throw new Error('as it should'); });\n",
      '.git/HEAD': '',
    });
    expect((await runTests(root, 'node', ['good.test.mjs'])).ok).toBe(true);
    const bad = await runTests(root, 'node', ['bad.test.mjs']);
    expect(bad.ok).toBe(false);
    expect(bad.tail.join('\n')).toContain('as it should');
    expect(await runTests(root, 'jest', ['x'])).toEqual({ ok: false, tail: ['jest is not installed in the project.'] });
    expect(readFileSync(join(root, '.git/HEAD'), 'utf8')).toBe('');
  });
});
