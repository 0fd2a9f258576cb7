import { inNetworks, parseAddress } from './core/address.js';
import type { TrustedProxies } from './core/client-address.js';
import type { Log } from './core/log.js';
import type { SubjectOf } from './core/subjects.js';

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
