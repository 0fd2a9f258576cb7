import type { Handlers } from '../core/events.js';
import type { ClerkEvent } from '../core/providers/clerk.js';

export const clerkHandlers: Handlers<ClerkEvent> = {
  'user.created': ({ payload }) => {
    const { id } = payload.data;
    console.info('User created', id);
  },
  'user.deleted': ({ payload }) => {
    const { id } = payload.data;
    console.info('User deleted', id);
  },
};
