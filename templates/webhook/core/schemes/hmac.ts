import { dateOf, idOfBody, identifier, parseObject, valueAt } from '../payload.js';
import { type Algorithm, type Encoding, equal, hmac } from '../signature.js';
import type { Provider } from '../types.js';

/** Where a sender puts a value: in a header, or in a field of the JSON body, such as `meta.name`. */
export type Source = { readonly header: string } | { readonly field: string };

export interface HmacOptions {
  readonly name: string;
  readonly secretVariable: string;
  /** The header with the signature, in lower case. */
  readonly header: string;
  readonly algorithm: Algorithm;
  readonly encoding: Encoding;
  /** What stands before the signature in the header: 'sha256=' or ''. */
  readonly prefix: string;
  /** What the attempts to deliver one event share; 'body' where nothing but the whole body does. */
  readonly id: Source | 'body';
  readonly type: Source;
  /** When it happened: the body's `timestamp` or `created_at` unless given. */
  readonly occurredAt?: Source;
  /** A megabyte unless given. */
  readonly maxBytes?: number;
}

/** An HMAC over the body alone. Without a timestamp a replay is known by its id: prefer one in the body, which is signed. */
export function hmacScheme(options: HmacOptions): Provider {
  const { name, secretVariable, header: signatureHeader, algorithm, encoding, prefix, id, type, occurredAt } = options;
  const signatureOf = (secret: string, body: Uint8Array | string): string =>
    prefix + hmac(algorithm, secret, encoding, [body]);

  return {
    name,
    maxBytes: options.maxBytes ?? 1024 * 1024,
    secretVariable,

    verify({ header, body }, secret) {
      return equal(signatureOf(secret, body), header(signatureHeader) ?? '');
    },

    read({ header, body }) {
      const payload = parseObject(body);
      const { timestamp, created_at } = payload;
      const find = (source: Source): unknown =>
        'header' in source ? header(source.header) : valueAt(payload, source.field);
      return {
        id: id === 'body' ? idOfBody(body) : identifier(find(id), 'id'),
        type: identifier(find(type), 'type'),
        occurredAt: dateOf(occurredAt ? find(occurredAt) : (timestamp ?? created_at)),
        payload,
      };
    },

    sign(body, secret, _nowMs, event) {
      const headers: Record<string, string> = { [signatureHeader]: signatureOf(secret, body) };
      if (id !== 'body' && 'header' in id) headers[id.header] = event.id;
      if ('header' in type) headers[type.header] = event.type;
      return headers;
    },
  };
}
