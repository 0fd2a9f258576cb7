import type Stripe from 'stripe';
import type { Handlers } from '../core/events.js';

export const stripeHandlers: Handlers<Stripe.Event> = {
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
