import { dateOf, identifier, parseObject } from '../payload.js';
import { equal, hmac, isFresh, unixSeconds } from '../signature.js';
import type { Provider } from '../types.js';

export interface PaddleEvent {
  event_id: string;
  event_type: string;
  occurred_at: string;
  notification_id: string;
  data: Record<string, unknown>;
}

/** Paddle-Signature: ts=<seconds>;h1=<hex>, with one more h1 while a secret is being rotated. Paddle waits 5 seconds. */
export const paddle: Provider = {
  name: 'paddle',
  maxBytes: 1024 * 1024,
  secretVariable: 'PADDLE_WEBHOOK_SECRET',

  verify({ header, body }, secret, nowMs) {
    const fields = (header('paddle-signature') ?? '').split(';');
    const valuesOf = (name: string) => fields.filter((f) => f.startsWith(name)).map((f) => f.slice(name.length));
    const [timestamp, ...others] = valuesOf('ts=');
    if (others.length > 0 || !isFresh(timestamp, nowMs)) return false;
    const expected = hmac('sha256', secret, 'hex', [`${timestamp}:`, body]);
    return valuesOf('h1=').some((signature) => equal(expected, signature));
  },

  read({ body }) {
    const payload = parseObject(body);
    const { event_id: id, event_type: type, occurred_at: at } = payload;
    return { id: identifier(id, 'id'), type: identifier(type, 'type'), occurredAt: dateOf(at), payload };
  },

  sign(body, secret, nowMs) {
    const timestamp = unixSeconds(nowMs);
    return { 'paddle-signature': `ts=${timestamp};h1=${hmac('sha256', secret, 'hex', [`${timestamp}:`, body])}` };
  },
};
