import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatNames } from '../../src/report/formats/index.ts';
import { clearPlaces, documentOf, type Place, place, ready } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const gone = 'src/ping/pong.ts';

/** A project with a module of which one file is gone and one is edited. */
async function drifted(files: Readonly<Record<string, string>> = {}): Promise<Place> {
  const host = place({ ...shop, ...files });
  const ran = await host.run(['add', 'ping', '--no-install']);
  expect(ran.code, ran.stderr).toBe(0);
  rmSync(join(host.root, gone));
  host.write('src/ping/index.ts', `${host.read('src/ping/index.ts')}// Mine.\n`);
  return host;
}

describe('check --format', () => {
  test('takes every format there is, and the help names them', async () => {
    const host = await drifted();
    const { stdout: help } = await host.run(['check', '--help']);
    for (const format of formatNames) {
      const ran = await host.run(['check', '--format', format]);
      expect(ran.code, ran.stderr).toBe(1);
      expect(ran.stdout, format).toContain(gone);
      expect(help).toContain(format);
    }
    const other = await host.run(['check', '--format', 'html']);
    expect(other.code).toBe(2);
  });

  test('json is --json, and excludes another', async () => {
    const host = await drifted();
    const [one, two] = [await host.run(['check', '--json']), await host.run(['check', '--format', 'json'])];
    expect(two.stdout).toBe(one.stdout);
    expect(documentOf(one, 'findings')).toMatchObject({ tool: 'check', complete: true, failures: [] });
    const both = await host.run(['check', '--json', '--format', 'sarif']);
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('exclude each other');
  });

  test('names paths from the root of the repository', async () => {
    const host = await drifted();
    host.write('../.git/HEAD', 'ref: refs/heads/main\n');
    const { stdout } = await host.run(['check', '--format', 'github']);
    expect(stdout).toMatch(/^::error file=project\/src\/ping\/pong\.ts,title=file-missing::/m);
    expect(documentOf(await host.run(['check', '--json']), 'findings').findings).toContainEqual(
      expect.objectContaining({ path: gone }),
    );
  });

  test('github writes the summary of the step, where there is one', async () => {
    const host = await drifted();
    host.write('summary.md', 'before\n');
    const GITHUB_STEP_SUMMARY = join(host.root, 'summary.md');
    await host.run(['check', '--format', 'github'], { env: { GITHUB_STEP_SUMMARY } });
    expect(host.read('summary.md')).toMatch(/^before\n## backend-skills check\n[\s\S]*`src\/ping\/pong\.ts`/);
    await host.run(['check'], { env: { GITHUB_STEP_SUMMARY } });
    expect(host.read('summary.md').match(/## backend-skills/g)).toHaveLength(1);
  });

  test('with --output goes into the file, and is told as text', async () => {
    const host = await drifted();
    const ran = await host.run(['check', '--format', 'sarif', '--output', 'reports/check.sarif']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(host.read('reports/check.sarif')).version).toBe('2.1.0');
    expect(ran.stdout).toMatch(/✗ ping: the file is gone/);
    const refused = await host.run(['check', '--format', 'sarif', '--output', 'package.json/x.sarif']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/cannot be written.*\n {2}→ Name a file/);
  });

  test('ends by --fail-on', async () => {
    const host = place(shop);
    await host.run(['add', 'ping', '--no-install']);
    host.write(gone, `${host.read(gone)}// Mine.\n`);
    for (const [severity, code] of [
      ['error', 0],
      ['warning', 0],
      ['info', 1],
    ] as const)
      expect((await host.run(['check', '--fail-on', severity])).code).toBe(code);
  });
});

describe('the settings', () => {
  test('say the format, the severity and what is let be; flags win', async () => {
    const ignore = [{ rule: 'file-missing', path: 'src/ping', because: 'on purpose' }];
    const host = await drifted();
    host.write('backend-skills.json', JSON.stringify({ check: { format: 'json', failOn: 'info', ignore } }));
    const ran = await host.run(['check']);
    expect(ran.code).toBe(1);
    expect(documentOf(ran, 'findings').findings).toContainEqual(
      expect.objectContaining({ path: gone, suppressed: { kind: 'external', justification: 'on purpose' } }),
    );
    const flagged = await host.run(['check', '--format', 'text', '--fail-on', 'error']);
    expect(flagged.code, flagged.stdout).toBe(0);
    expect(flagged.stdout).not.toContain('gone');
  });

  test('answer the choices of skills and say where modules go; flags win, and the lock after them', async () => {
    const defaults = { ping: { path: '/hello', greeting: 'long' } };
    const host = place({ ...shop, 'backend-skills.json': JSON.stringify({ folder: 'src/modules', defaults }) });
    expect((await host.run(['add', 'ping', '--no-install'])).code).toBe(0);
    expect(host.read('src/modules/ping/greetings/long.ts')).toContain('export');
    expect(host.read('src/server.ts')).toContain("app.use('/hello', ping)");
    const twin = place({ ...shop, 'backend-skills.json': JSON.stringify({ defaults }) });
    expect((await twin.run(['add', 'ping', '--path', '/hi', '--no-install'])).code).toBe(0);
    expect(twin.read('src/server.ts')).toContain("app.use('/hi', ping)");
    expect((await twin.run(['check'])).code).toBe(0);
  });

  test.each([
    ['{ "chek": {} }', ['check'], /at "chek".*\n {2}→ Did you mean "check"/],
    [
      '{ "defaults": { "ping": { "pth": "/x" } } }',
      ['add', 'ping'],
      /at "defaults\.ping\.pth".*\n {2}→ Did you mean "path"/,
    ],
    ['{ "defaults": { "ping": { "slot": "last" } } }', ['add', 'ping'], /"last" is not a slot/],
  ])('that are wrong are refused: %s', async (text, args, says) => {
    const host = place({ ...shop, 'backend-skills.json': text });
    const before = host.photo();
    const ran = await host.run(args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(says);
    expect(host.photo()).toEqual(before);
  });
});

describe('a workspace', () => {
  const inFolder = (folder: string, name: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(shop).map(([path, text]) => [
        `${folder}/${path}`,
        text.replace('"name": "shop"', `"name": "${name}"`),
      ]),
    );

  async function workspace(): Promise<Place> {
    const host = place({
      'package.json': '{ "name": "root", "private": true, "workspaces": ["apps/*"] }\n',
      ...inFolder('apps/api', '@shop/api'),
      ...inFolder('apps/web', '@shop/web'),
      ...inFolder('apps/bare', 'bare'),
    });
    for (const name of ['@shop/api', 'web']) {
      const ran = await host.run(['add', 'ping', '--package', name, '--no-install']);
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.stdout).toContain(`--package ${name}`);
    }
    return host;
  }

  test('is checked as one, each package by its name, and the codes are put together', async () => {
    const host = await workspace();
    const clean = await host.run(['check', '--all']);
    expect(clean.code, clean.stderr).toBe(0);
    expect(clean.stdout).toContain('No drift in 2 packages.');
    rmSync(join(host.root, 'apps/web', gone));
    const ran = await host.run(['check', '--all', '--json']);
    expect(ran.code).toBe(1);
    expect(documentOf(ran, 'findings').findings).toMatchObject([
      { rule: 'file-missing', package: '@shop/web', path: `apps/web/${gone}` },
    ]);
    const inside = await host.run(['check', '--all', '--cwd', join(host.root, 'apps/api')]);
    expect(inside.stdout).toMatch(/^@shop\/web \(1 error\)/);
    expect((await host.run(['check', 'ping', '--all'])).code).toBe(1);
    expect((await host.run(['check', 'webhook', '--all'])).stderr).toContain(
      'No package of this workspace has webhook',
    );
  });

  test('with a package that cannot be read is incomplete, and the others are checked all the same', async () => {
    const host = await workspace();
    host.write('apps/api/backend-skills.json', '{ "colour": 1 }');
    rmSync(join(host.root, 'apps/web', gone));
    const ran = await host.run(['check', '--all', '--json']);
    expect(ran.code).toBe(3);
    expect(documentOf(ran, 'findings')).toMatchObject({
      complete: false,
      failures: [expect.stringMatching(/^@shop\/api: backend-skills\.json, at "colour"/)],
      findings: [{ package: '@shop/web' }],
    });
  });

  test('is asked for where there is one only', async () => {
    const ran = await place(shop).run(['check', '--all']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/is in no workspace.*\n {2}→ Leave --all out/);
  });

  test('gives its settings to its packages, and a package’s own win', async () => {
    const host = await workspace();
    host.write('backend-skills.json', '{ "check": { "failOn": "info" } }');
    host.write('apps/web/backend-skills.json', '{ "check": { "failOn": "error" } }');
    for (const name of ['api', 'web'])
      host.write(`apps/${name}/${gone}`, `${host.read(`apps/${name}/${gone}`)}// Mine.\n`);
    expect((await host.run(['check', '--package', '@shop/api'])).code).toBe(1);
    expect((await host.run(['check', '--package', '@shop/web'])).code).toBe(0);
  });
});
