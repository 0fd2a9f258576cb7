import { describeEvery } from './webhook-hosts.ts';

describeEvery(['nest11-ts-cjs'], { limits: false });
