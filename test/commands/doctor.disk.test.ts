import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baselinePath } from '../../src/doctor/baseline.ts';
import { clearPlaces, documentOf, type Place, place, ready } from './program.ts';

beforeAll(ready);
afterAll(clearPlaces);

const manifest = `${JSON.stringify({ name: 'shop', type: 'module', dependencies: { express: '^5.1.0', pg: '^8.0.0' } })}\n`;

/** One hole and nothing else that these tests ask about. */
const hole = `import { Pool } from 'pg';

const pool = new Pool();

export async function find(req, res) {
  res.json(await pool.query(\`SELECT * FROM users WHERE id = '\${req.query.id}'\`));
}
`;

const only = ['--only', 'sec/sql-injection'];
const shop = (more: Readonly<Record<string, string>> = {}): Place =>
  place({ 'package.json': manifest, 'package-lock.json': '{}\n', 'src/find.js': hole, ...more });

async function committed(host: Place): Promise<void> {
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: host.root });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-qm', 'All of it');
}

describe('doctor', () => {
  test('shows the code, what it does and what to do, and ends with 1', async () => {
    const ran = await shop().run(['doctor', ...only]);
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stdout).toContain('src/find.js:6:');
    expect(ran.stdout).toContain('> 6 |');
    expect(ran.stdout).toContain('Pass the values as parameters');
    expect(ran.stdout).toMatch(/1 error\. Looked at 1 source file/);
  });

  test('gives one document, the same twice', async () => {
    const host = shop();
    const [first, second] = [await host.run(['doctor', '--json']), await host.run(['doctor', '--json'])];
    const { complete, findings } = documentOf(first, 'findings');
    expect(complete).toBe(true);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'sec/sql-injection' }));
    expect(first.stdout).toBe(second.stdout);
  });

  test('ends with 0 where nothing is found at or above --fail-on, or with --exit-zero', async () => {
    expect((await shop({ 'src/find.js': 'export const a = 1;\n' }).run(['doctor', ...only])).code).toBe(0);
    expect((await shop().run(['doctor', ...only, '--exit-zero'])).code).toBe(0);
  });

  test('is incomplete where a file cannot be read, whatever else is asked', async () => {
    const host = shop({ 'src/broken.js': 'import { Pool } from "pg";\nnew Pool().query(`SELECT ${ }`\n' });
    const ran = await host.run(['doctor', ...only, '--exit-zero', '--json']);
    expect(ran.code).toBe(3);
    const { complete, failures } = documentOf(ran, 'findings');
    expect(complete).toBe(false);
    expect(failures).toEqual(['src/broken.js could not be parsed.']);
  });

  test.each([
    [['--only', 'sec/sql-injektion'], 'Did you mean sec/sql-injection?'],
    [['--skip', 'nothing'], 'There is no rule or area nothing.'],
    [['../elsewhere'], 'is not in this project'],
    [['--why', 'src/none.js:1'], 'There is no file src/none.js'],
    [['--why', 'src'], 'src is a folder.'],
  ])('refuses %j', async (args, words) => {
    const ran = await shop().run(['doctor', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(words);
  });

  test('looks at the named files and folders alone', async () => {
    const host = shop({ 'src/other/find.js': hole });
    const { findings } = documentOf(await host.run(['doctor', 'src/other', ...only, '--json']), 'findings');
    expect(findings).toEqual([expect.objectContaining({ path: 'src/other/find.js' })]);
  });

  test('lists its rules', async () => {
    const ran = await shop().run(['doctor', '--rules', '--json']);
    const { rules } = documentOf(ran, 'rules');
    expect(Array.isArray(rules) ? rules.length : 0).toBeGreaterThan(60);
  });
});

test('shows no secret: not in words, not in code, not in any format', async () => {
  const secret = `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`;
  const host = shop({ 'src/pay.js': `export const stripe = new Stripe('${secret}');\n` });
  for (const format of ['text', 'json', 'sarif', 'github', 'junit', 'markdown', 'gitlab']) {
    const ran = await host.run(['doctor', '--only', 'sec/hardcoded-secret', '--format', format]);
    expect(ran.code, format).toBe(1);
    expect(ran.stdout + ran.stderr).toContain('src/pay.js');
    expect(ran.stdout + ran.stderr).not.toContain(secret.slice(8));
  }
  await host.run(['doctor', '--only', 'sec/hardcoded-secret', '--html', 'report.html']);
  expect(host.read('report.html')).toContain('src/pay.js');
  expect(host.read('report.html')).not.toContain(secret.slice(8));
});

describe('what is let be', () => {
  test('a comment with a reason; one that is not needed any more is named', async () => {
    const calm = hole.replace(
      '  res.json',
      '  // backend-skills-ignore-next-line sec/sql-injection -- ids are checked above\n  res.json',
    );
    const host = shop({ 'src/find.js': calm });
    const ran = await host.run(['doctor', ...only, '--json']);
    expect(ran.code).toBe(0);
    expect(documentOf(ran, 'findings').findings).toMatchObject([
      { rule: 'sec/sql-injection', suppressed: { kind: 'inSource', justification: 'ids are checked above' } },
    ]);
    host.write('src/find.js', calm.replace(/`SELECT.*`/, "'SELECT 1'"));
    const { findings } = documentOf(await host.run(['doctor', ...only, '--json']), 'findings');
    expect(findings).toMatchObject([{ rule: 'doctor/unused-ignore', line: 6 }]);
  });

  test('a comment for a rule that there is not', async () => {
    const host = shop({ 'src/find.js': `// backend-skills-ignore-file sec/nonsense -- x\nexport const a = 1;\n` });
    const { findings } = documentOf(await host.run(['doctor', ...only, '--json']), 'findings');
    expect(findings).toMatchObject([{ rule: 'doctor/unknown-rule', line: 1 }]);
  });

  test('the baseline, whatever lines are added above; a new finding fails, a mended one is stale', async () => {
    const host = shop();
    expect((await host.run(['doctor', ...only, '--update-baseline'])).code).toBe(0);
    expect(Object.values(JSON.parse(host.read(baselinePath)).findings)).toEqual([
      { rule: 'sec/sql-injection', path: 'src/find.js' },
    ]);
    host.write('src/find.js', `// A line.\n\n${hole}`);
    expect((await host.run(['doctor', ...only])).code).toBe(0);
    expect((await host.run(['doctor', ...only, '--no-baseline'])).code).toBe(1);
    host.write('src/again.js', hole);
    expect((await host.run(['doctor', ...only])).code).toBe(1);
    host.write('src/again.js', '');
    host.write('src/find.js', '');
    const { findings } = documentOf(await host.run(['doctor', ...only, '--json']), 'findings');
    expect(findings).toMatchObject([{ rule: 'doctor/stale-baseline', severity: 'info' }]);
  });

  test('the baseline keeps what it says of rules that did not run, and never lets be that it is stale', async () => {
    const host = shop({ 'src/run.js': `export const run = (req, res) => res.json(eval(req.query.code));\n` });
    const held = (): string[] =>
      Object.values<{ rule: string }>(JSON.parse(host.read(baselinePath)).findings).map(({ rule }) => rule);
    const first = await host.run(['doctor', ...only, '--only', 'sec/eval', '--update-baseline']);
    expect(first.stdout).toContain(`${baselinePath} holds 2 findings.`);
    host.write('src/find.js', '');
    await host.run(['doctor', '--only', 'sec/eval', '--update-baseline']);
    expect(held()).toEqual(['sec/sql-injection', 'sec/eval']);
    await host.run(['doctor', ...only, '--update-baseline']);
    expect(held()).toEqual(['sec/eval']);
    const clean = shop({ 'src/find.js': '' });
    const before = clean.photo();
    expect((await clean.run(['doctor', ...only, '--update-baseline'])).stdout).toContain('there is nothing to let be');
    expect(clean.photo()).toEqual(before);
  });

  test('a damaged baseline is refused', async () => {
    const ran = await shop({ [baselinePath]: '{ "version": 2 }\n' }).run(['doctor', ...only]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(baselinePath);
  });

  test('what is excluded and ignored in backend-skills.json', async () => {
    const settings = {
      doctor: {
        exclude: ['src/legacy'],
        ignore: [{ rule: 'sec/sql-injection', path: 'src/find.js', because: 'behind the firewall' }],
      },
    };
    const host = shop({ 'src/legacy/old.js': hole, 'backend-skills.json': JSON.stringify(settings) });
    const ran = await host.run(['doctor', ...only, '--json']);
    expect(ran.code).toBe(0);
    expect(documentOf(ran, 'findings').findings).toMatchObject([
      { path: 'src/find.js', suppressed: { kind: 'external', justification: 'behind the firewall' } },
    ]);
  });
});

describe('--changed-since', () => {
  test('looks at what differs from where the history parted, and at new files', async () => {
    const host = shop();
    await committed(host);
    expect((await host.run(['doctor', ...only, '--changed-since', 'main'])).code).toBe(0);
    host.write('src/new.js', hole);
    const { findings } = documentOf(
      await host.run(['doctor', ...only, '--changed-since', 'main', '--json']),
      'findings',
    );
    expect(findings).toEqual([expect.objectContaining({ path: 'src/new.js' })]);
  });

  test('says that a shallow clone does not tell, and is incomplete', async () => {
    const host = shop();
    await committed(host);
    const copy = shop();
    await execa('git', ['clone', '-q', '--depth', '1', `file://${host.root}`, 'clone'], { cwd: copy.root });
    const ran = await copy.run(['doctor', '--cwd', 'clone', ...only, '--changed-since', 'origin/other', '--json']);
    expect(ran.code).toBe(3);
    expect(String(documentOf(ran, 'findings').failures)).toContain('this is a shallow clone');
  });
});

describe('--why', () => {
  test('explains a line: what is found, why it matters, and why the other rules say nothing', async () => {
    const ran = await shop().run(['doctor', '--why', 'src/find.js:6']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('sec/sql-injection');
    expect(ran.stdout).toContain('can end the statement');
    expect(ran.stdout).toContain('The other rules');
    expect(ran.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'To let it be, above line 6: // backend-skills-ignore-next-line sec/sql-injection -- <reason>',
    );
  });
});

describe('a workspace', () => {
  test('is audited package by package, in one report', async () => {
    const host = place({
      'package.json': `${JSON.stringify({ name: 'all', private: true, workspaces: ['apps/*'] })}\n`,
      'package-lock.json': '{}\n',
      'apps/api/package.json': manifest,
      'apps/api/src/find.js': hole,
      'apps/web/package.json': `${JSON.stringify({ name: 'web' })}\n`,
    });
    const { findings } = documentOf(await host.run(['doctor', ...only, '--json']), 'findings');
    expect(findings).toMatchObject([{ package: 'shop', path: 'apps/api/src/find.js' }]);
  });
});
