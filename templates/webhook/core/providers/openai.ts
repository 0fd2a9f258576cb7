import { base64Key, type StandardWebhookEvent, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

/** `data` holds little more than an id: fetch the rest. */
export type OpenaiEvent = StandardWebhookEvent;

export const openai = standardWebhooksScheme({
  name: 'openai',
  secretVariable: 'OPENAI_WEBHOOK_SECRET',
  // A secret without the prefix is the key itself.
  keyOf: (secret) => (secret.startsWith('whsec_') ? base64Key(secret) : secret),
});
