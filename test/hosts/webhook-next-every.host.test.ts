import { describeEvery } from './webhook-hosts.ts';

describeEvery(['next16-app-ts', 'next14-pages-js']);
