import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slidingWindow, tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import type { Policy, RatePolicy } from '../../templates/rate-limit/core/types.ts';
import { chargeOf, memoryAt, start, take } from './support.ts';

/** One request: how long after the one before, and for how much. */
const requests = fc.array(
  fc.record({
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2500 })),
    cost: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 })),
  }),
  { minLength: 1, maxLength: 200 },
);
const windowMs = fc.integer({ min: 1, max: 1500 });
const limit = fc.integer({ min: 1, max: 40 });
const bucket = fc
  .record({ limit, windowMs, burst: fc.integer({ min: 1, max: 40 }) })
  .map((options) => tokenBucket({ name: 'bucket', ...options }));
const window = fc.record({ limit, windowMs }).map((options) => slidingWindow({ name: 'window', ...options }));

interface Entry {
  readonly ms: number;
  readonly cost: number;
}

/** The exact log of what a policy admitted of these requests, and of all there was. */
async function logOf(policy: Policy, sent: readonly { after: number; cost: number }[]) {
  const { clock, store } = memoryAt(start + 123);
  const admitted: Entry[] = [];
  const refused: Entry[] = [];
  for (const { after, cost } of sent) {
    clock.ms += after;
    const { allowed } = await take(store, policy, cost);
    (allowed ? admitted : refused).push({ ms: clock.ms, cost });
  }
  return { admitted, refused };
}

const sumIn = (log: readonly Entry[], from: number, to: number): number =>
  log.reduce((sum, { ms, cost }) => (ms >= from && ms <= to ? sum + cost : sum), 0);

/** Every stretch of time that starts and ends with an entry of the log. */
function* stretches(log: readonly Entry[]): Generator<{ from: number; to: number; sum: number }> {
  for (const [index, { ms: from }] of log.entries()) {
    let sum = 0;
    for (const { ms: to, cost } of log.slice(index)) {
      sum += cost;
      yield { from, to, sum };
    }
  }
}

describe('Beside an exact log', () => {
  test('a bucket never admits more than its burst and what flowed meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(bucket, requests, async (policy, sent) => {
        const { admitted } = await logOf(policy, sent);
        for (const { from, to, sum } of stretches(admitted))
          expect((sum - policy.burst) * policy.windowMs).toBeLessThanOrEqual((to - from) * policy.limit);
      }),
      { numRuns: 300 },
    );
  });

  test('a bucket refuses nothing that an exact token bucket has the tokens for', async () => {
    await fc.assert(
      fc.asyncProperty(bucket, requests, async (policy, sent) => {
        const { clock, store } = memoryAt();
        let tokens = BigInt(policy.burst * policy.windowMs);
        for (const { after, cost } of sent) {
          clock.ms += after;
          const full = BigInt(policy.burst * policy.windowMs);
          tokens += BigInt(after * policy.limit);
          if (tokens > full) tokens = full;
          const price = BigInt(cost * policy.windowMs);
          const { allowed } = await take(store, policy, cost);
          expect(allowed).toBe(price <= tokens);
          if (allowed) tokens -= price;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a window never admits more than its limit, and the share of it that the stretch is long', async () => {
    await fc.assert(
      fc.asyncProperty(window, requests, async (policy, sent) => {
        const { admitted } = await logOf(policy, sent);
        for (const { from, to, sum } of stretches(admitted))
          expect((sum - policy.limit) * policy.windowMs).toBeLessThanOrEqual((to - from) * policy.limit);
      }),
      { numRuns: 300 },
    );
  });

  test('a window errs by no more than what was used in the window before', async () => {
    await fc.assert(
      fc.asyncProperty(window, requests, async (policy, sent) => {
        const { admitted, refused } = await logOf(policy, sent);
        for (const { ms, cost } of refused) {
          const edge = ms - (ms % policy.windowMs);
          const earlier = admitted.filter((entry) => entry.ms <= ms);
          const exact = sumIn(earlier, ms - policy.windowMs + 1, ms);
          const error = sumIn(earlier, edge - policy.windowMs, edge - 1);
          expect(exact + error + cost).toBeGreaterThan(policy.limit);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('What is promised holds, whatever came before', () => {
  const anyPolicy: fc.Arbitrary<RatePolicy> = fc.oneof(bucket, window);

  test('retryAfterMs is the first millisecond at which the request is admitted', async () => {
    await fc.assert(
      fc.asyncProperty(anyPolicy, requests, async (policy, sent) => {
        const { clock, store } = memoryAt(start + 123);
        for (const { after, cost } of sent) {
          clock.ms += after;
          const { allowed, retryAfterMs } = await take(store, policy, cost);
          if (allowed || retryAfterMs === Infinity) continue;
          const now = clock.ms;
          const charge = chargeOf([policy], { cost });
          clock.ms = now + retryAfterMs - 1;
          expect(await store.apply('peek', charge)).toMatchObject([{ allowed: false }]);
          clock.ms = now + retryAfterMs;
          expect(await store.apply('peek', charge)).toMatchObject([{ allowed: true, retryAfterMs: 0 }]);
          clock.ms = now;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('remaining is what can be used right now, to the unit', async () => {
    await fc.assert(
      fc.asyncProperty(anyPolicy, requests, async (policy, sent) => {
        const { clock, store } = memoryAt(start + 123);
        for (const { after, cost } of sent) {
          clock.ms += after;
          const remaining = (await take(store, policy, cost)).remaining ?? Number.NaN;
          for (const [units, allowed] of [
            [remaining, true],
            [remaining + 1, false],
          ] as const)
            expect(await store.apply('peek', chargeOf([policy], { cost: units }))).toMatchObject([{ allowed }]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('after resetMs, and not before, all is as if nothing had been used', async () => {
    await fc.assert(
      fc.asyncProperty(anyPolicy, requests, async (policy, sent) => {
        const { clock, store } = memoryAt(start + 123);
        for (const { after, cost } of sent) {
          clock.ms += after;
          await take(store, policy, cost);
        }
        const [now, used] = [clock.ms, await store.apply('peek', chargeOf([policy], { cost: 0 }))];
        const resetMs = used[0]?.resetMs ?? 0;
        clock.ms = now + resetMs;
        expect(await store.apply('peek', chargeOf([policy]))).toMatchObject([{ remaining: policy.burst, resetMs: 0 }]);
        if (resetMs === 0) return;
        clock.ms -= 1;
        expect(await store.apply('peek', chargeOf([policy]))).toMatchObject([{ resetMs: 1 }]);
      }),
      { numRuns: 200 },
    );
  });

  test('several policies admit a request together or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(bucket, window, requests, async (first, second, sent) => {
        const together = memoryAt(start + 123);
        const apart = memoryAt(start + 123);
        for (const { after, cost } of sent) {
          together.clock.ms += after;
          apart.clock.ms += after;
          const results = await together.store.apply('take', chargeOf([first, second], { cost }));
          const peeked = await apart.store.apply('peek', chargeOf([first, second], { cost }));
          expect(results.map(({ allowed }) => allowed)).toEqual(peeked.map(({ allowed }) => allowed));
          if (!peeked.every(({ allowed }) => allowed)) expect(results).toEqual(peeked);
          else for (const policy of [first, second]) await take(apart.store, policy, cost);
        }
      }),
      { numRuns: 200 },
    );
  });
});
