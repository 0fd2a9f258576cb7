import { Redis as Upstash } from '@upstash/redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { redisScripts as overIoredis } from '../../templates/rate-limit/core/redis-ioredis.ts';
import { redisScripts as overNodeRedis } from '../../templates/rate-limit/core/redis-node-redis.ts';
import type { RunScript } from '../../templates/rate-limit/core/redis-store.ts';
import { redisScripts as overUpstash } from '../../templates/rate-limit/core/redis-upstash.ts';
import { upstashBridge } from '../webhook/redis-bridge.ts';

export interface Connected {
  readonly run: RunScript;
  close(): Promise<unknown> | unknown;
}

/** Each client of Redis, as a host has it. */
export const clients: Readonly<Record<string, (url: string) => Promise<Connected>>> = {
  ioredis: async (url) => {
    const client = new Redis(url);
    client.on('error', () => {});
    return { run: overIoredis(client), close: () => client.disconnect() };
  },
  'node-redis': async (url) => {
    const client = await createClient({ url })
      .on('error', () => {})
      .connect();
    return { run: overNodeRedis(client), close: () => client.destroy() };
  },
  '@upstash/redis': async (url) => {
    const bridge = await upstashBridge(url);
    const client = new Upstash({ url: bridge.url, token: 'unused', enableTelemetry: false });
    return { run: overUpstash(client), close: () => bridge.close() };
  },
};
