import { createHash } from 'node:crypto';
import { networkOf } from './address.js';
import { clientAddress, type TrustedProxies } from './client-address.js';
import type { RequestFacts } from './types.js';

/** Says who a request's use is counted for; null where this way of telling does not apply. */
export type SubjectOf = (request: RequestFacts) => string | null;

/** All requests without an address share it, and so its limits: none of them goes free. */
export const unknownAddress = 'ip:unknown';

export const byUser: SubjectOf = ({ userId }) =>
  userId === undefined || userId === '' ? null : `user:${bounded(userId)}`;

/** By a key in a header, of which only the hash is kept. Check the key first: a made-up one gets a fresh allowance. */
export const byApiKey =
  (headerName = 'x-api-key'): SubjectOf =>
  ({ header }) => {
    const key = header(headerName);
    return key ? `key:${hashed(key)}` : null;
  };

export function byAddress(trusted: TrustedProxies): SubjectOf {
  const clientOf = clientAddress(trusted);
  return (request) => {
    const client = clientOf(request);
    return client ? `ip:${networkOf(client)}` : unknownAddress;
  };
}

/** The first of these that applies. */
export const firstOf =
  (...ways: readonly SubjectOf[]): SubjectOf =>
  (request) => {
    for (const way of ways) {
      const subject = way(request);
      if (subject !== null) return subject;
    }
    return null;
  };

/** An account as somebody typed it, who may have typed anything: case and blanks do not make another one. */
export const accountSubject = (name: string): string =>
  `account:${hashed(name.normalize('NFKC').trim().toLowerCase())}`;

const bounded = (id: string): string => (id.length <= 128 ? id : hashed(id));

/** Short, and nobody's name or key. */
export const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
