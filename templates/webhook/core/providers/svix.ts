import { standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export const svix = standardWebhooksScheme({ name: 'svix', secretVariable: 'SVIX_WEBHOOK_SECRET' });
