import { describeCover, describeDefaults, describeStores } from './webhook-hosts.ts';

const hosts = ['fastify4-js-cjs', 'fastify5-ts-esm', 'fastify-plugins-ts', 'workspace-pnpm'];
describeDefaults(hosts);
describeCover(hosts);
describeStores([
  { name: 'fastify4-js-cjs', answers: { store: 'postgres', 'database-client': 'postgres', provider: ['hmac'] } },
  { name: 'fastify5-ts-esm', answers: { store: 'redis', 'redis-client': 'ioredis', provider: ['svix', 'stripe'] } },
]);
