import type { Handlers } from '../core/events.js';
import type { SvixEvent } from '../core/providers/svix.js';

export const svixHandlers: Handlers<SvixEvent> = {
  'user.created': ({ id, payload }) => {
    console.info('Event', id, payload.data);
  },
};
