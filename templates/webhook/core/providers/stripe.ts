import { signatureListScheme } from '../schemes/signature-list.js';

/** What every event of Stripe's API has; `Stripe.Event` of the `stripe` package knows each type. */
export interface StripeEvent {
  id: string;
  type: string;
  created: number;
  livemode: boolean;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
}

/** Stripe-Signature: t=<seconds>,v1=<hex>, with one more v1 while a secret is being rolled. */
export const stripe = signatureListScheme({
  name: 'stripe',
  secretVariable: 'STRIPE_WEBHOOK_SECRET',
  header: 'stripe-signature',
  separator: ',',
  fields: { time: 't=', signature: 'v1=' },
  joint: '.',
  event: { id: 'id', type: 'type', occurredAt: 'created' },
});
