import { describeLimits } from './rate-limit-hosts.ts';

describeLimits(['hono-workers-ts']);
