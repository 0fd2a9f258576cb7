import { type StandardWebhookEvent, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export type SvixEvent = StandardWebhookEvent;

export const svix = standardWebhooksScheme({ name: 'svix', secretVariable: 'SVIX_WEBHOOK_SECRET' });
