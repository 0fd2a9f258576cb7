import type { Handlers } from '../core/events.js';
import type { StandardWebhooksEvent } from '../core/providers/standard-webhooks.js';

export const standardWebhooksHandlers: Handlers<StandardWebhooksEvent> = {
  'user.created': ({ id, payload }) => {
    console.info('Event', id, payload.data);
  },
};
