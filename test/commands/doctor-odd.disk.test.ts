import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, documentOf, type Place, place, type Ran, ready } from './program.ts';

beforeAll(ready);
afterAll(clearPlaces);

const manifest = (name: string, more: object = {}): string =>
  `${JSON.stringify({ name, dependencies: { express: '^5.1.0', pg: '^8.0.0' }, ...more })}\n`;

const hole = `import { Pool } from 'pg';

const pool = new Pool();

export async function find(req, res) {
  res.json(await pool.query(\`SELECT * FROM users WHERE id = '\${req.query.id}'\`));
}
`;

const injection = ['doctor', '--only', 'sec/sql-injection', '--json'];

const git = (host: Pick<Place, 'root'>, ...args: string[]) =>
  execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always', ...args], {
    cwd: host.root,
  });

async function committed(host: Place): Promise<void> {
  await git(host, 'init', '-q', '-b', 'main');
  await git(host, 'add', '-A');
  await git(host, 'commit', '-qm', 'All of it');
}

/** Where something was found, and the package that it is in. */
const places = (ran: Ran): unknown[] =>
  (documentOf(ran, 'findings').findings as { path: string; package: string | null }[]).map((one) =>
    one.package === null ? one.path : [one.package, one.path],
  );

describe('a repository', () => {
  test('whose package.json lies in a folder is audited by it, from its own root', async () => {
    const host = place({ 'setup/package.json': manifest('forum'), 'src/find.js': hole, 'setup/web.js': hole });
    await committed(host);
    const ran = await host.run(injection);
    expect(ran.code, ran.stderr).toBe(1);
    expect(places(ran)).toEqual(['setup/web.js', 'src/find.js']);
    const { findings } = documentOf(await host.run(['doctor', '--only', 'ops/lockfile', '--json']), 'findings');
    expect(findings).toMatchObject([{ path: 'setup/package.json' }]);
  });

  test('of projects in folders is audited folder by folder', async () => {
    const files = {
      'backend/package.json': manifest('backend'),
      'backend/src/find.js': hole,
      'frontend/package.json': JSON.stringify({ name: 'frontend', dependencies: { 'react-dom': '^19.0.0' } }),
      'frontend/src/find.js': hole,
      'docs/package.json': manifest('docs'),
      'docs/find.js': hole,
    };
    const [withGit, without] = [place(files), place(files)];
    await committed(withGit);
    for (const host of [withGit, without]) {
      const ran = await host.run(injection);
      expect(ran.code, ran.stderr).toBe(1);
      expect(places(ran)).toEqual([['backend', 'backend/src/find.js']]);
    }
  });

  test('with a package.json above, and a project of its own in a folder that no workspace names', async () => {
    const host = place({
      'package.json': JSON.stringify({ name: 'shop', dependencies: { concurrently: '^9.0.0' } }),
      'server/package.json': manifest('server'),
      'server/src/find.js': hole,
    });
    expect(places(await host.run(injection))).toEqual([['server', 'server/src/find.js']]);
  });

  test('of SQL alone is audited', async () => {
    const host = place({ 'migrations/1.sql': 'SELECT 1;\n' });
    await committed(host);
    const ran = await host.run(['doctor', '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(documentOf(ran, 'findings')).toMatchObject({ complete: true });
  });

  test('with nothing to look at is refused, and so is a folder of no project', async () => {
    const host = place({ 'README.md': 'words\n' });
    await committed(host);
    for (const one of [host, place({ 'src/find.js': hole })]) {
      const ran = await one.run(['doctor']);
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/There is no package\.json in .*\n {2}→ Run this in your project/);
    }
  });

  test('is not what lies above it', async () => {
    const host = place({ 'package.json': manifest('home'), 'home.js': hole, 'code/src/find.js': hole });
    await git({ root: join(host.root, 'code') }, 'init', '-q');
    const ran = await host.run(['doctor', '--cwd', 'code', '--only', 'sec/sql-injection', '--json']);
    expect(places(ran)).toEqual(['src/find.js']);
  });

  test('of fifty packages: one that is broken is named, and the others are audited', async () => {
    const files: Record<string, string> = {
      'package.json': JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*'] }),
      'package-lock.json': '{}\n',
    };
    for (let n = 10; n < 60; n++) {
      files[`packages/p${n}/package.json`] = n === 30 ? '{ "name": "p30", broken' : manifest(`p${n}`);
      files[`packages/p${n}/src/find.js`] = hole;
    }
    const host = place(files);
    await committed(host);
    const ran = await host.run(injection);
    expect(ran.code, ran.stderr).toBe(3);
    const { failures, findings } = documentOf(ran, 'findings');
    expect(failures).toEqual([expect.stringContaining('packages/p30: package.json')]);
    // They are copies of one.
    expect(findings).toEqual([expect.objectContaining({ also: expect.objectContaining({ length: 48 }) })]);
    const locks = await host.run(['doctor', '--only', 'ops/lockfile', '--json']);
    expect(places(locks)).toEqual([]);
  });

  test('in a worktree, and of which a part is a submodule', async () => {
    const other = place({ 'package.json': manifest('other'), 'src/find.js': hole });
    await committed(other);
    const host = place({ 'package.json': manifest('shop'), 'src/find.js': hole });
    await committed(host);
    await git(host, 'submodule', '--quiet', 'add', other.root, 'part');
    expect(places(await host.run(injection))).toEqual(['src/find.js']);
    await git(host, 'worktree', 'add', '-q', '../tree', '-b', 'next');
    const inTree = await host.run([...injection, '--cwd', '../tree']);
    expect(places(inTree)).toEqual(['src/find.js']);
    expect(places(await host.run([...injection, '--cwd', 'part']))).toEqual(['src/find.js']);
  });

  test('whose hook asks, in a package below', async () => {
    const host = place({
      'api/package.json': manifest('api'),
      'api/src/find.js': hole,
      'api/local/find.js': hole,
      '.gitignore': 'local\n',
    });
    await committed(host);
    const env = { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index' };
    const ran = await host.run([...injection, '--cwd', 'api'], { env });
    expect(places(ran)).toEqual(['src/find.js']);
  });
});

describe('files', () => {
  test('with spaces and letters of any kind, from a folder below, by a path, with carriage returns and a mark', async () => {
    const names = ['src/my file.js', 'src/größe 数.js', 'src/[id].js', "src/it's.js", 'src/-x.js', 'src/a\nb.js'];
    const host = place({
      'package.json': manifest('shop'),
      ...Object.fromEntries(names.map((name) => [name, `\uFEFF${hole.replaceAll('\n', '\r\n')}`])),
      'src/empty.js': '',
    });
    await committed(host);
    expect(places(await host.run(injection)).toSorted()).toEqual(names.toSorted());
    const { findings } = documentOf(await host.run([...injection, 'src/my file.js']), 'findings');
    expect(findings).toMatchObject([{ path: 'src/my file.js', line: 6 }]);
    const below = await host.run([...injection, '--cwd', 'src', 'größe 数.js']);
    expect(places(below)).toEqual(['src/größe 数.js']);
  });

  test('that are too large, of long lines, or no text are named; bundles and generated ones are not', async () => {
    const long = `import './a.js';\n${hole}const x = '${'x'.repeat(20_000)}';\n`;
    const host = place({
      'package.json': manifest('shop'),
      'src/a.js': 'export const a = 1;\n',
      'src/long.js': long,
      'src/large.ts': `${hole}${'// A line.\n'.repeat(100_000)}`,
      'src/copied.js': `!function(){${'var a=1;'.repeat(9_000)}}();`,
      'src/schema.generated.ts': long,
      'public/page.js': long.replace(hole, ''),
    });
    writeFileSync(join(host.root, 'src/latin.js'), Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]));
    const ran = await host.run(['doctor', '--only', 'sec/sql-injection']);
    expect(ran.code, ran.stderr).toBe(0);
    const words = ran.stdout.replaceAll(/\s+/g, ' ');
    expect(words).toContain(
      'Left out: src/large.ts (more than 1 MB), src/latin.js (no text in UTF-8), src/long.js (lines too long to be written by hand).',
    );
  });

  test('behind links: none that leads out is read, and none that leads round is followed', async () => {
    const host = place({ 'package.json': manifest('shop'), 'src/find.js': hole });
    const outside = join(host.root, '../outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'find.js'), hole);
    for (const [name, target] of [
      ['out', '../outside'],
      ['out.js', '../outside/find.js'],
      ['src/up', '..'],
      ['src/self', 'self'],
      ['gone.js', 'nowhere.js'],
    ] as const)
      symlinkSync(target, join(host.root, name));
    expect(places(await host.run(injection))).toEqual(['src/find.js']);
    await committed(host);
    const ran = await host.run(injection);
    expect(places(ran)).toEqual(['src/find.js']);
    expect(documentOf(ran, 'findings')).toMatchObject({ complete: true });
  });

  test('that may not be read are named, unless git or the settings leave them out', async () => {
    const host = place({
      'package.json': manifest('shop'),
      'src/find.js': hole,
      'src/closed.js': hole,
      'data/base/1': 'x',
    });
    for (const path of ['data/base', 'src/closed.js']) chmodSync(join(host.root, path), 0);
    try {
      const ran = await host.run(injection, { nobody: true });
      expect(ran.code, ran.stderr).toBe(3);
      expect(places(ran)).toEqual(['src/find.js']);
      const { failures } = documentOf(ran, 'findings');
      expect(failures).toEqual([
        expect.stringContaining('data/base may not be read'),
        expect.stringContaining('src/closed.js may not be read'),
      ]);
      host.write('backend-skills.json', JSON.stringify({ doctor: { exclude: ['data', 'src/closed.js'] } }));
      expect((await host.run(injection, { nobody: true })).code).toBe(1);
    } finally {
      for (const path of ['data/base', 'src/closed.js']) chmodSync(join(host.root, path), 0o755);
    }
  });

  test('that go while they are read', async () => {
    const host = place({
      'package.json': manifest('shop'),
      ...Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`src/f${n}/find.js`, hole])),
    });
    const run = host.start(injection);
    let round = 0;
    const busy = setInterval(() => {
      for (let n = 0; n < 400; n += 2) {
        const [here, there] = [`src/f${n}`, `src/g${n}`].map((path) => join(host.root, path)) as [string, string];
        if (round % 2 === 0) renameSync(here, there);
        else renameSync(there, here);
      }
      round++;
    }, 15);
    const { exitCode, stdout, stderr } = await run;
    clearInterval(busy);
    rmSync(join(host.root, 'src'), { recursive: true });
    expect(exitCode, String(stderr)).toBe(1);
    expect(documentOf({ stdout: String(stdout) }, 'findings')).toMatchObject({ complete: true });
  });
});
