import type { Handlers } from '../core/events.js';
import type { OpenaiEvent } from '../core/providers/openai.js';

export const openaiHandlers: Handlers<OpenaiEvent> = {
  'response.completed': ({ payload }) => {
    const { id } = payload.data;
    console.info('Response complete', id);
  },
};
