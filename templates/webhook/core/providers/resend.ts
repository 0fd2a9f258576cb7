import { type StandardWebhookEvent, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export type ResendEvent = StandardWebhookEvent;

export const resend = standardWebhooksScheme({ name: 'resend', secretVariable: 'RESEND_WEBHOOK_SECRET' });
