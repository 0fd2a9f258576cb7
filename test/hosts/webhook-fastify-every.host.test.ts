import { describeEvery } from './webhook-hosts.ts';

describeEvery(['fastify5-ts-esm']);
