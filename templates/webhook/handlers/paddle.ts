import type { Handlers } from '../core/events.js';
import type { PaddleEvent } from '../core/providers/paddle.js';

export const paddleHandlers: Handlers<PaddleEvent> = {
  'transaction.completed': ({ payload }) => {
    const { id } = payload.data;
    console.info('Paid', id);
  },
};
