import { describeCover, describeDefaults, describeStores } from './webhook-hosts.ts';

const hosts = ['nest10-ts-cjs', 'nest11-ts-cjs', 'nest12-ts-esm', 'nest-fastify-ts'];
describeDefaults(hosts);
describeCover(hosts);
describeStores([
  { name: 'nest11-ts-cjs', answers: { store: 'postgres', 'database-client': 'pg', provider: ['github', 'stripe'] } },
  { name: 'nest12-ts-esm', answers: { store: 'redis', 'redis-client': 'ioredis', provider: ['clerk'] } },
]);
