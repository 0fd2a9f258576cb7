import { isForm } from '../form.js';
import { dateOf, identifier, idOfBody, parseObject } from '../payload.js';
import { acknowledgement } from '../reply.js';
import { fieldsOf, signedTexts } from '../schemes/twilio.js';
import { equal, hmac } from '../signature.js';
import type { Provider } from '../types.js';

/** The fields of a form, or of JSON. One that comes several times is a list. */
export interface TwilioEvent {
  AccountSid?: string;
  MessageSid?: string;
  MessageStatus?: string;
  CallSid?: string;
  CallStatus?: string;
  From?: string;
  To?: string;
  Body?: string;
  [field: string]: unknown;
}

/** Fields with the status of a thing: `message.delivered`, `call.ringing`. The first that is there says the type. */
const statuses = { MessageStatus: 'message', SmsStatus: 'message', RecordingStatus: 'recording', CallStatus: 'call' };

/**
 * X-Twilio-Signature: <base64>, an HMAC-SHA1 over the public URL and the fields; there is no time in it.
 * Twilio waits 15 seconds, and takes the answer to a message or a call for TwiML: this one does nothing.
 */
export const twilio: Provider = {
  name: 'twilio',
  maxBytes: 1024 * 1024,
  secretVariable: 'TWILIO_AUTH_TOKEN',
  urlVariable: 'TWILIO_WEBHOOK_URL',

  verify({ header, body, url = '' }, secret) {
    const given = header('x-twilio-signature') ?? '';
    const texts = signedTexts(url, body, isForm(header('content-type')));
    return texts.some((text) => equal(hmac('sha1', secret, 'base64', [text]), given));
  },

  read({ header, body }) {
    const fields = isForm(header('content-type')) ? [...(fieldsOf(body) ?? [])] : null;
    const payload = fields
      ? Object.fromEntries(fields.map(([name, values]) => [name, values.length > 1 ? values : values[0]]))
      : parseObject(body);
    const field = (name: string): string | undefined => {
      const value = payload[name];
      return typeof value === 'string' ? value : undefined;
    };
    const [named, thing] = Object.entries(statuses).find(([name]) => field(name)) ?? [];
    const state = named && field(named);
    const status = thing && state && `${thing}.${state}`;
    // Only where the pair is unique: all steps of a call in progress have one status.
    const [call, step] = [field('CallSid'), field('SequenceNumber')];
    const sid = thing === 'message' ? field('MessageSid') : call && step && `${call}:${step}`;
    const id = sid && status ? `${sid}:${status}` : header('i-twilio-idempotency-token');
    const event = field('EventType') ?? field('StatusCallbackEvent');
    const { type, Timestamp: time } = payload;
    return {
      id: identifier(id ?? idOfBody(body), 'id'),
      type: identifier(event ?? status ?? type ?? 'request', 'type'),
      occurredAt: dateOf(time),
      payload,
    };
  },

  sign(body, secret, _nowMs, { id, url = '' }) {
    const form = /^[\w.]+=/.test(body);
    const signature = hmac('sha1', secret, 'base64', [signedTexts(url, body, form)[0] ?? '']);
    return {
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      'x-twilio-signature': signature,
      'i-twilio-idempotency-token': id,
    };
  },

  acknowledge: () => acknowledgement('<Response/>', 'text/xml'),
};
