import type { Handlers } from '../core/events.js';
import type { ShopifyEvent } from '../core/providers/shopify.js';

export const shopifyHandlers: Handlers<ShopifyEvent> = {
  'orders/create': ({ payload }) => {
    const { id } = payload;
    console.info('Order', id);
  },
};
