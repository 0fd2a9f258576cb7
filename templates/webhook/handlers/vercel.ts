import type { Handlers } from '../core/events.js';
import type { VercelEvent } from '../core/providers/vercel.js';

export const vercelHandlers: Handlers<VercelEvent> = {
  'deployment.succeeded': ({ id, payload }) => {
    console.info('Deployed', id, payload.payload);
  },
};
