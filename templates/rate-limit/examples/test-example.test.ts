import assert from 'node:assert/strict';
import { test } from 'vitest';
import { createRateLimiter } from '../core/limiter.js';
import { memoryStore } from '../core/memory-store.js';
import { tokenBucket } from '../core/policies.js';
import { byUser } from '../core/subjects.js';
import { charged, planLimiter } from './advanced-example.js';
import { server } from './basic-example.js';

/** A limiter whose clock stands still until it is set, so that no test waits. */
function setUp() {
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const now = () => clock.ms;
  const limiter = createRateLimiter({
    policies: [tokenBucket({ name: 'minute', limit: 2, windowMs: 60_000 })],
    subjectOf: byUser,
    store: memoryStore(now),
    onStoreFailure: 'local',
    log: () => {},
    now,
  });
  const send = (userId: string) =>
    limiter.decide({ method: 'GET', path: '/', header: () => undefined, address: undefined, userId });
  return { clock, send };
}

test('the third request is refused, and admitted when it comes at the time that it was told', async () => {
  const { clock, send } = setUp();
  assert.equal((await send('ada')).reply, null);
  assert.equal((await send('ada')).reply, null);
  const { reply } = await send('ada');
  assert.equal(reply?.status, 429);
  assert.equal((await send('bob')).reply, null);
  clock.ms += Number(reply?.headers['retry-after']) * 1000;
  assert.equal((await send('ada')).reply, null);
});

test('work that fails is given back', async () => {
  const left = async (userId: string) => {
    const facts = { method: 'GET', path: '/', header: () => undefined, address: undefined, userId };
    const { results, refund } = await planLimiter.decide(facts);
    await refund();
    return results.map(({ remaining }) => remaining);
  };
  const before = await left('eve');
  await assert.rejects(
    charged('eve', async () => {
      throw new Error('The disk is full.');
    }),
    /The disk is full/,
  );
  assert.deepEqual(await left('eve'), before);
});

test('a server tells what is left', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const response = await fetch(`http://127.0.0.1:${address.port}/`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('ratelimit') ?? '', /^"address";r=99;t=\d+$/);
  } finally {
    server.close();
  }
});
