import type { Handlers } from '../core/events.js';
import type { TwilioEvent } from '../core/providers/twilio.js';

export const twilioHandlers: Handlers<TwilioEvent> = {
  // Twilio gets TwiML that does nothing: answer through its API.
  'message.received': async ({ payload }) => {
    console.info('Message', payload.MessageSid, 'from', payload.From);
  },
  'message.failed': async ({ payload }) => {
    console.warn('Message', payload.MessageSid, 'was not delivered');
  },
};
