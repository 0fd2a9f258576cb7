import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textsOf } from '../skills/elsewhere.ts';
import { clearPlaces, documentOf, type Place, place, ready, refuses } from './program.ts';
import { shop } from './projects.ts';

/** Skills from elsewhere, through the program as it is shipped. */

beforeAll(ready);
afterAll(clearPlaces);

const skillAt = (folder: string, texts: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...texts].map(([path, text]) => [`${folder}/${path}`, text]));

const withSkill = (texts: ReadonlyMap<string, string> = textsOf()): Place =>
  place({ ...shop, ...skillAt('skills/audit', texts) });

const quiet = ['--no-install', '--yes'];

interface PlanDocument {
  plans: { source: { hash: string; resolved: string } | null }[];
}
const hashIn = async (where: Place, source: string): Promise<string> => {
  const plan = documentOf(await where.run(['add', source, '--dry-run', '--json']), 'plan') as unknown as PlanDocument;
  return plan.plans[0]?.source?.hash ?? '';
};

describe('a skill from a folder', () => {
  test('is added, checked offline without the folder, grown, and removed without a trace', async () => {
    const where = withSkill();
    const before = where.photo();
    const added = await where.run(['add', './skills/audit', ...quiet]);
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/Audit \(audit 1\.0\.0\) was not made by backend-skills/);
    expect(added.stdout).toMatch(/packages {2}zod \^4\.0\.0/);
    expect(added.stdout).toMatch(/scripts {3}audit: node scripts\/audit\.js/);
    expect(where.read('package.json')).toMatch(/"zod": "\^4\.0\.0"/);
    expect(JSON.parse(where.read('.backend-skills/lock.json')).skills.audit.source).toMatchObject({
      from: './skills/audit',
    });

    await execa('mv', ['skills', 'elsewhere'], { cwd: where.root });
    expect(await where.run(['check'])).toMatchObject({ code: 0 });
    const grown = await where.run(['update', 'audit', '--set', 'level=writes', ...quiet]);
    expect(grown.code, grown.stderr).toBe(0);
    expect(where.read('src/audit/index.ts')).toMatch(/writes/);
    expect(await where.run(['add', 'audit', ...quiet])).toMatchObject({ code: 0 });
    await execa('mv', ['elsewhere', 'skills'], { cwd: where.root });
    expect(await where.run(['remove', 'audit', ...quiet])).toMatchObject({ code: 0 });
    expect(where.photo()).toEqual(before);
  });

  test('is taken back by undo', async () => {
    const where = withSkill();
    const before = where.photo();
    await where.run(['add', './skills/audit', ...quiet]);
    expect(await where.run(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(where.photo()).toEqual(before);
  });

  test('moves to newer content by update with its source, with the edits kept', async () => {
    const where = withSkill();
    await where.run(['add', './skills/audit', ...quiet]);
    where.write('src/audit/index.ts', `// mine\n${where.read('src/audit/index.ts')}`);
    const template = where.read('skills/audit/index.ts.hbs').replace('response.json([]);', 'response.json({});');
    where.write('skills/audit/index.ts.hbs', template);
    const updated = await where.run(['update', './skills/audit', ...quiet]);
    expect(updated.code, updated.stderr).toBe(0);
    expect(where.read('src/audit/index.ts')).toMatch(/^\/\/ mine\n[\s\S]*response\.json\(\{\}\);/);
    expect(await where.run(['check'])).toMatchObject({ code: 0 });
  });

  test('whose kept copy was changed is refused with both hashes, and taken out all the same', async () => {
    const where = withSkill();
    await where.run(['add', './skills/audit', ...quiet]);
    const copy = '.backend-skills/skills/audit/index.ts.hbs.txt';
    where.write(copy, `${where.read(copy)}// evil\n`);
    const says = [/was changed: its sha256 is [0-9a-f]{64}, and the lock names [0-9a-f]{64}/];
    await refuses(where, ['update', 'audit', ...quiet], says);
    await refuses(where, ['add', 'audit', ...quiet], says);
    const checked = await where.run(['check']);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(/was changed: its sha256 is/);
    const removed = await where.run(['remove', 'audit', ...quiet]);
    expect(removed.code, removed.stderr).toBe(0);
    expect(removed.stdout).toMatch(/\.backend-skills\/skills\/audit: kept, because it was changed/);
  });
});

describe('trust', () => {
  test('nobody there to say yes is no yes', async () => {
    await refuses(
      withSkill(),
      ['add', './skills/audit', '--no-install'],
      [/nobody is here to say yes/, /--trust [0-9a-f]{64}/],
    );
  });

  test('is given to a content, and to no other', async () => {
    const where = withSkill();
    const hash = await hashIn(where, './skills/audit');
    await refuses(
      where,
      ['add', './skills/audit', '--no-install', '--trust', '0'.repeat(64)],
      [new RegExp(hash), /--trust names 0{64}/],
    );
    await refuses(where, ['add', './skills/audit', '--no-install', '--trust', hash.slice(0, 11)], [/--trust names/]);
    expect(await where.run(['add', './skills/audit', '--no-install', '--trust', hash])).toMatchObject({ code: 0 });
    await refuses(where, ['add', './skills/audit', '--trust', '1'.repeat(64), ...quiet], [/--trust names 1{64}/]);
  });

  test('is asked for at a terminal, and not given by pressing return', async () => {
    const where = withSkill();
    const before = where.photo();
    const child = where.atTerminal(['add', './skills/audit', '--no-install']);
    const waiting = ['Mounted at which path?', 'How much?', 'Trust audit'];
    let seen = '';
    child.stdout.on('data', (chunk) => {
      seen += stripVTControlCharacters(String(chunk));
      if (waiting[0] === undefined || !seen.includes(waiting[0])) return;
      waiting.shift();
      seen = '';
      child.stdin?.write('\r');
    });
    const { exitCode, stdout } = await child;
    expect(stdout).toMatch(/Trust audit, and apply these changes\?/);
    expect(exitCode, stdout).toBe(1);
    expect(where.photo()).toEqual(before);
  });
});

describe('a name', () => {
  test.each([{ id: 'webhook', scripts: [] }, { aliases: ['rate-limit'] }])(
    'of ours is not given away: %j',
    async (changes) => {
      await refuses(
        withSkill(textsOf(changes)),
        ['add', './skills/audit', ...quiet],
        [/is the name of one that ships with/],
      );
    },
  );

  test('that is installed from one source is not taken over from another', async () => {
    const where = place({
      ...shop,
      ...skillAt('skills/audit', textsOf()),
      ...skillAt('other/audit', textsOf({ title: 'Evil' })),
    });
    await where.run(['add', './skills/audit', ...quiet]);
    await refuses(
      where,
      ['add', './other/audit', ...quiet],
      [/"audit" is here from \.\/skills\/audit/, /remove audit/],
    );
  });
});

test('a skill comes from a tarball of npm pack and from a git repository, and is the same', async () => {
  const where = withSkill(textsOf({}, { 'package.json': '{"name":"skill-audit","version":"1.0.0"}' }));
  const folder = join(where.root, 'skills/audit');
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', where.root], { cwd: folder });
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-qm', 'One');
  const sources = ['./skills/audit', './skill-audit-1.0.0.tgz', `git+file://${folder}`, 'file:skills/audit'];
  const hashes = await Promise.all(sources.map((source) => hashIn(where, source)));
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(hashes).size).toBe(1);
  const added = await where.run(['add', `git+file://${folder}`, ...quiet]);
  expect(added.code, added.stderr).toBe(0);
  expect(added.stdout).toMatch(/add git\+file:\/\/\S+#[0-9a-f]{40} .*--trust [0-9a-f]{64} --yes/);
  expect(await where.run(['check'])).toMatchObject({ code: 0 });
});

test.each<[string, ReadonlyMap<string, string>, RegExp]>([
  ['a lifecycle script', textsOf({ scripts: [{ name: 'postinstall', run: 'node x.js' }] }), /npm runs it by itself/],
  [
    'an option as a package',
    textsOf({ dependencies: [{ name: '--global', range: '1.0.0' }] }),
    /is not the name of a package/,
  ],
  ['a prototype', textsOf({}, { 'index.ts.hbs': '{{constructor.constructor}}' }), /which nothing defines/],
  [
    'a template that never ends',
    textsOf({}, { 'index.ts.hbs': `${'{{#if level}}'.repeat(30_000)}${'{{/if}}'.repeat(30_000)}` }),
    /nested more than 100 levels/,
  ],
  ['code that never ends', textsOf({}, { 'index.ts.hbs': `x = ${'['.repeat(100_000)}` }), /is not valid code/],
  [
    'a pattern that never ends',
    textsOf({
      choices: { path: { ask: '?', kind: 'text', pattern: '(?=(a+)+$)', defaults: [{ value: '/a', because: '' }] } },
    }),
    /cannot be used/,
  ],
  ['a title that moves the cursor', textsOf({ title: '\u001b[2J' }), /not seen|control character/],
  ['a file of another skill', textsOf({}, { '.env': 'KEY=1' }), /is hidden/],
])('a hostile skill is refused with nothing written: %s', async (_, texts, says) => {
  await refuses(withSkill(texts), ['add', './skills/audit', ...quiet], [says]);
});

test('a skill that is a link to what is not its own is refused', async () => {
  const where = withSkill();
  symlinkSync('/etc/passwd', join(where.root, 'skills/audit/more.md'));
  await refuses(where, ['add', './skills/audit', ...quiet], [/"more.md" is a link/]);
});

test.each([
  ['http://example.com/a.tgz', /no source that is known/],
  ['git+ext::sh -c id', /does not name a repository/],
  ['npm:--global', /does not name a package/],
  ['./nowhere', /There is no folder/],
  ['./nowhere.tgz', /cannot be read \(ENOENT\)/],
])('a source that is none is refused: %s', async (source, says) => {
  await refuses(place(shop), ['add', source, ...quiet], [says]);
});

describe('skill', () => {
  test('new, validate and test work at once, and what they print is data too', async () => {
    const where = place(shop);
    const made = documentOf(
      await where.run(['skill', 'new', 'audit-log', '--framework', 'express,hono', '--json']),
      'skill-new',
    );
    expect(made).toMatchObject({ id: 'audit-log', folder: './audit-log' });
    expect(readdirSync(join(where.root, 'audit-log')).sort()).toEqual([
      'SKILL.md',
      'core',
      'express',
      'hono',
      'skill.json',
      'tests',
    ]);
    expect(documentOf(await where.run(['skill', 'validate', 'audit-log', '--json']), 'skill-validation')).toMatchObject(
      { valid: true, faults: [] },
    );
    const tried = await where.run(['skill', 'test', 'audit-log', '--json']);
    expect(tried.code, tried.stderr).toBe(0);
    const { hosts } = documentOf(tried, 'skill-test') as unknown as { hosts: { runs: number; broken: unknown[] }[] };
    expect(hosts.length).toBe(readdirSync(join(import.meta.dirname, '../../fixtures')).length);
    expect(hosts.filter(({ runs }) => runs > 0).length).toBeGreaterThan(5);
    expect(hosts.flatMap(({ broken }) => broken)).toEqual([]);
    expect((await where.run(['add', './audit-log', ...quiet])).code).toBe(0);
    expect(readFileSync(join(where.root, 'src/audit-log/index.ts'), 'utf8')).toMatch(/auditLog\.get\('\/'/);
  });

  test('validate names every fault, and ends with 1', async () => {
    const where = withSkill(textsOf({}, { 'stray.ts': '', 'index.ts.hbs': '{{typo}}' }));
    const ran = await where.run(['skill', 'validate', 'skills/audit']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/stray\.ts/);
    expect(ran.stdout).toMatch(/\{\{typo\}\}/);
  });

  test.each([
    [['skill', 'new', 'webhook'], /ships with backend-skills/],
    [['skill', 'new', 'Audit Log'], /is not a name/],
    [['skill', 'new', 'delete'], /is not a name/],
    [['skill', 'new', 'src'], /is there already/],
    [['skill', 'new', 'a', '--framework', 'rails'], /Choose from/],
    [['skill', 'validate', 'nowhere'], /There is no folder nowhere/],
    [['skill', 'test', 'src'], /no skill\.json/],
  ])('%j is refused', async (args, says) => {
    await refuses(place(shop), args, [says]);
  });
});
