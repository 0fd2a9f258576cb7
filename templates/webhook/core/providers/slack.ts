import { isForm, parseForm } from '../form.js';
import { dateOf, identifier, idOfBody, parseObject, valueAt } from '../payload.js';
import { acknowledgement } from '../reply.js';
import { equal, hmac, isFresh, unixSeconds } from '../signature.js';
import type { Provider } from '../types.js';

/** An event, a slash command or an interaction: the type of an event is that of its `event`, of a command its name. */
export interface SlackEvent {
  event?: { type: string; [field: string]: unknown };
  event_id?: string;
  team_id?: string;
  command?: string;
  text?: string;
  response_url?: string;
  trigger_id?: string;
}

/** X-Slack-Signature: v0=<hex>. Slack waits 3 seconds, and tries again 3 times; commands and interactions come once. */
export const slack: Provider = {
  name: 'slack',
  maxBytes: 1024 * 1024,
  secretVariable: 'SLACK_SIGNING_SECRET',

  verify({ header, body }, secret, nowMs) {
    const timestamp = header('x-slack-request-timestamp');
    return isFresh(timestamp, nowMs) && equal(signatureOf(secret, timestamp, body), header('x-slack-signature') ?? '');
  },

  read({ header, body }) {
    const form = isForm(header('content-type')) ? parseForm(body) : null;
    const payload = form?.has('command') ? Object.fromEntries(form) : parseObject(form?.get('payload') ?? body);
    const { event_id, event_time, command, type } = payload;
    return {
      id: identifier(event_id ?? idOfBody(body), 'id'),
      type: identifier(valueAt(payload, 'event.type') ?? command ?? type, 'type'),
      occurredAt: dateOf(event_time),
      payload,
    };
  },

  sign(body, secret, nowMs) {
    const timestamp = String(unixSeconds(nowMs));
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signatureOf(secret, timestamp, body) };
  },

  /** Whatever is in an answer to a command, people see. */
  acknowledge({ type, payload }) {
    const { challenge } = payload as { challenge?: unknown };
    return type === 'url_verification'
      ? acknowledgement(JSON.stringify({ challenge }), 'application/json')
      : acknowledgement();
  },
};

const signatureOf = (secret: string, timestamp: string, body: Uint8Array | string): string =>
  `v0=${hmac('sha256', secret, 'hex', [`v0:${timestamp}:`, body])}`;
