import { describeCover, describeDefaults, describeStores } from './webhook-hosts.ts';

const hosts = ['express4-js-cjs', 'express5-ts-esm', 'express-pool-ts', 'trpc-express-ts'];
describeDefaults(hosts);
describeCover(hosts);
describeStores([
  { name: 'express4-js-cjs', answers: { store: 'redis', 'redis-client': 'redis', provider: ['github'] } },
  { name: 'express5-ts-esm', answers: { store: 'postgres', 'database-client': 'postgres', provider: ['clerk'] } },
  { name: 'express-pool-ts', answers: { store: 'postgres', 'database-client': 'pg', provider: ['hmac'] } },
]);
