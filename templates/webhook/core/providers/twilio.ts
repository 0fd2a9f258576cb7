import { isForm } from '../form.js';
import { dateOf, identifier, idOfBody, parseJson, parseObject } from '../payload.js';
import { acknowledgement } from '../reply.js';
import { fieldsOf, urlSignature } from '../schemes/twilio.js';
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

/**
 * Fields with the status of a thing: `message.delivered`, `call.ringing`. The first that is there says the type.
 * The id is taken from fields only where they tell one step from the next: all steps of a call in progress have one status.
 */
const statuses = [
  { field: 'MessageStatus', of: 'message', ids: ['MessageSid'] },
  { field: 'SmsStatus', of: 'message', ids: ['MessageSid'] },
  { field: 'RecordingStatus', of: 'recording', ids: ['CallSid', 'SequenceNumber'] },
  { field: 'CallStatus', of: 'call', ids: ['CallSid', 'SequenceNumber'] },
];

/** Twilio waits 15 seconds, and takes the answer to a message or a call for TwiML: this one does nothing. */
export const twilio: Provider = {
  name: 'twilio',
  maxBytes: 1024 * 1024,
  secretVariable: 'TWILIO_AUTH_TOKEN',
  urlVariable: 'TWILIO_WEBHOOK_URL',
  ...urlSignature,

  /** Event Streams send lists. What their one token names is the list. */
  split(delivery) {
    const list = isForm(delivery.header('content-type')) ? null : parseJson(delivery.body);
    if (!Array.isArray(list)) return [delivery];
    return list.map((one) => ({ ...delivery, header: () => undefined, body: Buffer.from(JSON.stringify(one)) }));
  },

  read({ header, body }) {
    const payload = isForm(header('content-type')) ? formObject(body) : parseObject(body);
    const text = (name: string) => (typeof payload[name] === 'string' && payload[name]) || undefined;
    const { type, Timestamp, time } = payload;
    const found = statuses.find(({ field }) => text(field));
    const status = found && `${found.of}.${text(found.field)}`;
    const ids = found?.ids.map(text) ?? [];
    const id = status && ids.every(Boolean) ? [...ids, status].join(':') : text('specversion') && text('id');
    return {
      id: identifier(id ?? header('i-twilio-idempotency-token') ?? idOfBody(body), 'id'),
      type: identifier(text('EventType') ?? text('StatusCallbackEvent') ?? status ?? type ?? 'request', 'type'),
      occurredAt: dateOf(Timestamp ?? time),
      payload,
    };
  },

  acknowledge: () => acknowledgement('<Response/>', 'text/xml'),
};

/** A form as an object: a field that comes several times is a list. */
const formObject = (body: Uint8Array): Record<string, unknown> =>
  Object.fromEntries(
    [...(fieldsOf(body) ?? [])].map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
