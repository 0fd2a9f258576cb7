import { dateOf, identifier, parseObject } from '../payload.js';
import { equal, hmac, isFresh, unixSeconds } from '../signature.js';
import type { Provider } from '../types.js';

/** What every event of Stripe's API has; `Stripe.Event` of the `stripe` package knows each type. */
export interface StripeEvent {
  id: string;
  type: string;
  created: number;
  livemode: boolean;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
}

/** Stripe-Signature: t=<seconds>,v1=<hex>, with one more v1 while a secret is being rolled. */
export const stripe: Provider = {
  name: 'stripe',
  maxBytes: 1024 * 1024,
  secretVariable: 'STRIPE_WEBHOOK_SECRET',

  verify({ header, body }, secret, nowMs) {
    const fields = (header('stripe-signature') ?? '').split(',');
    const valuesOf = (name: string) => fields.filter((f) => f.startsWith(name)).map((f) => f.slice(name.length));
    const [timestamp, ...others] = valuesOf('t=');
    if (others.length > 0 || !isFresh(timestamp, nowMs)) return false;
    const expected = hmac('sha256', secret, 'hex', [`${timestamp}.`, body]);
    return valuesOf('v1=').some((signature) => equal(expected, signature));
  },

  read({ body }) {
    const payload = parseObject(body);
    const { id, type, created } = payload;
    return { id: identifier(id, 'id'), type: identifier(type, 'type'), occurredAt: dateOf(created), payload };
  },

  sign(body, secret, nowMs) {
    const timestamp = unixSeconds(nowMs);
    return { 'stripe-signature': `t=${timestamp},v1=${hmac('sha256', secret, 'hex', [`${timestamp}.`, body])}` };
  },
};
