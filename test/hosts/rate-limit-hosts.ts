import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Host as Project } from '../../src/model.ts';
import { freePort } from '../services/server.ts';
import { runTests, typeCheck } from './check.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';
import { add, databaseOf, echo, isTest, projectCalled, textsOf, withBooted } from './rate-limit-support.ts';
import type { Answers } from './webhook.ts';

/** Every choice that a host offers, each in a folder of its own, checked together; and the tests of each framework's side. */
export function describeChoices(names: readonly string[]): void {
  describe.each(names)('rate-limit on %s, in its choices', (name) => {
    let host: Host;
    const project = projectCalled(name);
    const rows: Answers[] = [
      { store: 'memory', algorithm: 'sliding-window', 'per-minute': '7' },
      ...['ioredis', 'redis', 'upstash'].map((client, at) => ({
        store: 'redis',
        'redis-client': client,
        failure: ['local', 'open', 'closed'][at] ?? 'local',
      })),
      { quotas: 'postgres' },
      { quotas: 'store', plans: true, login: true },
      { store: 'binding' },
    ];
    const written = rows.flatMap((answers, at) => {
      try {
        const folder = `limits${at}`;
        return add('rate-limit', project, answers, folder)
          .files.filter(({ path }) => path.includes(`${folder}/`) && /\.[jt]s$/.test(path) && !isTest(path))
          .map(({ path, text }) => [path, text] as const);
      } catch (error) {
        if (error instanceof UserError) return [];
        throw error;
      }
    });
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
      host.write(written);
    });
    afterAll(() => host.drop());

    test('every file passes the strictest type check', async () => {
      const paths = written.map(([path]) => path);
      expect(paths.length).toBeGreaterThan(50);
      expect(await typeCheck(host, paths)).toEqual({ ok: true, output: '' });
    });
  });
}

/** The skill beside the webhook skill: checks, tests, and requests over a socket. */
export function describeLimits(names: readonly string[]): void {
  describe.each(names)('rate-limit on %s', (name) => {
    let host: Host;
    const project = projectCalled(name);
    const limits = add('rate-limit', project, { 'per-minute': '5' });
    const both = add('webhook', limits.host, { provider: ['github'], store: storeOf(project) });
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
      host.write([...textsOf(limits.plan.changes), ...textsOf(both.plan.changes)]);
    });
    afterAll(() => host.drop());

    test('the host passes its type check, the strictest too, and its tests with ours among them', async () => {
      expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
      const code = limits.files.map(({ path }) => path).filter((path) => /\.[jt]s$/.test(path));
      expect(await typeCheck(host, code)).toEqual({ ok: true, output: '' });
      const ours = code.filter(isTest);
      expect(ours).toHaveLength(1);
      const all = await runTests(host);
      expect(all.ok, all.output).toBe(true);
      const { ok, output, passed } = await runTests(host, ours);
      expect(ok, output).toBe(true);
      expect(passed).toBeGreaterThanOrEqual(4);
    });

    test('five requests pass with headers, the sixth is told when to come again, and webhooks are not counted', async () => {
      await withBooted(host, { GITHUB_WEBHOOK_SECRET: 'x' }, async (url) => {
        const answers: Response[] = [];
        for (let at = 0; at < 6; at += 1) answers.push(await fetch(`${url}${host.fixture.echo}`, echo));
        expect(answers.map(({ status }) => status).map((status) => (status < 300 ? 200 : status))).toEqual([
          200, 200, 200, 200, 200, 429,
        ]);
        const [first, last] = [answers[0], answers[5]];
        expect(first?.headers.get('ratelimit-policy')).toBe('"address";q=5;w=60');
        expect(first?.headers.get('ratelimit')).toMatch(/^"address";r=4;t=\d+$/);
        expect(last?.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(await last?.json()).toMatchObject({ status: 429, 'violated-policies': ['address'] });
        // What fastify-cli loads is a scope of its own, and the answer to what is not found lies outside.
        if (host.fixture.set !== 'fastify4')
          expect((await fetch(`${url}${host.fixture.echo}/no/where`)).status).toBe(429);
        expect((await fetch(`${url}${host.fixture.health}`)).status).toBe(200);
        expect((await fetch(`${url}${both.plan.endpoints[0]}`, echo)).status).toBe(401);
      });
    });
  });
}

/** Next has no place before its routes: one that is wrapped as the skill says. */
export function describeWrapped(rows: readonly { name: string; path: string; text: string }[]): void {
  describe.each(rows)('rate-limit on $name', ({ name, path, text }) => {
    let host: Host;
    const project = projectCalled(name);
    const limits = add('rate-limit', project, { 'per-minute': '5' });
    const index = limits.files.find(({ path }) => /\/index\.[jt]s$/.test(path))?.path ?? '';
    const from = relative(dirname(path), index.replace(/\/index\.[jt]s$/, ''));
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
      host.write([...textsOf(limits.plan.changes), [path, `import { withRateLimit } from '${from}';\n\n${text}`]]);
    });
    afterAll(() => host.drop());

    test('the host passes its type check, the strictest too, and its tests with ours among them', async () => {
      expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
      const code = limits.files.map(({ path }) => path).filter((path) => /\.[jt]s$/.test(path));
      expect(await typeCheck(host, code)).toEqual({ ok: true, output: '' });
      const { ok, output, passed } = await runTests(host, code.filter(isTest));
      expect(ok, output).toBe(true);
      expect(passed).toBeGreaterThanOrEqual(4);
    });

    test('five requests pass with headers, and the sixth is told when to come again', () =>
      withBooted(host, {}, async (url) => {
        const answers: Response[] = [];
        for (let at = 0; at < 6; at += 1) answers.push(await fetch(`${url}/api/limited`));
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
        expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"address";r=4;t=\d+$/);
        expect(Number(answers[5]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(await answers[5]?.json()).toMatchObject({ status: 429, 'violated-policies': ['address'] });
      }));
  });
}

/** With a Redis that counts, one that refuses, and one that never answers. */
export function describeRedis(rows: readonly { name: string; client: string }[]): void {
  describe.each(rows)('rate-limit on $name with Redis through $client', ({ name, client }) => {
    let host: Host;
    beforeAll(async () => {
      host = await prepareHost(fixture(name));
      const answers = { store: 'redis', 'redis-client': client, connection: 'own', 'per-minute': '40' };
      host.write(textsOf(add('rate-limit', projectCalled(name), answers).plan.changes));
    });
    afterAll(() => host.drop());

    test('it counts there, for the next process too', async () => {
      const env = { REDIS_URL: databaseOf(name) };
      // One in a second and a half comes free meanwhile.
      await withBooted(host, env, async (url) => {
        const admitted = (await statusesOf(url, host, 60)).filter((status) => status < 300);
        expect(admitted.length).toBeGreaterThanOrEqual(40);
        expect(admitted.length).toBeLessThan(60);
      });
      await withBooted(host, env, async (url) => expect(await statusesOf(url, host, 30)).toContain(429));
    });

    test.each(['refuses', 'never answers'])(
      'with one that %s, all is answered in time, and none is refused',
      async (how) => {
        const silent = createServer(() => {}).listen(0, '127.0.0.1');
        await once(silent, 'listening');
        const { port } = silent.address() as AddressInfo;
        try {
          const redis = how === 'refuses' ? await freePort() : port;
          await withBooted(host, { REDIS_URL: `redis://127.0.0.1:${redis}` }, async (url) => {
            const waits: number[] = [];
            for (let at = 0; at < 12; at += 1) {
              const before = performance.now();
              const { status } = await fetch(`${url}${host.fixture.echo}`, echo);
              expect(status).toBeLessThan(300);
              waits.push(performance.now() - before);
            }
            // The first ones ask the store. A busy machine may delay some; a limiter that waits longer delays all.
            expect(Math.min(...waits.slice(0, 3)), `waits: ${waits.map(Math.round)}`).toBeLessThan(250);
            expect(Math.max(...waits), `waits: ${waits.map(Math.round)}`).toBeLessThan(5_000);
          });
        } finally {
          silent.close();
        }
      },
    );
  });
}

async function statusesOf(url: string, host: Host, times: number): Promise<number[]> {
  const all: number[] = [];
  for (let at = 0; at < times; at += 1) all.push((await fetch(`${url}${host.fixture.echo}`, echo)).status);
  return all;
}

/** The store of a host that has no other need. */
const storeOf = ({ profile }: Project): string => (profile.runtime.value === 'workers' ? 'redis' : 'memory');
