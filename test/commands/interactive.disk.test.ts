import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, place, ready } from './program.ts';
import { shop } from './projects.ts';
import { talk } from './talk.ts';

beforeAll(ready);
afterAll(clearPlaces);

const enter = '\r';
const down = '\u001b[B';
const ctrlC = '\u0003';

describe('at a terminal', () => {
  test('add asks what the project does not show, and does as answered', async () => {
    const host = place(shop);
    const { shown, exitCode } = await talk(host.atTerminal(['add', 'webhook', '--store', 'memory', '--no-install']), [
      ['Whose webhooks?', enter],
      ['Mounted at which path?', enter],
      ['Apply these changes?', enter],
    ]);
    expect(exitCode, shown).toBe(0);
    for (const known of ['Where to remember', 'With tests?']) expect(shown).not.toContain(known);
    expect(shown).toContain('Added webhook');
    expect(host.read('src/server.ts')).toContain("app.use('/webhooks', webhooks)");
    expect((await host.run(['check'])).code).toBe(0);
  });

  test('add takes another answer than the one it offers', async () => {
    const host = place(shop);
    const { shown, exitCode } = await talk(
      host.atTerminal(['add', 'ping', '--slot', 'routes', '--greeting', 'short', '--no-client', '--no-install']),
      [
        ['Mounted at which path?', `${'\u007f'.repeat(5)}/pong${enter}`],
        ['Apply these changes?', enter],
      ],
    );
    expect(exitCode, shown).toBe(0);
    expect(host.read('src/server.ts')).toContain("app.use('/pong', ping)");
  });

  test('add --yes asks nothing', async () => {
    const host = place(shop);
    const { shown, exitCode } = await talk(host.atTerminal(['add', 'webhook', '--yes', '--no-install']), []);
    expect(exitCode, shown).toBe(0);
    expect(shown).not.toContain('Apply these changes?');
  });

  test('no to the plan changes nothing, with exit code 1', async () => {
    const host = place(shop);
    const before = host.photo();
    const flags = ['--path', '/ping', '--slot', 'routes', '--greeting', 'short', '--no-client'];
    const { exitCode } = await talk(host.atTerminal(['add', 'ping', ...flags]), [['Apply these changes?', 'n']]);
    expect(exitCode).toBe(1);
    expect(host.photo()).toEqual(before);
  });

  test.each([
    { where: 'a text', args: ['add', 'ping'], lines: [['Mounted at which path?', ctrlC]] },
    { where: 'a choice', args: ['add', 'ping', '--path', '/p'], lines: [['Before what?', `${down}${ctrlC}`]] },
    {
      where: 'the last question',
      args: ['add', 'ping', '--path', '/p', '--slot', 'raw', '--greeting', 'long', '--client'],
      lines: [['Apply these changes?', ctrlC]],
    },
    { where: 'the question of remove', args: ['remove', 'ping'], lines: [['Take these out?', ctrlC]] },
  ] as const)('Ctrl-C at $where changes nothing, with exit code 130', async ({ args, lines }) => {
    const host = place(shop);
    if (args[0] === 'remove') await host.run(['add', 'ping', '--no-install']);
    const before = host.photo();
    const { shown, exitCode } = await talk(host.atTerminal(args), lines);
    expect(exitCode, shown).toBe(130);
    expect(shown).toMatch(/Stopped/);
    expect(host.photo()).toEqual(before);
  });

  test('Ctrl-C during the install takes everything back, with exit code 130', async () => {
    const host = place(shop);
    const before = host.photo();
    const programs = join(host.root, '../programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'npm'), '#!/bin/sh\nexec sleep 20\n');
    chmodSync(join(programs, 'npm'), 0o755);
    const run = host.atTerminal(['add', 'ping', '--client', '--yes'], { env: { PATH: `${programs}:/usr/bin:/bin` } });
    const { shown, exitCode } = await talk(run, [['Installing: npm install', ctrlC]]);
    expect(exitCode, shown).toBe(130);
    expect(shown).toMatch(/Stopped\. Everything was taken back\./);
    expect(host.photo()).toEqual(before);
  });
});
