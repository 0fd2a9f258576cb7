import { describe, expect, test } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { Change, Choices, Host, Profile, Runtime } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import { treeAfter } from '../../src/plan/draft.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { hostFacts } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { holds } from '../../src/skills/when.ts';
import { parse } from '../../src/text/syntax.ts';
import { catalogue, fixtures, hostFor } from '../fixtures.ts';
import { pairwise, product, type Row } from '../hosts/pairwise.ts';
import { full } from '../runs.ts';

const skill = catalogue.skill('rate-limit');
const dir = 'src/rate-limit';

type Facts = { [Name in keyof Profile]?: Profile[Name] extends { value: infer Value } ? Value : never };

/** A fixture of ours with some facts of another project. */
function hostWith(fixture: string, facts: Facts = {}): Host {
  const found = fixtures.find(({ name }) => name === fixture);
  if (found === undefined) throw new Error(`There is no fixture called ${fixture}.`);
  const host = hostFor(found);
  const changed = Object.entries(facts).map(([name, value]) => [
    name,
    { value, evidence: { file: null, line: null, reason: 'said by the test', confidence: 'certain' }, rivals: [] },
  ]);
  return { ...host, profile: { ...host.profile, ...Object.fromEntries(changed) } };
}

const decided = (host: Host, asked: Choices): Choices =>
  choicesOf(decide(skill, hostFacts(host, siteOf(host)), asked, null));

const render = (host: Host, asked: Choices = {}) =>
  desire(
    skill,
    host,
    siteOf(host),
    decided(host, asked),
    { dir, stamp: '20260102030405', docs: false },
    catalogue.ranges(),
  );

const textOf = (host: Host, name: string, asked: Choices = {}): string =>
  render(host, asked).files.find(({ path }) => path.startsWith(`${dir}/${name}.`))?.text ?? '';

const client = { file: 'src/clients.ts', name: 'client' };
const hosts = [
  'express5-ts-esm',
  'express4-js-cjs',
  'fastify5-ts-esm',
  'fastify4-js-cjs',
  'hono-node-ts',
  'hono-workers-ts',
  'nest11-ts-cjs',
  'nest-fastify-ts',
  'next16-app-ts',
  'next14-pages-js',
];
const answers: readonly { facts: Facts; asked: Choices }[] = [
  { facts: {}, asked: { store: 'memory' } },
  { facts: {}, asked: { store: 'binding' } },
  { facts: { trpc: true }, asked: { plans: true, login: true, quotas: 'store' } },
  ...(['ioredis', 'redis', 'upstash'] as const).flatMap((redis) =>
    [client, null].map((redisInstance) => ({
      facts: { redis, redisInstance },
      asked: { store: 'redis', 'redis-client': redis, connection: redisInstance ? 'host' : 'own' },
    })),
  ),
  ...(['pg', 'postgres', 'drizzle', 'prisma', 'kysely'] as const).map((database) => ({
    facts: { database, databaseInstance: client, migrations: { folder: 'migrations', tool: 'plain' as const } },
    asked: { quotas: 'postgres' },
  })),
  {
    facts: {
      database: 'pg',
      databaseInstance: client,
      migrations: { folder: 'supabase/migrations', tool: 'supabase' },
    },
    asked: { quotas: 'postgres' },
  },
];
const runtimes = ['node', 'bun', 'lambda', 'vercel'] as const;

/** Every pair of host, answers, runtime and algorithm; with BS_FULL=1 every combination. A Worker runs nowhere else. */
const factors = {
  fixture: hosts,
  answer: answers,
  runtime: [...runtimes, 'workers'] satisfies Runtime[],
  algorithm: ['token-bucket', 'sliding-window'],
};
const isThere = ({ fixture, runtime }: Row<typeof factors>): boolean =>
  (hostWith(fixture).profile.runtime.value === 'workers') === (runtime === 'workers');
const renders = full ? product(factors).filter(isThere) : pairwise(factors, isThere);

/** Nothing where the host does not offer it. */
function offered<T>(work: () => T): T[] {
  try {
    return [work()];
  } catch {
    return [];
  }
}

describe('the skill rate-limit', () => {
  test('reaches each of its files from some choice', () => {
    const values = hosts.flatMap((fixture) =>
      answers.flatMap(({ facts, asked }) => {
        const host = hostWith(fixture, facts);
        return offered(() => ({ ...hostFacts(host, siteOf(host)), ...decided(host, asked), tests: true }));
      }),
    );
    expect(skill.files.filter(({ when }) => !values.some((value) => holds(when, value)))).toEqual([]);
  });

  test.each(hosts)('renders files that parse, once each, whose imports are there, on %s', (fixture) => {
    let rendered = 0;
    for (const { answer, runtime, algorithm } of renders.filter((one) => one.fixture === fixture)) {
      const { facts, asked } = answer;
      const host = hostWith(fixture, { ...facts, runtime });
      for (const { files } of offered(() => render(host, { ...asked, algorithm, tests: true }))) {
        const paths = files.map(({ path }) => path);
        expect(new Set(paths).size, `each file once: ${paths}`).toBe(paths.length);
        for (const { path, text } of files) {
          if (/\.[cm]?[jt]s$/.test(path)) expect(parse(text, path), `${path} parses`).not.toBeNull();
          expect(text, `${path} has nothing left to fill in`).not.toMatch(/\{\{|#module|#host/);
        }
        expect(dangling(files), 'what is imported is there').toEqual([]);
        rendered += 1;
      }
    }
    expect(rendered).toBeGreaterThan(0);
  });

  test.each([
    ['express5-ts-esm', 'app.use(rateLimit);'],
    ['fastify5-ts-esm', 'await app.register(rateLimit);'],
    ['hono-node-ts', 'app.use(rateLimit);'],
    ['hono-chained-ts', '.use(rateLimit)'],
    ['nest11-ts-cjs', 'RateLimitModule'],
  ])('is wired first on %s', (fixture, line) => {
    const { ops, steps } = render(hostWith(fixture));
    expect(steps).toEqual([]);
    expect(ops.flatMap((op) => ('text' in op && op.op !== 'line' ? [op.text] : []))).toEqual([line]);
  });

  test('changes no file of a Next project, and says what to wrap', () => {
    const { ops, next } = render(hostWith('next16-app-ts'));
    expect(ops.filter(({ file }) => file !== 'package.json')).toEqual([]);
    expect(next.join('\n')).toContain('withRateLimit');
  });

  test.each(['vercel', 'lambda', 'workers'] as const)('does not count in the memory of %s', (runtime) => {
    expect(decided(hostWith('hono-node-ts', { runtime }), {}).store).toBe('redis');
    expect(() => decided(hostWith('hono-node-ts', { runtime }), { store: 'memory' })).toThrow(
      'each instance here has a memory of its own',
    );
  });

  test.each([
    ['express5-ts-esm', 'vercel', 'x-real-ip'],
    ['fastify5-ts-esm', 'vercel', 'x-real-ip'],
    ['hono-node-ts', 'vercel', 'x-real-ip'],
    ['hono-workers-ts', 'workers', 'cf-connecting-ip'],
    ['express5-ts-esm', 'node', 'req.ip'],
    ['fastify5-ts-esm', 'node', 'request.ip'],
    ['hono-node-ts', 'bun', 'requestIP'],
    ['hono-node-ts', 'lambda', 'sourceIp'],
  ] as const)('takes the address on %s for %s from %s', (fixture, runtime, source) => {
    const host = hostWith(fixture, { runtime });
    expect(textOf(host, 'middleware') + textOf(host, 'hook')).toContain(source);
  });

  test('writes what was chosen where it belongs', () => {
    const host = hostWith('express5-ts-esm');
    const asked = { store: 'redis', failure: 'closed', algorithm: 'sliding-window', 'per-minute': '7' };
    expect(textOf(host, 'limiter', asked)).toContain("onStoreFailure: 'closed'");
    expect(textOf(host, 'policies', asked)).toContain("slidingWindow({ name: 'address', limit: 7, windowMs: minute })");
    expect(render(host, asked).env.map(({ name }) => name)).toEqual(['REDIS_URL']);
    expect(
      render(host, asked)
        .files.filter(({ kind }) => kind === 'owned')
        .map(({ path }) => path),
    ).toEqual([`${dir}/policies.ts`]);
  });
});

describe('rate-limit beside webhook', () => {
  const names = ['express5-ts-esm', 'fastify5-ts-esm', 'hono-workers-ts', 'nest11-ts-cjs', 'next16-app-ts'];
  const orders = [
    ['rate-limit', 'webhook'],
    ['webhook', 'rate-limit'],
  ] as const;
  const rows = names.flatMap((name) => orders.flatMap((added) => orders.map((removed) => ({ name, added, removed }))));

  test.each(rows)('$added.0 is added first on $name, $removed.0 goes first: every byte is restored', (row) => {
    const project = hostWith(row.name);
    const paths = new Set<string>();
    const after = (host: Host, changes: readonly Change[]): Host => {
      for (const { path } of changes) paths.add(path);
      return { ...host, tree: treeAfter(host.tree, changes) };
    };
    const both = row.added.reduce((host, id) => after(host, added(id, host)), project);
    const alone = after(both, planRemove(row.removed[0], both, readLock(both.tree).lock).changes);
    const left = [...paths].map((path) => alone.tree.read(path) ?? '').join('');
    expect(left).toContain(`"${row.removed[1]}"`);
    expect(left).not.toContain(row.removed[0] === 'webhook' ? 'createReceiver' : 'createRateLimiter');
    const none = after(alone, planRemove(row.removed[1], alone, readLock(alone.tree).lock).changes);
    for (const path of paths) expect(none.tree.read(path), path).toBe(project.tree.read(path));
  });
});

/** What adding a skill that counts in Redis changes. */
function added(id: string, host: Host): readonly Change[] {
  const one = catalogue.skill(id);
  const site = siteOf(host);
  const choices = choicesOf(decide(one, hostFacts(host, site), { store: 'redis', connection: 'own' }, null));
  const stamp = '20260102030405';
  const where = { dir: `src/${one.folder}`, stamp, docs: false };
  const wanted = desire(one, host, site, choices, where, catalogue.ranges());
  const policy = { force: false, overlap: 'fail' } as const;
  const { lock } = readLock(host.tree);
  return planAdd({ skill: one, host, lock, choices, desire: wanted, stamp, policy }).changes;
}

/** Relative imports of the module that lead to no file of it (the project's own clients aside). */
function dangling(files: readonly { path: string; text: string }[]): string[] {
  const bare = (path: string): string => path.replace(/\.[cm]?[jt]s$/, '');
  const known = new Set(files.flatMap(({ path }) => [bare(path), bare(path).replace(/\/index$/, '')]));
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|require\() ?['"](\.[^'"]+)['"]/g)]
      .map(([, specifier = '']) => bare(new URL(specifier, `file:///${path}`).pathname.slice(1)))
      .filter((target) => !known.has(target) && target !== bare(client.file))
      .map((target) => `${path} → ${target}`),
  );
}
