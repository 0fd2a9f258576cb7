import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { packTar, type TarEntry } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchSource, rooted } from '../../src/edge/sources/index.ts';
import { loadForeign } from '../../src/skills/foreign.ts';
import { parseSource } from '../../src/skills/source.ts';
import { textsOf } from '../skills/elsewhere.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sources-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Fetches as the command line does, and loads what comes. */
async function fetched(text: string) {
  const source = parseSource(text);
  if (source === null) throw new Error(`${text} is no source.`);
  const found = await fetchSource(rooted(source, root, root), text, root);
  return loadForeign(found.source.from, found.texts, found.source);
}

function folderOf(name: string, texts: ReadonlyMap<string, string>): string {
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

const hash = loadForeign('x', textsOf(), { from: 'x', resolved: 'x' }).source?.hash;
const packageJson = JSON.stringify({ name: '@acme/skill-audit', version: '1.2.3', license: 'MIT' });

describe('a folder', () => {
  test('is read, without what packages and repositories bring', async () => {
    folderOf(
      'plain',
      textsOf({}, { 'package.json': packageJson, 'README.md': '#', '.git/HEAD': 'ref', '.gitignore': 'x' }),
    );
    const skill = await fetched('./plain');
    expect(skill.source).toEqual({ from: './plain', resolved: './plain', hash });
  });

  const broken: [string, (folder: string) => void, RegExp][] = [
    ['a link to a file', (folder) => symlinkSync('/etc/passwd', join(folder, 'a.md')), /"a.md" is a link/],
    ['a link to a folder', (folder) => symlinkSync('/etc', join(folder, 'docs')), /"docs" is a link/],
    ['a link that leads nowhere', (folder) => symlinkSync('/nowhere', join(folder, 'a.md')), /"a.md" is a link/],
    ['a .git that is a link', (folder) => symlinkSync('/etc', join(folder, '.git')), /".git" is a link/],
    ['packages', (folder) => mkdirSync(join(folder, 'node_modules')), /"node_modules" is in it/],
    ['a file of 1 GB', (folder) => large(join(folder, 'a.md'), 2 ** 30), /"a.md" has more than 1,000,000 bytes/],
    [
      'bytes that are no text',
      (folder) => writeFileSync(join(folder, 'a.md'), Buffer.from([0x61, 0xff])),
      /"a.md" is not a text/,
    ],
    ['a zero byte', (folder) => writeFileSync(join(folder, 'a.md'), 'a\0b'), /"a.md" is not a text/],
    [
      'a thousand files',
      (folder) => Array.from({ length: 1000 }, (_, n) => writeFileSync(join(folder, `${n}.md`), '')),
      /more than 500 files/,
    ],
    ['a secret of the host’s', (folder) => writeFileSync(join(folder, '.env'), 'KEY=1'), /".env" is hidden/],
    [
      'folders without end',
      (folder) => mkdirSync(join(folder, 'a/'.repeat(40)), { recursive: true }),
      /more than 12 deep/,
    ],
  ];

  test.each(broken)('with %s is refused', async (name, breakIt, says) => {
    const folder = name.replaceAll(/\W+/g, '-');
    breakIt(folderOf(folder, textsOf()));
    await expect(fetched(`./${folder}`)).rejects.toThrow(says);
  });

  test('with a pipe in it is refused, not waited for', async () => {
    await execa('mkfifo', [join(folderOf('pipe', textsOf()), 'a.md')]);
    await expect(fetched('./pipe')).rejects.toThrow(/"a.md" is not a plain file/);
  });

  test('that is not there is named', async () => {
    await expect(fetched('./nowhere')).rejects.toThrow('There is no folder ./nowhere.');
  });
});

function large(path: string, bytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, bytes);
}

describe('a tarball', () => {
  test('of npm pack is the same skill', async () => {
    const folder = folderOf('packed', textsOf({}, { 'package.json': packageJson, 'README.md': '#', LICENSE: 'MIT' }));
    await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', root], { cwd: folder });
    const skill = await fetched('./acme-skill-audit-1.2.3.tgz');
    expect(skill.source).toMatchObject({ from: './acme-skill-audit-1.2.3.tgz', hash });
  });

  test('of git archive is the same skill', async () => {
    const url = await repository('archived', textsOf());
    const git = url.replace('file://', '');
    await execa(
      'git',
      ['archive', '--format=tar.gz', '--prefix=audit-main/', '-o', join(root, 'archived.tar.gz'), 'HEAD'],
      { cwd: git },
    );
    expect((await fetched('./archived.tar.gz')).source?.hash).toBe(hash);
  });

  const plain = [...textsOf()].map(
    ([path, text]): TarEntry => ({ header: { name: `package/${path}`, size: Buffer.byteLength(text) }, body: text }),
  );
  const evil = (header: Partial<TarEntry['header']> & { name: string }, body = ''): TarEntry => ({
    header: { size: Buffer.byteLength(body), ...header },
    body,
  });

  test.each<[string, TarEntry[], RegExp]>([
    ['a path that leads out', [evil({ name: 'package/../../evil.md' })], /leads out of it/],
    ['a path that is absolute', [evil({ name: '/etc/evil.md' })], /leads out of it/],
    ['a drive letter', [evil({ name: 'C:/evil.md' })], /leads out of it/],
    ['a backslash', [evil({ name: 'package\\..\\evil.md' })], /leads out of it/],
    [
      'a symbolic link',
      [evil({ name: 'package/a.md', type: 'symlink', linkname: '/etc/passwd' })],
      /is a symlink, not a plain file/,
    ],
    [
      'a hard link',
      [evil({ name: 'package/a.md', type: 'link', linkname: '/etc/passwd' })],
      /is a link, not a plain file/,
    ],
    ['a device', [evil({ name: 'package/a.md', type: 'character-device' })], /is a character-device, not a plain file/],
    ['a pipe', [evil({ name: 'package/a.md', type: 'fifo' })], /is a fifo, not a plain file/],
    ['one file twice', [evil({ name: 'package/SKILL.md' }, 'other')], /"SKILL.md" is in it twice/],
    ['a hook', [evil({ name: 'package/.git/hooks/post-checkout' }, 'evil')], /is not a path that a skill can have/],
    ['a workflow', [evil({ name: 'package/.github/workflows/ci.yml' }, 'evil')], /is hidden/],
    ['packages', [evil({ name: 'package/node_modules/x/index.js' }, 'evil')], /is not a path that a skill can have/],
    ['a large file', [evil({ name: 'package/a.md' }, 'x'.repeat(1_000_001))], /has more than 1000000 bytes/],
    [
      'a thousand files',
      Array.from({ length: 1000 }, (_, n) => evil({ name: `package/${n}.md` })),
      /more than 500 files/,
    ],
    [
      'no text',
      [{ header: { name: 'package/a.md', size: 2 }, body: new Uint8Array([0x61, 0xff]) }],
      /"a.md" is not a text/,
    ],
    [
      'a script on install',
      [evil({ name: 'package/package.json' }, '{"scripts":{"postinstall":"evil"}}')],
      /would run when it is installed/,
    ],
  ])('with %s is refused', async (name, entries, says) => {
    const file = `evil-${createHash('sha256').update(name).digest('hex').slice(0, 8)}.tgz`;
    writeFileSync(join(root, file), gzipSync(await packTar([...plain, ...entries])));
    await expect(fetched(`./${file}`)).rejects.toThrow(says);
  });

  test.each<[string, () => Uint8Array, RegExp]>([
    ['is no tarball', () => gzipSync('not a tarball '.repeat(99)), /is not a tarball/],
    ['is not zipped', () => Buffer.from('plain'), /not a gzipped tarball/],
    ['is cut off', () => gzipSync(Buffer.alloc(5000, 'x')).subarray(0, 20), /not a gzipped tarball/],
    ['unpacks to a gigabyte', () => gzipSync(Buffer.alloc(200_000_000)), /more than 10000000 bytes in all/],
  ])('that %s is refused', async (name, bytes, says) => {
    const file = `${name.replaceAll(' ', '-')}.tgz`;
    writeFileSync(join(root, file), bytes());
    await expect(fetched(`./${file}`)).rejects.toThrow(says);
  });

  test('of 1 GB is refused before it is read', async () => {
    large(join(root, 'large.tgz'), 2 ** 30);
    await expect(fetched('./large.tgz')).rejects.toThrow(/larger than 12000000 bytes/);
  });
});

async function repository(
  name: string,
  texts: ReadonlyMap<string, string>,
  prepare = (_: string): void => {},
): Promise<string> {
  const folder = folderOf(name, texts);
  prepare(folder);
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A', '-f');
  await git('commit', '-q', '-m', 'One');
  return `file://${folder}`;
}

describe('a git repository', () => {
  test('is read at its newest, at a branch, a tag and a commit, in a folder of it', async () => {
    const texts = new Map([...textsOf()].map(([path, text]) => [`skills/audit/${path}`, text] as const));
    const url = await repository('git-plain', texts);
    const git = (...args: string[]) =>
      execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: join(root, 'git-plain') });
    await git('tag', 'v1');
    const first = (await git('rev-parse', 'HEAD')).stdout;
    writeFileSync(join(root, 'git-plain/skills/audit/SKILL.md'), '# newer');
    await git('commit', '-q', '-a', '-m', 'Two');
    const second = (await git('rev-parse', 'HEAD')).stdout;
    const from = `git+${url}//skills/audit`;
    expect((await fetched(`${from}#v1`)).source).toEqual({ from: `${from}#v1`, resolved: `${from}#${first}`, hash });
    expect((await fetched(`${from}#${first}`)).source?.hash).toBe(hash);
    for (const newest of [from, `${from}#main`])
      expect((await fetched(newest)).source?.resolved).toBe(`${from}#${second}`);
    await expect(fetched(`${from}#nowhere`)).rejects.toThrow(/could not be fetched/);
    await expect(fetched(`git+${url}//nowhere`)).rejects.toThrow(/has no folder "nowhere"/);
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    ['a link', (folder) => symlinkSync('/etc/passwd', join(folder, 'a.md')), /"a.md" is a link/],
    ['a large file', (folder) => large(join(folder, 'a.md'), 2_000_000), /"a.md" has more than 1,000,000 bytes/],
    ['a hidden file', (folder) => writeFileSync(join(folder, '.env'), 'x'), /".env" is hidden/],
  ])('with %s is refused', async (name, prepare, says) => {
    const url = await repository(`git-${name.replaceAll(' ', '-')}`, textsOf(), prepare);
    await expect(fetched(`git+${url}`)).rejects.toThrow(says);
  });

  test('with a submodule is refused', async () => {
    const inner = await repository('git-inner', textsOf());
    const url = await repository('git-outer', textsOf(), () => {});
    const cwd = join(root, 'git-outer');
    await execa('git', ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'inner'], { cwd });
    await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'Two'], { cwd });
    await expect(fetched(`git+${url}`)).rejects.toThrow(/"inner" is not a plain file|".gitmodules" is hidden/);
  });

  test('runs no filter and no hook of anybody', async () => {
    const proof = join(root, 'filtered');
    const url = await repository('git-filter', textsOf({}, { '.gitattributes': '*.md filter=evil\n' }));
    await execa('git', ['config', 'filter.evil.smudge', `touch ${proof}`], { cwd: join(root, 'git-filter') });
    expect((await fetched(`git+${url}`)).source?.hash).toBe(hash);
    expect(() => readFileSync(proof)).toThrow('ENOENT');
  });
});

describe('a package', () => {
  let server: Server;
  const before = process.env.npm_config_registry;

  beforeAll(async () => {
    const folder = folderOf('published', textsOf({}, { 'package.json': packageJson }));
    await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', join(root, 'published')], { cwd: folder });
    const tarball = readFileSync(join(folder, 'acme-skill-audit-1.2.3.tgz'));
    server = createServer((request, response) => {
      const { port } = server.address() as AddressInfo;
      if (request.url === '/audit.tgz') response.end(tarball);
      else if (request.url === '/@acme%2fskill-audit') {
        const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
        const dist = { tarball: `http://127.0.0.1:${port}/audit.tgz`, integrity };
        const versions = { '1.2.3': { name: '@acme/skill-audit', version: '1.2.3', dist } };
        response.end(JSON.stringify({ name: '@acme/skill-audit', 'dist-tags': { latest: '1.2.3' }, versions }));
      } else {
        response.statusCode = 404;
        response.end('{}');
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    process.env.npm_config_registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.npm_config_registry;
    else process.env.npm_config_registry = before;
    server.close();
  });

  test('is had from the registry, at the version that its range names', async () => {
    const from = 'npm:@acme/skill-audit@^1.0.0';
    expect((await fetched(from)).source).toEqual({ from, resolved: 'npm:@acme/skill-audit@1.2.3', hash });
  });

  test.each(['npm:@acme/skill-nothing', 'npm:@acme/skill-audit@^9'])(
    'that the registry does not have is named: %s',
    async (from) => {
      await expect(fetched(from)).rejects.toThrow(`The registry has no ${from}.`);
    },
  );
});
