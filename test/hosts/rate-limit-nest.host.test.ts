import { describeChoices, describeLimits, describeRedis } from './rate-limit-hosts.ts';

describeChoices(['nest11-ts-cjs']);
describeLimits(['nest10-ts-cjs', 'nest11-ts-cjs', 'nest12-ts-esm', 'nest-fastify-ts']);
describeRedis([{ name: 'nest11-ts-cjs', client: 'ioredis' }]);
