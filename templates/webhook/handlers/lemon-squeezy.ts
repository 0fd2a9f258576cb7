import type { Handlers } from '../core/events.js';
import type { LemonSqueezyEvent } from '../core/providers/lemon-squeezy.js';

export const lemonSqueezyHandlers: Handlers<LemonSqueezyEvent> = {
  order_created: ({ payload }) => {
    console.info('Order', payload.data.id);
  },
};
