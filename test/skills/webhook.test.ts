import { describe, expect, test } from 'vitest';
import type {
  Choices,
  DatabaseClient,
  FrameworkId,
  Host,
  Profile,
  RedisClient,
  Runtime,
  TestRunner,
} from '../../src/model.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import { hostFacts } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { holds } from '../../src/skills/when.ts';
import { parse } from '../../src/text/syntax.ts';
import { catalogue, fixtures, hostFor } from '../fixtures.ts';

const skill = catalogue.skill('webhook');
const ranges = catalogue.ranges();
const stamp = '20260102030405';
const dir = 'src/webhooks';
const providers = Object.keys(skill.choices.provider?.options ?? {});

type Facts = { [Name in keyof Profile]?: Profile[Name] extends { value: infer Value } ? Value : never };

/** A fixture of ours with some facts of another project. */
function hostWith(fixture: string, facts: Facts): Host {
  const found = fixtures.find(({ name }) => name === fixture);
  if (found === undefined) throw new Error(`There is no fixture called ${fixture}.`);
  const host = hostFor(found);
  const changed = Object.entries(facts).map(([name, value]) => [
    name,
    { value, evidence: { file: null, line: null, reason: 'said by the test', confidence: 'certain' }, rivals: [] },
  ]);
  return { ...host, profile: { ...host.profile, ...Object.fromEntries(changed) } };
}

function decided(host: Host, asked: Choices): Choices {
  return choicesOf(decide(skill, hostFacts(host, siteOf(host)), asked, null));
}

const render = (host: Host, asked: Choices) => {
  const choices = decided(host, asked);
  return desire(skill, host, siteOf(host), choices, { dir, stamp, docs: false }, ranges);
};

const hosts: readonly { fixture: string; framework: FrameworkId; runtime?: Runtime }[] = [
  { fixture: 'express5-ts-esm', framework: 'express' },
  { fixture: 'fastify5-ts-esm', framework: 'fastify' },
  { fixture: 'fastify-plugins-ts', framework: 'fastify' },
  { fixture: 'hono-node-ts', framework: 'hono' },
  { fixture: 'hono-workers-ts', framework: 'hono', runtime: 'workers' },
  { fixture: 'nest11-ts-cjs', framework: 'nest' },
  { fixture: 'nest-fastify-ts', framework: 'nest' },
  { fixture: 'next16-app-ts', framework: 'next' },
  { fixture: 'next14-pages-js', framework: 'next' },
];
const languages: readonly Facts[] = [
  { language: 'ts', moduleSystem: 'esm', importExtension: '.js' },
  { language: 'js', moduleSystem: 'esm', importExtension: '.js' },
  { language: 'js', moduleSystem: 'cjs', importExtension: '' },
];
const redisClients: readonly RedisClient[] = ['ioredis', 'redis', 'upstash'];
const databases: readonly DatabaseClient[] = ['pg', 'postgres', 'drizzle', 'prisma', 'kysely', 'supabase'];
const runners: readonly TestRunner[] = ['vitest', 'jest', 'node', 'mocha', 'bun'];
const instance = { file: 'src/db/client.ts', name: 'client' };

/** Each store with each of its clients, the project's own and one of ours; only what a host offers. */
const stores: readonly { facts: Facts; asked: Choices }[] = [
  { facts: {}, asked: { store: 'memory' } },
  ...redisClients.flatMap((redis) =>
    [instance, null].map((redisInstance) => ({
      facts: { redis, redisInstance },
      asked: { store: 'redis', 'redis-client': redis, connection: redisInstance ? 'host' : 'own' },
    })),
  ),
  ...databases.flatMap((database) =>
    [instance, null].map((databaseInstance) => ({
      facts: { database, databaseInstance },
      asked: { store: 'postgres', 'database-client': database, connection: databaseInstance ? 'host' : 'own' },
    })),
  ),
];

/** On each host each store, in a language that changes from one to the next: all pairs of the three. */
const rendersOn = (fixture: string): { facts: Facts; asked: Choices }[] => {
  const at = hosts.findIndex((host) => host.fixture === fixture);
  return stores.map(({ facts, asked }, index) => {
    // Decorators need a compiler: Nest is TypeScript.
    const language = hosts[at]?.framework === 'nest' ? 0 : (at + index) % languages.length;
    const testRunner = runners[index % runners.length] ?? 'node';
    return { facts: { ...languages[language], ...facts, testRunner }, asked };
  });
};

describe('the skill webhook', () => {
  test('ships with a manifest that loads, and reaches each of its files from some choice', () => {
    expect(skill.frameworks).toEqual(['express', 'fastify', 'hono', 'nest', 'next']);
    const values = hosts.flatMap(({ fixture }) =>
      rendersOn(fixture).flatMap(({ facts, asked }) =>
        offered(hostWith(fixture, facts), { ...asked, provider: providers }),
      ),
    );
    const tools = ['plain', 'drizzle', 'prisma', 'supabase', 'kysely'];
    const all = values.flatMap((value) => tools.map((migrations) => ({ ...value, migrations, tests: true })));
    const unreached = skill.files.filter(
      ({ when, each }) =>
        !all.some((value) =>
          (each ? providers : ['']).some((one) =>
            [true, false].some((flag) => holds(when, { ...value, each: one, 'stripe-types': flag })),
          ),
        ),
    );
    expect(unreached).toEqual([]);
  });

  test.each(hosts)('renders files that parse, once each, on $fixture', ({ fixture }) => {
    let rendered = 0;
    for (const { facts, asked } of rendersOn(fixture)) {
      const host = hostWith(fixture, facts);
      if (offered(host, asked).length === 0) continue;
      // The providers do not depend on the store: all of them once, then the two kinds of name.
      const provider = rendered === 0 ? providers : ['stripe', 'standard-webhooks'];
      const { files } = render(host, { ...asked, provider, tests: true });
      const paths = files.map(({ path }) => path);
      expect(new Set(paths).size, `each file once: ${paths}`).toBe(paths.length);
      for (const { path, text } of files) {
        if (/\.[cm]?[jt]s$/.test(path)) expect(parse(text, path), `${path} parses`).not.toBeNull();
        expect(text, `${path} has nothing left to fill in`).not.toMatch(/\{\{|#module|#host/);
      }
      expect(dangling(files), 'what is imported is there').toEqual([]);
      rendered += 1;
    }
    expect(rendered).toBeGreaterThan(0);
  });

  test.each(providers)('gives %s a provider, a handler, its variables and an endpoint', (provider) => {
    const { files, env, endpoints } = render(hostWith('express5-ts-esm', {}), { provider: [provider] });
    const paths = files.map(({ path }) => path);
    expect(paths).toContain(`${dir}/core/providers/${provider}.ts`);
    expect(files.find(({ path }) => path === `${dir}/handlers/${provider}.ts`)?.kind).toBe('owned');
    expect(endpoints).toEqual([`/webhooks/${provider}`]);
    const source = skill.texts.get(`core/providers/${provider}.ts`) ?? '';
    const variables = [...source.matchAll(/(?:secret|url)Variable: '(\w+)'/g)].map(([, name]) => name);
    expect(env.map(({ name }) => name)).toEqual(variables);
    expect(variables.length).toBeGreaterThan(0);
  });

  test.each([
    ['plain', 'migrations/20260102030405_webhook_deliveries.sql'],
    ['supabase', 'migrations/20260102030405_webhook_deliveries.sql'],
    ['prisma', 'migrations/20260102030405_webhook_deliveries/migration.sql'],
    ['kysely', 'migrations/20260102030405_webhook_deliveries.ts'],
    ['drizzle', 'src/webhooks/delivery-table.ts'],
  ] as const)('writes the table for the tool %s', (tool, path) => {
    const facts: Facts = { migrations: { folder: 'migrations', tool } };
    const { files, next } = render(hostWith('express5-ts-esm', facts), { provider: ['stripe'], store: 'postgres' });
    expect(files.map((file) => file.path)).toContain(path);
    expect(next.join('\n')).toMatch(/migrat/i);
  });

  test('has one and the same table in each tool’s words', () => {
    const sql = skill.texts.get('core/sql/webhook_deliveries.sql') ?? 'absent';
    expect(skill.texts.get('migrations/prisma.sql')).toContain(sql);
    const columns = [...sql.matchAll(/^ {2}(\w+) \w/gm)].map(([, name]) => name);
    expect(columns).toHaveLength(6);
    for (const path of ['migrations/kysely.ts', 'migrations/drizzle.ts', 'core/sql/webhook_deliveries.supabase.sql']) {
      const text = skill.texts.get(path) ?? '';
      expect(
        columns.filter((name) => !new RegExp(`\\b${name}\\b`).test(text)),
        path,
      ).toEqual([]);
    }
  });

  test('shares the project’s own client, and makes one only where there is none', () => {
    const shared = hostWith('express5-ts-esm', {
      redis: 'ioredis',
      redisInstance: { file: 'src/redis.ts', name: 'cache' },
    });
    expect(storeOf(shared, { store: 'redis' })).toContain("import { cache } from '../redis.js';");
    expect(render(shared, { store: 'redis' }).env.map(({ name }) => name)).toEqual(['STRIPE_WEBHOOK_SECRET']);
    const main = hostWith('express5-ts-esm', {
      redis: 'ioredis',
      redisInstance: { file: 'src/redis.ts', name: 'default' },
    });
    expect(storeOf(main, { store: 'redis' })).toContain("import redis from '../redis.js';");
    const alone = hostWith('express5-ts-esm', { redis: null, redisInstance: null });
    expect(storeOf(alone, { store: 'redis' })).toContain('REDIS_URL');
    expect(render(alone, { store: 'redis' }).env.map(({ name }) => name)).toEqual([
      'STRIPE_WEBHOOK_SECRET',
      'REDIS_URL',
    ]);
  });

  test('asks of a Worker nothing that it cannot do', () => {
    const worker = hostWith('hono-workers-ts', {});
    expect(decided(worker, {})).toMatchObject({ store: 'redis', 'redis-client': 'upstash', connection: 'own' });
    expect(offered(worker, { store: 'memory' })).toEqual([]);
    expect(offered(worker, { store: 'redis', 'redis-client': 'ioredis' })).toEqual([]);
  });
});

const storeOf = (host: Host, asked: Choices) =>
  render(host, asked).files.find(({ path }) => path === `${dir}/delivery-store.ts`)?.text;

/** The facts and choices where they can be had on this host; else nothing. */
function offered(
  host: Host,
  asked: Choices,
): Readonly<Record<string, string | number | boolean | readonly string[]>>[] {
  try {
    return [{ ...hostFacts(host, siteOf(host)), ...decided(host, asked) }];
  } catch {
    return [];
  }
}

/** Relative imports of the module that lead to no file of it (the project's own client aside). */
function dangling(files: readonly { path: string; text: string }[]): string[] {
  const bare = (path: string): string => path.replace(/\.[cm]?[jt]s$/, '');
  const known = new Set(files.flatMap(({ path }) => [bare(path), bare(path).replace(/\/index$/, '')]));
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|require\() ?['"](\.[^'"]+)['"]/g)]
      .map(([, specifier = '']) => bare(new URL(specifier, `file:///${path}`).pathname.slice(1)))
      .filter((target) => !known.has(target) && target !== bare(instance.file))
      .map((target) => `${path} → ${target}`),
  );
}
