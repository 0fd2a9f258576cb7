import { standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export const resend = standardWebhooksScheme({ name: 'resend', secretVariable: 'RESEND_WEBHOOK_SECRET' });
