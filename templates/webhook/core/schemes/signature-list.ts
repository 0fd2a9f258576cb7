import { dateOf, identifier, parseObject } from '../payload.js';
import { equal, hmac, isFresh, unixSeconds } from '../signature.js';
import type { Provider } from '../types.js';

export interface SignatureListOptions {
  readonly name: string;
  readonly secretVariable: string;
  /** The header with the time and the signatures, in lower case. */
  readonly header: string;
  /** What stands between them: ',' or ';'. */
  readonly separator: string;
  /** What stands before the time: 't=', and before each signature: 'v1='. */
  readonly fields: { readonly time: string; readonly signature: string };
  /** What is signed between the time and the body: '.' or ':'. */
  readonly joint: string;
  /** The fields of the JSON body with the event's id and type, and when it happened. */
  readonly event: { readonly id: string; readonly type: string; readonly occurredAt: string };
}

/** One header such as t=<seconds>,v1=<hex>: an HMAC-SHA256 over the time and the body, once more while a secret is being rotated. */
export function signatureListScheme({
  header: signatureHeader,
  separator,
  ...options
}: SignatureListOptions): Provider {
  const { name, secretVariable, fields, joint, event } = options;
  const signatureOf = (secret: string, timestamp: string, body: Uint8Array | string): string =>
    hmac('sha256', secret, 'hex', [timestamp + joint, body]);

  return {
    name,
    maxBytes: 1024 * 1024,
    secretVariable,

    verify({ header, body }, secret, nowMs) {
      const parts = (header(signatureHeader) ?? '').split(separator);
      const valuesOf = (field: string) => parts.filter((p) => p.startsWith(field)).map((p) => p.slice(field.length));
      const [timestamp, ...others] = valuesOf(fields.time);
      if (others.length > 0 || !isFresh(timestamp, nowMs)) return false;
      const expected = signatureOf(secret, timestamp, body);
      return valuesOf(fields.signature).some((signature) => equal(expected, signature));
    },

    read({ body }) {
      const payload = parseObject(body);
      return {
        id: identifier(payload[event.id], 'id'),
        type: identifier(payload[event.type], 'type'),
        occurredAt: dateOf(payload[event.occurredAt]),
        payload,
      };
    },

    sign(body, secret, nowMs) {
      const timestamp = String(unixSeconds(nowMs));
      const signature = signatureOf(secret, timestamp, body);
      return { [signatureHeader]: fields.time + timestamp + separator + fields.signature + signature };
    },
  };
}
