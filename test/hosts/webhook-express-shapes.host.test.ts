import { describeCover, describeDefaults, describeStores } from './webhook-hosts.ts';

const hosts = ['express-class-ts', 'express-factory-ts', 'express-loaders-js', 'workspace-npm', 'workspace-yarn'];
describeDefaults(hosts);
describeCover(hosts);
describeStores([
  { name: 'workspace-npm', answers: { store: 'redis', 'redis-client': 'upstash', provider: ['openai', 'replicate'] } },
]);
