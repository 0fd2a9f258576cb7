import { expect, test } from 'vitest';
import { memoryStore } from '../../templates/webhook/core/memory-store.ts';
import { retentionMs } from '../../templates/webhook/core/store.ts';
import { storeContract } from './store-contract.ts';

storeContract('The store in memory', async () => {
  const store = memoryStore();
  return { stores: [store, store], close: async () => {} };
});

test('The store in memory forgets a handled event after the retention', async () => {
  let now = 0;
  const store = memoryStore(() => now);
  await store.claim('a', 'A', 1000);
  await store.complete('a', 'A');
  now = retentionMs - 1;
  expect(await store.claim('a', 'B', 1000)).toBe('done');
  now = retentionMs;
  expect(await store.claim('a', 'B', 1000)).toBe('claimed');
});

test('The store in memory gives an event again at the end of its lease, not before', async () => {
  let now = 0;
  const store = memoryStore(() => now);
  await store.claim('a', 'A', 1000);
  now = 999;
  expect(await store.claim('a', 'B', 1000)).toBe('processing');
  now = 1000;
  expect(await store.claim('a', 'B', 1000)).toBe('claimed');
});

test('The store in memory keeps the newest events of more than it can hold', async () => {
  const store = memoryStore(() => 0, 3);
  for (const key of ['a', 'b', 'c']) {
    await store.claim(key, key, 1000);
    await store.complete(key, key);
  }
  await store.claim('d', 'd', 1000);
  const states = [];
  for (const key of ['c', 'b', 'd']) states.push(await store.claim(key, 'again', 1000));
  expect(states).toEqual(['done', 'done', 'processing']);
  expect(await store.claim('a', 'again', 1000)).toBe('claimed');
});
