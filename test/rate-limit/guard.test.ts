import { describe, expect, test, vi } from 'vitest';
import { guardedStore, type OnStoreFailure } from '../../templates/rate-limit/core/guarded-store.ts';
import { memoryStore } from '../../templates/rate-limit/core/memory-store.ts';
import { monthlyQuota } from '../../templates/rate-limit/core/monthly-quota.ts';
import { tokenBucket } from '../../templates/rate-limit/core/policies.ts';
import type { LimitStore } from '../../templates/rate-limit/core/store.ts';
import type { LogEntry } from '../../templates/rate-limit/core/types.ts';
import { chargeOf, hour, memoryAt, start } from './support.ts';

const ten = tokenBucket({ name: 'ten', limit: 10, windowMs: hour });

/** A guarded store whose own store fails on command. */
function guarded(onFailure: OnStoreFailure, instances = 1) {
  const { clock, store } = memoryAt();
  const logged: LogEntry[] = [];
  const state = { fails: true, calls: 0 };
  const flaky: LimitStore = {
    async apply(action, charge) {
      state.calls += 1;
      if (state.fails) throw new Error('gone');
      return store.apply(action, charge);
    },
  };
  const log = (entry: LogEntry) => void logged.push(entry);
  const guard = guardedStore(flaky, { onFailure, instances, timeoutMs: 1000, log, now: () => clock.ms });
  return { clock, logged, state, take: () => guard.apply('take', chargeOf([ten])), guard };
}

describe('A store that fails', () => {
  test('is left alone after three failures, and tried once a second until it is back', async () => {
    const { clock, logged, state, take } = guarded('open');
    for (let n = 0; n < 10; n += 1) await take();
    expect(state.calls).toBe(3);
    clock.ms += 999;
    await take();
    expect(state.calls).toBe(3);
    clock.ms += 1;
    await Promise.all([take(), take(), take()]);
    expect(state.calls).toBe(4);
    state.fails = false;
    clock.ms += 1000;
    expect(await take()).toMatchObject([{ remaining: 9 }]);
    expect(await take()).toMatchObject([{ remaining: 8 }]);
    expect(state.calls).toBe(6);
    expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  test('is not given up for failures that are not in a row', async () => {
    const { state, take } = guarded('open');
    for (let n = 0; n < 12; n += 1) {
      state.fails = n % 3 !== 2;
      await take();
    }
    expect(state.calls).toBe(12);
  });

  test('is tried again where the clock went back', async () => {
    const { clock, state, take } = guarded('open');
    for (let n = 0; n < 5; n += 1) await take();
    clock.ms -= hour;
    await take();
    expect(state.calls).toBe(4);
  });

  test('lets all pass uncounted where it is open, and nobody where it is closed', async () => {
    expect(await guarded('open').take()).toEqual([]);
    await expect(guarded('closed').take()).rejects.toThrow('gone');
  });

  test('is stood in for by this process, with its share of the limits', async () => {
    for (const [instances, share] of [
      [1, 10],
      [4, 2],
      [100, 1],
    ] as const) {
      const { take } = guarded('local', instances);
      for (let n = 0; n < share; n += 1) expect(await take()).toMatchObject([{ allowed: true }]);
      expect(await take()).toMatchObject([{ allowed: false, limit: share }]);
    }
  });

  test('gives nothing of a quota of nothing', async () => {
    const none = monthlyQuota({ name: 'none', limit: 0 });
    expect(await guarded('local').guard.apply('take', chargeOf([none]))).toMatchObject([{ allowed: false }]);
  });

  test('fails where it takes too long, and has half as long again where it may have to connect', async () => {
    vi.useFakeTimers();
    try {
      const answers: (() => void)[] = [];
      const slow: LimitStore = { apply: () => new Promise((resolve) => answers.push(() => resolve([]))) };
      const options = { onFailure: 'closed', instances: 1, timeoutMs: 100, log: () => {}, now: Date.now } as const;
      const guard = guardedStore(slow, options);
      /** How a call ends that is answered after so many milliseconds. */
      const after = async (ms: number): Promise<unknown> => {
        const call = guard.apply('take', chargeOf([ten])).catch((error: Error) => error.message);
        await vi.advanceTimersByTimeAsync(ms);
        answers.pop()?.();
        return call;
      };
      expect(await after(150)).toEqual([]);
      expect(await after(100)).toEqual([]);
      expect(await after(101)).toBe('No answer within 100 ms.');
      expect(await after(150)).toEqual([]);
      expect(await after(150)).toBe('No answer within 100 ms.');
      expect(await after(151)).toBe('No answer within 150 ms.');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('The memory of one process', () => {
  test('is bounded, and keeps those seen last', async () => {
    const store = memoryStore(() => start, 100);
    const one = tokenBucket({ name: 'one', limit: 1, windowMs: hour });
    const charge = (subject: string) => chargeOf([one], { subject });
    await store.apply('take', charge('attacker'));
    for (let n = 0; n < 10_000; n += 1) {
      await store.apply('take', charge(`ip:${n}`));
      expect(await store.apply('take', charge('attacker'))).toMatchObject([{ allowed: false }]);
    }
    let kept = 0;
    for (let n = 0; n < 10_000; n += 1) {
      const [result] = await store.apply('peek', charge(`ip:${n}`));
      if (!result?.allowed) kept += 1;
    }
    expect(kept).toBeGreaterThanOrEqual(48);
    expect(kept).toBeLessThanOrEqual(100);
  });
});
