import type { Handlers } from '../core/events.js';
import type { ResendEvent } from '../core/providers/resend.js';

export const resendHandlers: Handlers<ResendEvent> = {
  'email.bounced': ({ payload }) => {
    const { email_id: id } = payload.data;
    console.info('Mail bounced', id);
  },
};
