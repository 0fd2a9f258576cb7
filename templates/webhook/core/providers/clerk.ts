import { type StandardWebhookEvent, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

export type ClerkEvent = StandardWebhookEvent;

export const clerk = standardWebhooksScheme({ name: 'clerk', secretVariable: 'CLERK_WEBHOOK_SECRET' });
