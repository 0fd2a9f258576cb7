import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../services/index.ts';
import { poolOf } from '../webhook/pool.ts';
import { typeCheck } from './check.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';
import { add, databaseOf, projectCalled, textsOf, withBooted } from './rate-limit-support.ts';

const reports = `import { Router } from 'express';
import { monthlyQuota } from './rate-limit/core/monthly-quota.js';
import { tokenBucket } from './rate-limit/core/policies.js';
import { limit } from './rate-limit/index.js';

export const reports = Router();

const policies = [
  tokenBucket({ name: 'hour', limit: 10, windowMs: 3_600_000 }),
  monthlyQuota({ name: 'month', limit: 3 }),
];

reports.post(
  '/reports',
  (req, res, next) => {
    const user = /^Bearer (\\w+)$/.exec(req.get('authorization') ?? '')?.[1];
    if (user === undefined) {
      res.sendStatus(401);
      return;
    }
    res.locals['user'] = user;
    next();
  },
  limit({ policies, userIdOf: (req) => req.res?.locals['user'] }),
  (_req, res) => {
    res.send('done');
  },
);
`;

describe('A route of express-pool-ts, behind authentication, with quotas in Postgres and the rest in Redis', () => {
  let host: Host;
  let database: { url: string; drop(): Promise<void> };
  const answers = { store: 'redis', connection: 'host', quotas: 'postgres', plans: true, login: true };
  const { plan } = add('rate-limit', projectCalled('express-pool-ts'), answers);
  const texts = new Map(textsOf(plan.changes));
  beforeAll(async () => {
    host = await prepareHost(fixture('express-pool-ts'));
    const app = `${texts.get('src/app.ts')}\napp.use(reports);\n`;
    host.write([...texts, ['src/reports.ts', reports]]);
    host.write([['src/app.ts', `import { reports } from './reports.js';\n${app}`]]);
    database = await freshDatabase();
    const pool = poolOf(database.url);
    for (const [path, text] of texts) if (path.endsWith('.sql')) await pool.query(text);
    await pool.end();
  });
  afterAll(async () => {
    host.drop();
    await database.drop();
  });

  test('counts each user, not their address, and the month outlives the process and Redis', async () => {
    expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
    const env = { DATABASE_URL: database.url, REDIS_URL: databaseOf('express-pool-ts') };
    const post = (url: string, user: string): Promise<Response> =>
      fetch(`${url}/reports`, { method: 'POST', headers: { authorization: user } });
    await withBooted(host, env, async (url) => {
      const answers: Response[] = [];
      for (let at = 0; at < 5; at += 1) answers.push(await post(url, 'Bearer ada'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
      expect(await answers[3]?.json()).toMatchObject({ 'violated-policies': ['month'] });
      expect(answers[0]?.headers.get('ratelimit')).toMatch(/"hour";r=9;t=\d+, "month";r=2;t=\d+/);
      const other = await post(url, 'Bearer bob');
      expect(other.status).toBe(200);
      // What the month refused was not charged to the hour.
      expect(other.headers.get('ratelimit')).toMatch(/"hour";r=9;t=\d+, "month";r=2;t=\d+/);
      expect((await post(url, 'nobody')).status).toBe(401);
    });
    await withBooted(host, { ...env, REDIS_URL: databaseOf('hono-js-esm') }, async (url) => {
      expect((await post(url, 'Bearer ada')).status).toBe(429);
      expect((await post(url, 'Bearer bob')).status).toBe(200);
    });
    const pool = poolOf(database.url);
    const { rows } = await pool.query('select subject, used::int from rate_limit_usage order by subject');
    await pool.end();
    expect(rows).toEqual([
      { subject: 'user:ada', used: 3 },
      { subject: 'user:bob', used: 2 },
    ]);
  });
});

const trpc = `import { initTRPC } from '@trpc/server';
import type { CreateExpressContextOptions } from '@trpc/server/adapters/express';
import { tokenBucket } from './rate-limit/core/policies.js';
import { RateLimitExceeded, rateLimited } from './rate-limit/trpc.js';

export const createContext = ({ req, res }: CreateExpressContextOptions) => ({
  requestId: req.get('x-request-id') ?? null,
  user: req.get('x-user'),
  ip: req.ip,
  setHeader: (name: string, value: string) => void res.setHeader(name, value),
});
type Context = ReturnType<typeof createContext>;

const t = initTRPC.context<typeof createContext>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: {
      ...shape.data,
      retryAfterMs: error.cause instanceof RateLimitExceeded ? error.cause.retryAfterMs : undefined,
    },
  }),
});

export const router = t.router;
export const procedure = t.procedure.use(
  rateLimited({
    policies: [tokenBucket({ name: 'calls', limit: 5, windowMs: 60_000 })],
    callerOf: ({ user, ip, setHeader }: Context) => ({ userId: user, address: ip, setHeader }),
  }),
);
`;

describe('The procedures of trpc-express-ts', () => {
  let host: Host;
  const { plan } = add('rate-limit', projectCalled('trpc-express-ts'), {});
  beforeAll(async () => {
    host = await prepareHost(fixture('trpc-express-ts'));
    host.write([...textsOf(plan.changes), ['src/trpc.ts', trpc]]);
  });
  afterAll(() => host.drop());

  test('pass the type check, the strictest too', async () => {
    expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
    expect(await typeCheck(host, ['src/rate-limit'])).toEqual({ ok: true, output: '' });
  });

  test('count each call of a batch, for each user', () =>
    withBooted(host, {}, async (url) => {
      const batch = Array.from({ length: 10 }, () => 'status').join();
      const send = async (user: string) => {
        const response = await fetch(`${url}/trpc/${batch}?batch=1&input={}`, { headers: { 'x-user': user } });
        expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
        return (await response.json()) as { result?: object; error?: { data: object } }[];
      };
      for (const user of ['ada', 'bob']) {
        const answers = await send(user);
        expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(5);
        const refused = answers.flatMap(({ error }) => (error ? [error.data] : []));
        expect(refused).toHaveLength(5);
        for (const data of refused)
          expect(data).toMatchObject({
            code: 'TOO_MANY_REQUESTS',
            httpStatus: 429,
            retryAfterMs: expect.closeTo(12_000, -4),
          });
      }
    }));
});
