import type { Handlers } from '../core/events.js';
import type { StripeEvent } from '../core/providers/stripe.js';

export const stripeHandlers: Handlers<StripeEvent> = {
  'checkout.session.completed': ({ payload }) => {
    const { id } = payload.data.object;
    console.info('Checkout complete', id);
  },
  // May come before customer.subscription.created: fetch the subscription instead of trusting the order.
  'customer.subscription.updated': ({ payload }) => {
    const { id } = payload.data.object;
    console.info('Subscription changed', id);
  },
};
