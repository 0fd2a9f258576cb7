import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, documentOf, type Place, place, ready } from './program.ts';
import { talk } from './talk.ts';

beforeAll(ready);
afterAll(clearPlaces);

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const manifest = (name = 'shop') =>
  json({ name, type: 'module', main: 'src/server.js', dependencies: { bcrypt: '^6.0.0', express: '^5.1.0' } });

/** Two calls that all other requests wait for: one can be mended, the other stands where nothing is awaited. */
const server = `import bcrypt from 'bcrypt';
import express from 'express';

const app = express();   // kept   as it is
app.use(express.json());

app.post('/sign-in', async (req, res) => {
\tconst user = await find(req.body.name)
\tres.json({ ok: bcrypt.compareSync(req.body.password, user.hash) }) /* é 漢 */
});

app.listen(3000);
`;
const mendedServer = server.replace('bcrypt.compareSync', 'await bcrypt.compare');
const otp =
  "import express from 'express';\r\n\r\nexport const router = express.Router();\r\nexport const makeOtp = () => Math.floor(100000 + Math.random() * 900000);";
const mendedOtp = otp
  .replace("express';\r\n", "express';\r\nimport { randomInt } from 'node:crypto';\r\n")
  .replace('Math.floor(100000 + Math.random() * 900000)', 'randomInt(100000, 1000000)');

const files = { 'package.json': manifest(), 'package-lock.json': '{}\n', 'src/server.js': server, 'src/otp.js': otp };
const shop = (more: Readonly<Record<string, string>> = {}): Place => place({ ...files, ...more });
const fix = [
  'doctor',
  '--fix',
  '--only',
  'res/sync-in-handler',
  '--only',
  'sec/weak-crypto',
  '--only',
  'sec/env-tracked',
];

async function git(host: Place, ...args: string[]): Promise<void> {
  await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: host.root });
}

async function committed(host: Place): Promise<Place> {
  await git(host, 'init', '-q', '-b', 'main');
  await git(host, 'add', '-A');
  await git(host, 'commit', '-qm', 'All of it');
  return host;
}

describe('doctor --fix', () => {
  test('with --dry-run shows each edit and writes nothing', async () => {
    const host = shop();
    const before = host.photo();
    const ran = await host.run([...fix, '--dry-run']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('-\tres.json({ ok: bcrypt.compareSync');
    expect(ran.stdout).toContain('+\tres.json({ ok: await bcrypt.compare(');
    expect(ran.stdout).toContain('res/sync-in-handler: src/server.js:9');
    expect(host.photo()).toEqual(before);
  });

  test('writes them and nothing else; the rules are silent then, and a second run changes nothing', async () => {
    const host = await committed(shop());
    chmodSync(join(host.root, 'src/otp.js'), 0o755);
    await git(host, 'commit', '-qam', 'A mode');
    const before = host.photo();
    const ran = await host.run(fix);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('Mended src/otp.js, src/server.js. To take it back: backend-skills undo');
    const after = host.photo();
    const latin = (text: string): string => Buffer.from(text).toString('latin1');
    expect(after).toEqual({ ...before, 'src/server.js': latin(mendedServer), 'src/otp.js': latin(mendedOtp) });
    const { stdout } = await execa('git', ['status', '--porcelain'], { cwd: host.root });
    expect(stdout).toBe(' M src/otp.js\n M src/server.js');
    const again = await host.run([...fix, '--json']);
    expect(documentOf(again, 'plan')).toMatchObject({ verb: 'fix', applied: false, plans: [{ changes: [] }] });
    expect((await host.run(['doctor', '--only', 'res/sync-in-handler', '--fail-on', 'info'])).code).toBe(0);
    expect(host.photo()).toEqual(after);
  });

  test('is taken back by undo, to the byte', async () => {
    const host = shop();
    const before = host.photo();
    expect((await host.run(fix)).code).toBe(0);
    expect(host.photo()).not.toEqual(before);
    const ran = await host.run(['undo']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('Took back: fix doctor.');
    expect(host.photo()).toEqual(before);
  });

  test('is not undone over what was edited since', async () => {
    const host = shop();
    await host.run(fix);
    host.write('src/server.js', `${mendedServer}// Mine.\n`);
    const before = host.photo();
    const ran = await host.run(['undo']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('src/server.js');
    expect(host.photo()).toEqual(before);
  });

  test('refuses files that are not committed, and no others; --force goes on', async () => {
    const host = await committed(shop());
    host.write('src/other.js', 'export const a = 1;\n');
    host.write('src/server.js', `${server}// Not committed.\n`);
    const before = host.photo();
    const ran = await host.run(fix);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('Not committed yet, and about to be changed: src/server.js.');
    expect(host.photo()).toEqual(before);
    const other = await host.run([...fix, 'src/otp.js']);
    expect(other.code, other.stderr).toBe(0);
    expect(host.read('src/otp.js')).toBe(mendedOtp);
    const forced = await host.run([...fix, '--force']);
    expect(forced.code, forced.stderr).toBe(0);
    expect(host.read('src/server.js')).toBe(`${mendedServer}// Not committed.\n`);
  });

  test('gives one document with --json, and keeps to the rules and paths that are named', async () => {
    const host = shop();
    const dry = documentOf(await host.run([...fix, '--dry-run', '--json']), 'plan');
    expect(dry).toMatchObject({ verb: 'fix', applied: false });
    expect(host.read('src/server.js')).toBe(server);
    const only = await host.run(['doctor', '--fix', '--only', 'sec/weak-crypto', '--json']);
    expect(documentOf(only, 'plan')).toMatchObject({ applied: true, plans: [{ changes: [{ path: 'src/otp.js' }] }] });
    const path = await host.run([...fix, 'src/otp.js', '--json']);
    expect(documentOf(path, 'plan')).toMatchObject({ applied: false, plans: [{ changes: [] }] });
    expect(host.read('src/server.js')).toBe(server);
  });

  test('mends what it can where a file cannot be read, and is incomplete', async () => {
    const host = shop({ 'src/broken.js': "import bcrypt from 'bcrypt';\nbcrypt.hashSync(;\n" });
    const ran = await host.run(fix);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('Could not be looked at: src/broken.js could not be parsed.');
    expect(host.read('src/server.js')).toBe(mendedServer);
  });

  test('leaves what a comment or the baseline lets be', async () => {
    const calm = server.replace(
      '\tres.json',
      '\t// backend-skills-ignore-next-line res/sync-in-handler -- rare\n\tres.json',
    );
    const host = shop({ 'src/server.js': calm });
    await host.run(['doctor', '--only', 'sec/weak-crypto', '--update-baseline']);
    const before = host.photo();
    expect((await host.run(fix)).code).toBe(0);
    expect(host.photo()).toEqual(before);
  });

  test('mends the second of two that edit one place in the next run', async () => {
    const secret = `API_SECRET=a9f8${'b7c6d5e4'}\n`;
    const host = await committed(shop({ 'src/server.js': 'export {};\n', 'src/otp.js': 'export {};\n' }));
    host.write('.env', secret);
    host.write('.env.production', secret);
    const first = await host.run(fix);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('1 more stands where another is mended');
    expect(host.read('.gitignore')).toBe('.env\n');
    const second = await host.run([...fix, '--force']);
    expect(second.code, second.stderr).toBe(0);
    expect(host.read('.gitignore')).toBe('.env\n.env.production\n');
    expect((await host.run(fix)).stdout).toContain('Nothing that can be mended without a person.');
  });

  test('mends the packages of a workspace in one plan, or the one that is named', async () => {
    const workspace = (): Place =>
      place({
        'package.json': json({ name: 'all', private: true, workspaces: ['apps/*'] }),
        'package-lock.json': '{}\n',
        'apps/api/package.json': manifest('api'),
        'apps/api/src/server.js': server,
        'apps/codes/package.json': manifest('codes'),
        'apps/codes/src/otp.js': otp,
      });
    const [all, one] = [workspace(), workspace()];
    const before = all.photo();
    expect((await all.run(fix)).code).toBe(0);
    expect(all.read('apps/api/src/server.js')).toBe(mendedServer);
    expect(all.read('apps/codes/src/otp.js')).toBe(mendedOtp);
    expect((await all.run(['undo'])).code).toBe(0);
    expect(all.photo()).toEqual(before);
    expect((await one.run([...fix, 'apps/codes'])).code).toBe(0);
    expect(one.read('apps/api/src/server.js')).toBe(server);
    expect(one.read('apps/codes/src/otp.js')).toBe(mendedOtp);
  });
});

describe('at a terminal', () => {
  const enter = '\r';

  /** A shop with a webhook that believes everybody, and a sign-in that can be tried for ever. */
  const open = `import bcrypt from 'bcrypt';
import express from 'express';

const app = express();
app.use(express.json());

app.post('/webhooks/stripe', async (req, res) => {
  await markPaid(req.body.data.object.id);
  res.sendStatus(200);
});

app.post('/login', async (req, res) => {
  const user = await find(String(req.body.email));
  res.json({ ok: bcrypt.compareSync(String(req.body.password), user.hash) });
});

app.listen(process.env.PORT);
`;

  test('asks before it writes; no changes nothing, with exit code 1', async () => {
    const host = shop();
    const before = host.photo();
    const no = await talk(host.atTerminal(fix), [['Write these?', 'n']]);
    expect(no.exitCode, no.shown).toBe(1);
    expect(host.photo()).toEqual(before);
    const stopped = await talk(host.atTerminal(fix), [['Write these?', '\u0003']]);
    expect(stopped.exitCode, stopped.shown).toBe(130);
    expect(host.photo()).toEqual(before);
    const yes = await talk(host.atTerminal(fix), [['Write these?', enter]]);
    expect(yes.exitCode, yes.shown).toBe(0);
    expect(host.read('src/server.js')).toBe(mendedServer);
  });

  test('doctor ends with the one command that would mend most', async () => {
    const { shown } = await talk(shop().atTerminal(['doctor', ...fix.slice(2)]), []);
    expect(shown).toContain('→ backend-skills doctor --fix mends 2 of these (undo takes it back)');
    const { shown: other } = await talk(
      shop({ 'src/server.js': open }).atTerminal(['doctor', '--only', 'sec/auth-rate-limit']),
      [],
    );
    expect(other).toContain('→ backend-skills add rate-limit settles 1 of these');
  });

  test('--yes asks nothing', async () => {
    const host = shop();
    const { shown, exitCode } = await talk(host.atTerminal([...fix, '--yes']), []);
    expect(exitCode, shown).toBe(0);
    expect(shown).not.toContain('Write these?');
    expect(host.read('src/server.js')).toBe(mendedServer);
  });

  test('adds the skills that settle findings, from the finding to the wired module', async () => {
    const host = await committed(shop({ 'src/server.js': open }));
    const programs = join(host.root, '../programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'npm'), '#!/bin/sh\nexit 0\n');
    chmodSync(join(programs, 'npm'), 0o755);
    const rules = ['res/sync-in-handler', 'sec/webhook-unverified', 'sec/auth-rate-limit'];
    const words = ['doctor', '--fix', ...rules.flatMap((rule) => ['--only', rule])];
    const run = host.atTerminal(words, { env: { PATH: `${programs}:/usr/bin:/bin` } });
    const { shown, exitCode } = await talk(run, [
      ['Write these?', enter],
      ['Add webhook?', enter],
      ['Where to remember', enter],
      ['Apply these changes?', enter],
      ['Add rate-limit?', enter],
      ['Where to count?', enter],
      ['How to count?', enter],
      ['How many requests', enter],
      ['Limits by plan', enter],
      ['Monthly quotas', enter],
      ['Apply these changes?', enter],
    ]);
    expect(exitCode, shown).toBe(0);
    expect(shown).not.toContain('Not committed yet');
    expect(shown).toContain('Added webhook');
    expect(shown).toContain('Then look at src/server.js:7, where it was missed.');
    const text = host.read('src/server.js');
    expect(text).toContain('await bcrypt.compare(');
    // The route that is there keeps its path; the provider is moved over to the new one by hand.
    expect(text).toContain("app.use('/signed-webhooks', webhooks);");
    expect(text).toContain('app.use(rateLimit);');
    expect(host.read('src/rate-limit/login.js')).toContain('export');
    const left = documentOf(await host.run([...words.filter((word) => word !== '--fix'), '--json']), 'findings');
    expect(left.findings).toMatchObject([{ rule: 'sec/webhook-unverified' }]);
    const checked = await host.run(['check']);
    expect(checked.code, checked.stdout).toBe(0);
  });
});
