import { Redis as Upstash } from '@upstash/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, test } from 'vitest';
import { redisScripts as overIoredis } from '../../templates/webhook/core/redis-ioredis.ts';
import { redisScripts as overNodeRedis } from '../../templates/webhook/core/redis-node-redis.ts';
import { redisStore } from '../../templates/webhook/core/redis-store.ts';
import { redisScripts as overUpstash } from '../../templates/webhook/core/redis-upstash.ts';
import { retentionMs } from '../../templates/webhook/core/store.ts';
import { freshPrefix, redisUrl } from '../services/index.ts';
import { upstashBridge } from './redis-bridge.ts';
import { storeContract } from './store-contract.ts';

const prefix = freshPrefix();

storeContract('The store in Redis through ioredis', async () => {
  const clients = [new Redis(redisUrl()), new Redis(redisUrl())] as const;
  return {
    stores: [redisStore(overIoredis(clients[0]), prefix), redisStore(overIoredis(clients[1]), prefix)],
    close: () => Promise.all(clients.map((client) => client.quit())),
  };
});

storeContract('The store in Redis through node-redis', async () => {
  const clients = [
    await createClient({ url: redisUrl() }).connect(),
    await createClient({ url: redisUrl() }).connect(),
  ] as const;
  return {
    stores: [redisStore(overNodeRedis(clients[0]), prefix), redisStore(overNodeRedis(clients[1]), prefix)],
    close: () => Promise.all(clients.map((client) => client.close())),
  };
});

storeContract('The store in Redis through @upstash/redis', async () => {
  const bridge = await upstashBridge(redisUrl());
  const client = () => new Upstash({ url: bridge.url, token: 'unused', enableTelemetry: false });
  return {
    stores: [redisStore(overUpstash(client()), prefix), redisStore(overUpstash(client()), prefix)],
    close: () => bridge.close(),
  };
});

describe('A key in Redis', () => {
  test('ends with its lease, and after the retention once the event is handled', async () => {
    const redis = new Redis(redisUrl());
    const store = redisStore(overIoredis(redis), prefix);
    const lifetime = () => redis.pttl(`${prefix}stripe:evt_1`);
    try {
      await store.claim('stripe:evt_1', 'A', 60_000);
      expect(await lifetime()).toSatisfy((ms: number) => ms > 0 && ms <= 60_000);
      await store.complete('stripe:evt_1', 'A');
      expect(await lifetime()).toSatisfy((ms: number) => ms > 60_000 && ms <= retentionMs);
      expect(await redis.keys(`${prefix}stripe:evt_1*`)).toHaveLength(1);
      await store.claim('stripe:evt_2', 'A', 60_000);
      await store.fail('stripe:evt_2', 'A');
      expect(await redis.exists(`${prefix}stripe:evt_2`)).toBe(0);
    } finally {
      redis.disconnect();
    }
  });

  test('carries the prefix that the client sets for all its keys', async () => {
    const redis = new Redis(redisUrl(), { keyPrefix: `${prefix}app:` });
    try {
      await redisStore(overIoredis(redis)).claim('stripe:evt_3', 'A', 60_000);
      expect(await redis.get('webhook:stripe:evt_3')).toBe('A');
    } finally {
      redis.disconnect();
    }
  });
});

test('A Redis that does not answer as expected is an error, not a claim', async () => {
  await expect(redisStore(async () => null).claim('a', 'A', 1)).rejects.toThrow('null');
});
