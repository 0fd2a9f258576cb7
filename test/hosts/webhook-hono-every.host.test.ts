import { describeEvery } from './webhook-hosts.ts';

describeEvery(['hono-node-ts', 'hono-workers-ts']);
