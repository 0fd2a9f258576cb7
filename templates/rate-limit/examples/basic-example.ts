import { createServer } from 'node:http';
import { createRateLimiter } from '../core/limiter.js';
import { memoryStore } from '../core/memory-store.js';
import { tokenBucket } from '../core/policies.js';
import { byAddress } from '../core/subjects.js';

const limiter = createRateLimiter({
  policies: [tokenBucket({ name: 'address', limit: 100, windowMs: 60_000 })],
  subjectOf: byAddress(0),
  store: memoryStore(),
  onStoreFailure: 'local',
  log: ({ level, message, ...about }) => console[level](message, about),
});

/** The limiter on Node's own server: 100 requests a minute from each address. */
export const server = createServer(async (request, response) => {
  const { reply, headers } = await limiter.decide({
    method: request.method ?? 'GET',
    path: (request.url ?? '/').replace(/\?.*$/s, ''),
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
    address: request.socket.remoteAddress,
  });
  if (reply) return response.writeHead(reply.status, reply.headers).end(reply.body);
  return response.writeHead(200, headers).end('fine');
});
