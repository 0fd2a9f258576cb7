import { describe, expect, test } from 'vitest';
import { createLoginLimiter, type LoginLimiterOptions } from '../../templates/rate-limit/core/login.ts';
import { memoryAt, minute } from './support.ts';

function loginOf(more: Partial<LoginLimiterOptions> = {}) {
  const { clock, store } = memoryAt();
  const limiter = createLoginLimiter({ store, log: () => {}, now: () => clock.ms, ...more });
  /** An attempt, and whether the password was right; the status where it was not even looked at. */
  const login = async (address: string, account: string, right: boolean): Promise<number | boolean> => {
    const { reply, succeeded } = await limiter.attempt({ address: `ip:${address}`, account });
    if (reply) return reply.status;
    if (right) await succeeded();
    return right;
  };
  return { clock, limiter, login };
}

describe('A login', () => {
  test('is refused after 10 failures in a row at one account, from however many addresses', async () => {
    const { clock, login } = loginOf();
    for (let n = 0; n < 10; n += 1) expect(await login(`192.0.2.${n}`, 'ada', false)).toBe(false);
    expect(await login('192.0.2.99', ' ADA ', true)).toBe(429);
    expect(await login('192.0.2.99', 'bob', true)).toBe(true);
    clock.ms += 30 * minute;
    expect(await login('192.0.2.99', 'ada', true)).toBe(true);
  });

  test('that succeeds clears the failures of its account', async () => {
    const { login } = loginOf();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 9; n += 1) expect(await login(`192.0.2.${round}`, 'ada', false)).toBe(false);
      expect(await login(`192.0.2.${round}`, 'ada', true)).toBe(true);
    }
  });

  test('that succeeds does not clear its address, so that an account of one’s own is no help in guessing', async () => {
    const { login } = loginOf();
    let guesses = 0;
    for (let n = 0; n < 100; n += 1) {
      if ((await login('192.0.2.1', `victim-${n}`, false)) === false) guesses += 1;
      await login('192.0.2.1', 'mine', true);
    }
    expect(guesses).toBe(30);
  });

  test('counts the guesses that are under way at once', async () => {
    const { limiter } = loginOf();
    const attempts = await Promise.all(
      Array.from({ length: 100 }, (_, n) => limiter.attempt({ address: `ip:${n}`, account: 'ada' })),
    );
    expect(attempts.filter(({ reply }) => reply === null)).toHaveLength(10);
  });

  test('from an address that is refused does not use up the attempts of the accounts it names', async () => {
    const { login } = loginOf();
    for (let n = 0; n < 30; n += 1) await login('192.0.2.1', `account-${n}`, false);
    for (let n = 0; n < 50; n += 1) expect(await login('192.0.2.1', 'ada', false)).toBe(429);
    for (let n = 0; n < 9; n += 1) expect(await login('192.0.2.2', 'ada', false)).toBe(false);
  });

  test('is refused in the same words whichever limit it was, with no counts of others', async () => {
    const { login, limiter } = loginOf();
    for (let n = 0; n < 30; n += 1) await login('192.0.2.1', `account-${n}`, false);
    for (let n = 0; n < 10; n += 1) await login(`192.0.2.${n + 2}`, 'ada', false);
    const byAddress = await limiter.attempt({ address: 'ip:192.0.2.1', account: 'someone' });
    const byAccount = await limiter.attempt({ address: 'ip:192.0.2.77', account: 'ada' });
    expect(byAddress.reply?.body).toBe(byAccount.reply?.body);
    for (const { reply } of [byAddress, byAccount]) {
      expect(Object.keys(reply?.headers ?? {}).sort()).toEqual(['cache-control', 'content-type', 'retry-after']);
      expect(Number(reply?.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  test('is not let through by a store that fails', async () => {
    const { login } = loginOf({ store: { apply: () => Promise.reject(new Error('gone')) } });
    expect(await login('192.0.2.1', 'ada', true)).toBe(503);
  });
});
