import { base64Key, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export const openai = standardWebhooksScheme({
  name: 'openai',
  secretVariable: 'OPENAI_WEBHOOK_SECRET',
  // A secret without the prefix is the key itself.
  keyOf: (secret) => (secret.startsWith('whsec_') ? base64Key(secret) : secret),
});
