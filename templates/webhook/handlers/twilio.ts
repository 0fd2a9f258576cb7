import type { Handlers } from '../core/events.js';
import type { TwilioEvent } from '../core/providers/twilio.js';

export const twilioHandlers: Handlers<TwilioEvent> = {
  // Twilio gets TwiML that does nothing: answer through its API.
  'message.received': ({ payload }) => {
    console.info('Message', payload.MessageSid, 'from', payload.From);
  },
  'message.failed': ({ payload }) => {
    console.warn('Message', payload.MessageSid, 'was not delivered');
  },
};
