import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, place, ready } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const colourCode = '\u001b[';
const quick = ['add', 'webhook', '--provider', 'stripe', '--dry-run'];

describe('what is printed', () => {
  test.each([
    { name: 'no colours into a pipe', env: {}, args: [], colour: false },
    { name: 'colours where FORCE_COLOR asks for them', env: { FORCE_COLOR: '1' }, args: [], colour: true },
    { name: 'no colours for FORCE_COLOR=0', env: { FORCE_COLOR: '0' }, args: [], colour: false },
    {
      name: 'no colours with NO_COLOR, whatever else',
      env: { FORCE_COLOR: '1', NO_COLOR: '1' },
      args: [],
      colour: false,
    },
    {
      name: 'no colours with --no-color, whatever else',
      env: { FORCE_COLOR: '1' },
      args: ['--no-color'],
      colour: false,
    },
  ])('has $name', async ({ env, args, colour }) => {
    const ran = await place(shop).run([...quick, ...args], { env });
    expect(ran.stdout.includes(colourCode)).toBe(colour);
    const failed = await place(shop).run(['add', 'nothing', ...args], { env });
    expect(failed.stderr.includes(colourCode)).toBe(colour);
  });

  test('has marks in ASCII where the locale is not UTF-8', async () => {
    const host = place(shop);
    for (const args of [
      ['list'],
      quick,
      ['check'],
      ['add', 'ping', '--no-install'],
      ['remove', 'ping', '--no-install'],
    ]) {
      const ran = await host.run(args, { env: { LANG: 'C', LC_ALL: '' } });
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.stdout).not.toMatch(/[✓✗→•]/);
    }
    const failed = await host.run(['add', 'nothing'], { env: { LANG: 'POSIX' } });
    expect(failed.stderr).toMatch(/^x There is no skill.*\n {2}-> /);
  });

  test('is the same in every language of the system, also where i and I are no pair', async () => {
    const said = async (LANG: string) => (await place(shop).run(quick, { env: { LANG, LC_ALL: LANG } })).stdout;
    const [english, turkish] = [await said('en_US.UTF-8'), await said('tr_TR.UTF-8')];
    expect(english).toContain('Endpoint');
    expect(turkish).toBe(english);
  });

  test('fits into 60 columns, but for paths and code', async () => {
    const host = place({ ...shop, 'src/server.ts': 'export {};\n' });
    const ran = await host.run(quick, { env: { COLUMNS: '60' } });
    const prose = ran.stdout.split('\n').filter((line) => !/^[+~-] |^ {2,}[@+-]|^ {4}/.test(line));
    expect(prose.filter((line) => line.length > 60)).toEqual([]);
    expect((await host.run(quick, { env: { COLUMNS: '100' } })).stdout.split('\n').length).toBeLessThan(
      ran.stdout.split('\n').length,
    );
  });

  test('is only the result with --quiet', async () => {
    const ran = await place(shop).run([...quick, '--quiet']);
    expect(ran.stdout).not.toContain('shop: Express');
  });
});

describe('help', () => {
  test('of add shows a flag per choice with its values', async () => {
    const { stdout, code } = await place({}).run(['add', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--provider <values>[\s\S]*stripe, github/);
    expect(stdout).toMatch(/--store <value>[\s\S]*\(memory, redis, [\s\S]*postgres\)/);
    expect(stdout).toMatch(/--no-tests/);
    expect(stdout).not.toMatch(/ --tests/);
    expect(stdout).toMatch(/--slot <value>[\s\S]*\(first, raw, routes\)/);
  });

  test.each([
    'add',
    'remove',
    'update',
    'check',
    'doctor',
    'diff',
    'init',
    'undo',
    'list',
    'info',
    'detect',
    'completion',
  ])('of %s is a page of a manual, and fits into 60 columns but for commands to type', async (name) => {
    const { stdout } = await place({}).run([name, '--help'], { env: { COLUMNS: '60' } });
    const titles = ['Usage: backend-skills', 'Common options:', 'Examples:', 'Exit codes:', 'Environment:'];
    for (const title of titles) expect(stdout).toContain(title);
    const prose = stdout.split('\n').filter((line) => !/^ {2}\$ |`/.test(line));
    expect(prose.filter((line) => line.length > 60)).toEqual([]);
  });

  test.each([[['--help']], [['--version']], [['check', '--help']], [['-v']]])('`%s` ends well', async (args) => {
    const ran = await place({}).run(args);
    expect(ran.code).toBe(0);
    expect(ran.stdout.trim()).not.toBe('');
    expect(ran.stderr).toBe('');
  });

  test('is what a call without a command gets, as a request that cannot be met', async () => {
    const ran = await place({}).run([]);
    expect(ran.code).toBe(2);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(/Usage: backend-skills/);
  });

  test.each([
    ['add webhook --provder stripe', '--provider'],
    ['add ping --sloot raw', '--slot'],
    ['check --strct', '--strict'],
    ['remov ping', 'remove'],
  ])('`%s` is answered with the nearest: %s', async (args, nearest) => {
    const ran = await place(shop).run(args.split(' '));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`Did you mean ${nearest}?`);
  });
});
