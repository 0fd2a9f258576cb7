import { describeEvery } from './webhook-hosts.ts';

describeEvery(['express5-ts-esm']);
