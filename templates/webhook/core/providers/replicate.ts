import { standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export const replicate = standardWebhooksScheme({
  name: 'replicate',
  secretVariable: 'REPLICATE_WEBHOOK_SECRET',
  // The body is the prediction as it stands, so its status is what happened: starting, processing, succeeded …
  typeOf: ({ status }) => status,
});
