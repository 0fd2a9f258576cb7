import { describeChoices, describeLimits } from './rate-limit-hosts.ts';

describeChoices(['nest11-ts-cjs']);
describeLimits(['nest10-ts-cjs', 'nest11-ts-cjs', 'nest12-ts-esm', 'nest-fastify-ts']);
