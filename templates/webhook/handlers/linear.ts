import type { Handlers } from '../core/events.js';
import type { LinearEvent } from '../core/providers/linear.js';

export const linearHandlers: Handlers<LinearEvent> = {
  Issue: ({ payload }) => {
    const { id } = payload.data;
    console.info('Issue', id, payload.action);
  },
};
