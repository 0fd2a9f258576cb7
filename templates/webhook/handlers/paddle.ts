import type { Handlers } from '../core/events.js';
import type { PaddleEvent } from '../core/providers/paddle.js';

export const paddleHandlers: Handlers<PaddleEvent> = {
  'transaction.completed': async ({ payload }) => {
    const { id } = payload.data;
    console.info('Paid', id);
  },
};
