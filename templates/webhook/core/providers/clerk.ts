import { standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export const clerk = standardWebhooksScheme({ name: 'clerk', secretVariable: 'CLERK_WEBHOOK_SECRET' });
