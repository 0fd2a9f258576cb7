import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtures } from '../fixtures.ts';
import { clearPlaces, documentOf, type Place, place, ready, refuses } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

/** Runs one command that must do what it is asked. */
async function done(host: Place, ...args: string[]): Promise<string> {
  const ran = await host.run(args);
  expect(ran.code, `${args.join(' ')}: ${ran.stderr}`).toBe(0);
  return ran.stdout;
}

const add = (host: Place, ...args: string[]): Promise<string> => done(host, 'add', ...args, '--no-install');
const remove = (host: Place, ...args: string[]): Promise<string> => done(host, 'remove', ...args, '--no-install');

describe('every command with --json', () => {
  test.each([
    { args: 'list', name: 'skills' },
    { args: 'info ping', name: 'skill' },
    { args: 'info webhook', name: 'skill' },
    { args: 'detect', name: 'profile' },
    { args: 'check', name: 'findings' },
    { args: 'add ping --dry-run', name: 'plan' },
    { args: 'add webhook ping --provider stripe,github --no-install', name: 'plan' },
    { args: 'add nothing', name: 'error' },
    { args: 'add ping --colour red', name: 'error' },
    { args: 'destroy', name: 'error' },
  ])('prints one document for `$args`, and it is a $name', async ({ args, name }) => {
    const host = place(shop);
    const ran = await host.run([...args.split(' '), '--json']);
    expect(documentOf(ran, name)).toMatchObject({ schema: `backend-skills/${name}/1` });
    expect(ran.code).toBe(name === 'error' ? 2 : 0);
  });

  test.each([
    { args: 'check', code: 1, name: 'findings' },
    { args: 'add ping --no-install', code: 0, name: 'plan' },
    { args: 'remove ping --dry-run', code: 0, name: 'plan' },
    { args: 'remove ping --no-install', code: 0, name: 'plan' },
    { args: 'list', code: 0, name: 'skills' },
  ])('prints one document for `$args` where the skill is', async ({ args, code, name }) => {
    const host = place(shop);
    await add(host, 'ping');
    if (code === 1) rmSync(join(host.root, 'src/ping/pong.ts'));
    const ran = await host.run([...args.split(' '), '--json']);
    documentOf(ran, name);
    expect(ran.code).toBe(code);
  });

  test.each(['undo --dry-run', 'undo --no-install'])('prints one document for `%s`', async (args) => {
    const host = place(shop);
    await add(host, 'ping');
    const document = documentOf(await host.run([...args.split(' '), '--json']), 'plan');
    expect(document).toMatchObject({ verb: 'undo', applied: !args.includes('dry') });
  });

  test.each(['list', 'info ping'])('reads the catalogue outside of a project: `%s`', async (args) => {
    const ran = await place({}).run([...args.split(' '), '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    documentOf(ran, args === 'list' ? 'skills' : 'skill');
  });
});

describe('a dry run', () => {
  test.each([
    { args: 'add ping --greeting short,long', before: null },
    { args: 'add webhook --provider stripe --store memory', before: null },
    { args: 'remove ping', before: 'ping' },
  ])('of `$args` writes nothing and shows the plan that is then carried out', async ({ args, before }) => {
    const host = place(shop);
    if (before !== null) await add(host, before);
    const untouched = host.photo();
    const words = args.split(' ');
    const shown = await done(host, ...words, '--dry-run');
    const planned = documentOf(await host.run([...words, '--dry-run', '--json']), 'plan');
    expect(host.photo()).toEqual(untouched);
    const twin = place(shop);
    if (before !== null) await add(twin, before);
    expect(await done(host, ...words, '--no-install')).toContain(shown.trimEnd());
    const applied = documentOf(await twin.run([...words, '--no-install', '--json']), 'plan');
    expect(planned).toMatchObject({ applied: false });
    expect(applied).toMatchObject({ applied: true });
    expect(withoutStamps(planned.plans)).toEqual(withoutStamps(applied.plans));
  });

  test('of undo writes nothing', async () => {
    const host = place(shop);
    await add(host, 'ping');
    const before = host.photo();
    expect(await done(host, 'undo', '--dry-run')).toContain('- src/ping/pong.ts');
    expect(host.photo()).toEqual(before);
  });
});

/** The lock holds the time of the plan, and everything that is made of it. */
const withoutStamps = (plans: unknown): unknown =>
  JSON.parse(
    JSON.stringify(plans)

      .replaceAll(/[0-9a-f]{64}/g, 'hash')
      .replaceAll(/\d{14}/g, 'stamp'),
  );

describe('add', () => {
  test('a second time finds nothing to do', async () => {
    const host = place(shop);
    await add(host, 'ping', '--greeting', 'long');
    const before = host.photo();
    expect(await add(host, 'ping')).toMatch(/Nothing to do: ping is here already/);
    expect(host.photo()).toEqual(before);
    const document = documentOf(await host.run(['add', 'ping', '--json']), 'plan');
    expect(document).toMatchObject({ applied: false, plans: [{ changes: [] }] });
  });

  test('later of another provider grows the module that is there', async () => {
    const host = place(shop);
    const untouched = host.photo();
    await add(host, 'webhook', '--provider', 'stripe');
    host.write('src/webhooks/handlers/stripe.ts', `${host.read('src/webhooks/handlers/stripe.ts')}// mine\n`);
    const stdout = await add(host, 'webhook', '--provider', 'github');
    expect(stdout).toContain('+ src/webhooks/handlers/github.ts');
    expect(host.read('src/webhooks/handlers/stripe.ts')).toContain('// mine');
    const lock = JSON.parse(host.read('.backend-skills/lock.json'));
    expect(lock.skills.webhook.choices.provider).toEqual(['stripe', 'github']);
    expect(host.read('.env.example')).toMatch(/STRIPE_WEBHOOK_SECRET[\s\S]*GITHUB_WEBHOOK_SECRET/);
    expect(host.read('src/server.ts').match(/webhooks/g)).toHaveLength(4);
    await done(host, 'check');
    host.write(
      'src/webhooks/handlers/stripe.ts',
      host.read('src/webhooks/handlers/stripe.ts').replace('// mine\n', ''),
    );
    await remove(host, 'webhook');
    expect(host.photo()).toEqual(untouched);
  });

  test('of two skills in one run is one plan each and one undo', async () => {
    const host = place(shop);
    const untouched = host.photo();
    expect(await add(host, 'ping', 'webhook', '--provider', 'stripe')).toContain('Added ping, webhook');
    await done(host, 'check');
    expect(host.read('src/server.ts')).toMatch(/ping[\s\S]*webhooks/);
    const both = host.photo();
    await done(host, 'undo', '--no-install');
    expect(host.photo()).toEqual(untouched);
    await add(host, 'webhook', 'ping', '--provider', 'stripe');
    await remove(host, 'ping');
    await done(host, 'check');
    await add(host, 'ping');
    expect(Object.keys(host.photo())).toEqual(Object.keys(both));
    await remove(host, 'webhook', 'ping');
    expect(host.photo()).toEqual(untouched);
  });

  test('ends with the command that does the same without a question, and it does', async () => {
    const host = place(shop);
    const document = documentOf(
      await host.run(['add', 'ping', '--client', '--greeting', 'long', '--dir', 'lib/ping', '--json', '--no-install']),
      'plan',
    );
    const twin = place(shop);
    const words = String(document.repeat).split(' ').slice(1);
    expect(words).toContain('--client');
    await done(twin, ...words, '--no-install');
    const { '.backend-skills/lock.json': one, ...rest } = host.photo();
    const { '.backend-skills/lock.json': other, ...twins } = twin.photo();
    expect(twins).toEqual(rest);
    expect(withoutStamps(JSON.parse(other ?? ''))).toEqual(withoutStamps(JSON.parse(one ?? '')));
  });

  test('takes a flag either way', async () => {
    const host = place(shop);
    expect(await done(host, 'add', 'ping', '--client', '--dry-run')).toContain('ioredis');
    expect(await done(host, 'add', 'ping', '--no-client', '--dry-run')).not.toContain('ioredis');
    expect(await done(host, 'add', 'webhook', '--provider', 'hmac', '--no-tests', '--dry-run')).not.toContain('.test.');
  });

  test.each([
    'express4-js-cjs',
    'express5-ts-esm',
    'fastify5-ts-esm',
    'hono-node-ts',
    'nest11-ts-cjs',
    'next16-app-ts',
  ])('and remove leave every byte of %s as it was', async (name) => {
    const host = place(fixtures.find((fixture) => fixture.name === name)?.files ?? {});
    const untouched = host.photo();
    await add(host, 'webhook', 'ping', '--provider', 'stripe,github', '--docs');
    const check = await host.run(['check', '--strict']);
    expect(check.code, check.stdout).toBe(0);
    expect(await add(host, 'webhook', 'ping')).toMatch(/Nothing to do/);
    await remove(host, 'ping', 'webhook');
    expect(host.photo()).toEqual(untouched);
  });
});

describe('remove', () => {
  test('keeps what the user has edited, and names it', async () => {
    const host = place(shop);
    await add(host, 'ping');
    host.write('src/ping/pong.ts', '// mine\n');
    const stdout = await remove(host, 'ping');
    expect(stdout).toMatch(/src\/ping\/pong\.ts: kept, because you have edited it/);
    expect(host.photo()).toEqual({ ...place({ ...shop, 'src/ping/pong.ts': '// mine\n' }).photo() });
  });

  test('leaves a folder that was empty before', async () => {
    const host = place({ ...shop, 'src/ping/notes.md': 'mine\n' });
    const untouched = host.photo();
    await add(host, 'ping');
    await remove(host, 'ping');
    expect(host.photo()).toEqual(untouched);
  });

  test('takes a skill by its other name', async () => {
    const host = place(shop);
    const untouched = host.photo();
    await add(host, 'webhooks', '--provider', 'hmac');
    await remove(host, 'webhooks');
    expect(host.photo()).toEqual(untouched);
  });
});

describe('undo', () => {
  test('takes back an add, and then there is nothing to take back', async () => {
    const host = place(shop);
    const untouched = host.photo();
    await add(host, 'ping');
    expect(await done(host, 'undo', '--no-install')).toContain('Took back: add ping');
    expect(host.photo()).toEqual(untouched);
    await refuses(host, ['undo'], [/nothing to undo/]);
  });

  test('takes back a remove', async () => {
    const host = place(shop);
    await add(host, 'ping');
    const added = host.photo();
    await remove(host, 'ping');
    expect(await done(host, 'undo', '--no-install')).toContain('Took back: remove ping');
    expect(host.photo()).toEqual(added);
    await done(host, 'check', '--strict');
  });

  test('refuses where a file was edited since, and names it', async () => {
    const host = place(shop);
    await add(host, 'ping');
    host.write('src/server.ts', `${host.read('src/server.ts')}// mine\n`);
    await refuses(
      host,
      ['undo', '--no-install'],
      [/src\/server\.ts changed since `add ping`/, /backend-skills remove ping/],
    );
  });
});
