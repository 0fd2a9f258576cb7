import { standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export const standardWebhooks = standardWebhooksScheme({
  name: 'standard-webhooks',
  secretVariable: 'STANDARD_WEBHOOKS_SECRET',
});
