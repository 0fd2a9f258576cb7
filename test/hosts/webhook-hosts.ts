import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, redisUrl } from '../services/index.ts';
import { upstashBridge } from '../webhook/redis-bridge.ts';
import { type Booted, boot } from './boot.ts';
import { runTests, typeCheck } from './check.ts';
import { expectDeliveries, expectLimits, expectUnread, secretsFor } from './deliveries.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';
import { type Answers, coverOf, type PlannedWebhook, planWebhook, providers } from './webhook.ts';

/** The webhook skill as each of these hosts gets it unasked: its checks, its tests, and deliveries over a socket. */
export function describeDefaults(names: readonly string[]): void {
  describe.each(names)('webhook on %s, unasked', (name) => {
    let host: Host;
    const planned = planWebhook(name);
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
      write(host, planned);
    });
    afterAll(() => host.drop());

    test('the host passes its type check and its tests, and ours run among them', async () => {
      expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
      const ours = planned.files.filter(isTest);
      expect(ours).toHaveLength(1);
      const all = await runTests(host);
      expect(all.ok, all.output).toBe(true);
      const { ok, output, passed } = await runTests(host, ours);
      expect(ok, output).toBe(true);
      expect(passed).toBeGreaterThanOrEqual(3);
    });

    test('the host takes deliveries, and its own routes answer as before', () => expectServed(host, planned));
  });
}

/**
 * The same with every provider there is, each of which sends what only it sends and is told what it wants to hear.
 * `limits` where the framework leaves the reading to us: in Nest its parser has read before.
 */
export function describeEvery(names: readonly string[], { limits = true } = {}): void {
  describe.each(names)('webhook on %s, with every provider', (name) => {
    let host: Host;
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
    });
    afterAll(() => host.drop());

    test('the host takes the deliveries of each, and its own routes answer as before', async () => {
      const planned = planWebhook(name, { provider: providers });
      expect(planned.endpoints).toHaveLength(providers.length);
      write(host, planned);
      await expectServed(host, planned, limits);
    });
  });
}

/** The same with a store that lasts, on real servers. */
export function describeStores(rows: readonly { name: string; answers: Answers }[]): void {
  describe.each(rows.map((row) => ({ ...row, title: clientsIn(row.answers) })))('webhook on $name, $title', (row) => {
    let host: Host;
    beforeAll(async () => {
      host = await prepareHost(fixture(row.name));
    });
    afterAll(() => host.drop());

    test('the host takes deliveries, and its own routes answer as before', async () => {
      const planned = planWebhook(row.name, row.answers);
      write(host, planned);
      await expectServed(host, planned);
    });
  });
}

/** Every pair of fixture, provider, store with client, tests and path: the files of each row, in one program per fixture. */
export function describeCover(names: readonly string[]): void {
  const rows = coverOf(names).map(({ fixture: name, answers }, at) => ({
    name,
    planned: planWebhook(name, answers, `webhooks${at}`),
    at,
  }));
  describe.each(names)('webhook on %s, in every pair of choices', (name) => {
    let host: Host;
    const own = rows.filter((row) => row.name === name);
    const files = own.flatMap(({ planned, at }) => filesOf(planned, at));
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
      host.write(files);
    });
    afterAll(() => host.drop());

    test('every file passes the strictest type check', async () => {
      expect(own.length).toBeGreaterThanOrEqual(6);
      const paths = files.map(([path]) => path);
      expect(await typeCheck(host, paths)).toEqual({ ok: true, output: '' });
    });

    test('every generated test passes', async () => {
      const tests = files.map(([path]) => path).filter(isTest);
      expect(tests.length).toBeGreaterThanOrEqual(1);
      const { ok, output, passed } = await runTests(host, tests);
      expect(ok, output).toBe(true);
      // Two per provider at the least.
      expect(passed).toBeGreaterThanOrEqual(2 * tests.length);
    });
  });
}

const isTest = (path: string): boolean => /\.(?:test|spec)\.[cm]?[jt]s$/.test(path);

const clientsIn = (answers: Answers): string => Object.values(answers).join(' with ');

/** A row's files; what does not go to the module's own folder takes the row's number into its name. */
function filesOf({ changes, files }: PlannedWebhook, at: number): [path: string, text: string][] {
  const texts = new Map(changes.map(({ path, after }) => [path, after ?? '']));
  return files
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.startsWith('scripts/'))
    .filter((path) => path.includes(`webhooks${at}/`) || isTest(path))
    .map((path) => {
      const place = path.includes(`webhooks${at}/`) ? path : path.replace(/webhooks(?=\.)/, `webhooks${at}`);
      return [place, texts.get(path) ?? ''];
    });
}

function write(host: Host, { changes, open }: PlannedWebhook): void {
  if (open) throw new Error(`${host.fixture.name} leaves the wiring to a person.`);
  host.write(changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const])));
}

/** Boots a host with what its store needs, and expects every endpoint and the host's own to answer. */
async function expectServed(host: Host, planned: PlannedWebhook, limits = false): Promise<void> {
  const database = await freshDatabase();
  const upstash = await upstashBridge(redisUrl());
  const env = {
    ...secretsFor(planned.providers),
    REDIS_URL: redisUrl(),
    DATABASE_URL: database.url,
    UPSTASH_REDIS_REST_URL: upstash.url,
    UPSTASH_REDIS_REST_TOKEN: 'any',
  };
  let booted: Booted | undefined;
  try {
    await migrate(planned, database.url);
    // Wrangler gives a worker what this file names.
    const variables = Object.entries(env).map(([name, value]) => `${name}="${value}"\n`);
    if (host.fixture.name.includes('workers')) writeFileSync(join(host.folder, '.dev.vars'), variables.join(''));
    booted = await boot(host, env);
    const { url, output } = booted;
    for (const [at, provider] of planned.providers.entries()) {
      await expectDeliveries(url + (planned.endpoints[at] ?? ''), provider, output).catch((error: Error) => {
        throw new Error(`${provider}: ${error.message}\n${output()}`, { cause: error });
      });
    }
    const mount = (planned.endpoints[0] ?? '').replace(/[^/]*$/, '');
    if (limits) await expectLimits((provider) => url + mount + provider);
    // Wrangler's own proxy reads a request before it hands it on.
    if (limits && !host.fixture.name.includes('workers')) await expectUnread(`${url}${mount}nobody`);
    await expectEcho(booted.url + host.fixture.echo);
  } finally {
    await booted?.stop();
    await upstash.close();
    await database.drop();
  }
}

/** The host's own body parser still does its work. */
async function expectEcho(url: string): Promise<void> {
  const body = JSON.stringify({ greeting: 'hello' });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(response.ok).toBe(true);
  expect(await response.text()).toContain('hello');
}

async function migrate({ changes }: PlannedWebhook, url: string): Promise<void> {
  const migrations = changes.filter(({ path }) => path.endsWith('.sql'));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const { after } of migrations) await client.query(after ?? '');
  } finally {
    await client.end();
  }
}
