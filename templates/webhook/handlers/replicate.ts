import type { Handlers } from '../core/events.js';
import type { ReplicateEvent } from '../core/providers/replicate.js';

export const replicateHandlers: Handlers<ReplicateEvent> = {
  succeeded: ({ payload }) => {
    console.info('Prediction', payload.id, 'has its output');
  },
  failed: ({ payload }) => {
    console.warn('Prediction', payload.id, 'failed:', payload.error);
  },
};
