import { type StandardWebhookEvent, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export type StandardWebhooksEvent = StandardWebhookEvent;

export const standardWebhooks = standardWebhooksScheme({
  name: 'standard-webhooks',
  secretVariable: 'STANDARD_WEBHOOKS_SECRET',
});
