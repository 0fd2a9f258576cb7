import { dateOf, identifier, parseObject } from '../payload.js';
import { equal, hmac, isFresh, unixSeconds } from '../signature.js';
import type { Delivery, Provider } from '../types.js';

/** What the specification (standardwebhooks.com) asks of every event. */
export interface StandardWebhookEvent {
  type: string;
  timestamp?: string;
  data: Record<string, unknown>;
}

export interface StandardWebhooksOptions {
  readonly name: string;
  readonly secretVariable: string;
  /** The key in a secret; null where there is none. `whsec_<base64>` unless given. */
  readonly keyOf?: (secret: string) => Uint8Array | string | null;
  /** An event's type. The payload's `type` unless given. */
  readonly typeOf?: (payload: Record<string, unknown>) => unknown;
}

/** webhook-signature: v1,<base64>, several with spaces between, over `<webhook-id>.<webhook-timestamp>.<body>`. */
export function standardWebhooksScheme(options: StandardWebhooksOptions): Provider {
  const { name, secretVariable, keyOf = base64Key, typeOf = ({ type }) => type } = options;

  function signatureOf(secret: string, id: string, timestamp: string, body: Uint8Array | string): string | null {
    const key = keyOf(secret);
    return key && `v1,${hmac('sha256', key, 'base64', [`${id}.${timestamp}.`, body])}`;
  }

  return {
    name,
    maxBytes: 1024 * 1024,
    secretVariable,

    verify({ header, body }, secret, nowMs) {
      const [id, timestamp] = [field(header, 'id'), field(header, 'timestamp')];
      if (!id || !isFresh(timestamp, nowMs)) return false;
      const expected = signatureOf(secret, id, timestamp, body);
      const signatures = (field(header, 'signature') ?? '').split(' ');
      return expected !== null && signatures.some((signature) => equal(expected, signature));
    },

    read({ header, body }) {
      const payload = parseObject(body);
      const { timestamp, created_at } = payload;
      return {
        // Never the id in the body: where that names an object, all events about the object share it.
        id: identifier(field(header, 'id'), 'id'),
        type: identifier(typeOf(payload), 'type'),
        occurredAt: dateOf(timestamp ?? created_at),
        payload,
      };
    },

    sign(body, secret, nowMs, { id }) {
      const timestamp = String(unixSeconds(nowMs));
      const signature = signatureOf(secret, id, timestamp, body) ?? '';
      return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    },
  };
}

/** The key of `whsec_<base64>`; null where it is not base64, or empty: anybody can sign with an empty key. */
export function base64Key(secret: string): Uint8Array | null {
  const base64 = secret.replace(/^whsec_/, '');
  const key = Buffer.from(base64, 'base64');
  return key.byteLength > 0 && key.toString('base64') === base64 ? key : null;
}

/** A header of the specification, or of Svix, where it comes from. */
const field = (header: Delivery['header'], name: string): string | undefined =>
  header(`webhook-${name}`) ?? header(`svix-${name}`);
