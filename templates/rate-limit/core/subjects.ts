import { createHash } from 'node:crypto';
import { clientAddress, inNetworks, networkOf, parseAddress, type TrustedProxies } from './client-address.js';
import type { Log, RequestFacts } from './types.js';

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

const isNear = inNetworks(['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1', 'fc00::/7']);

/** Says once that a proxy seems to stand before this server which is not trusted: all its clients share one limit. */
export function noticeProxy(subjectOf: SubjectOf, trusted: TrustedProxies, log: Log): SubjectOf {
  let isSaid = trusted !== 0;
  return (request) => {
    if (!isSaid && request.header('x-forwarded-for') !== undefined) {
      const address = parseAddress(request.address ?? '');
      isSaid = address !== null && isNear(address);
      if (isSaid)
        log({
          level: 'warn',
          message: 'Requests come through a proxy that is not trusted: its clients share one limit.',
        });
    }
    return subjectOf(request);
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
