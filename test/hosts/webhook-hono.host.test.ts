import { describeCover, describeDefaults, describeStores } from './webhook-hosts.ts';

const hosts = ['hono-chained-ts', 'hono-js-esm', 'hono-node-ts', 'hono-workers-ts'];
describeDefaults(hosts);
describeCover(hosts);
describeStores([
  { name: 'hono-js-esm', answers: { store: 'redis', 'redis-client': 'redis', provider: ['resend'] } },
  { name: 'hono-node-ts', answers: { store: 'postgres', 'database-client': 'pg', provider: ['standard-webhooks'] } },
]);
