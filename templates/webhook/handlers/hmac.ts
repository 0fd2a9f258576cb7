import type { Handlers } from '../core/events.js';
import type { HmacEvent } from '../core/providers/hmac.js';

export const hmacHandlers: Handlers<HmacEvent> = {
  'order.created': ({ id, payload }) => {
    console.info('Order event', id, payload);
  },
};
