import { inNetworks, parseAddress } from './address.js';
import type { RequestFacts } from './types.js';

/**
 * Which proxies wrote X-Forwarded-For: how many stand before this server, or their addresses and networks.
 * More than there are lets clients choose their own address.
 */
export type TrustedProxies = number | readonly string[];

/** Finds a request's client as 16 bytes: from the right, the first address that no trusted proxy has. Null where that is none. */
export function clientAddress(
  trusted: TrustedProxies,
): (request: Pick<RequestFacts, 'address' | 'header'>) => readonly number[] | null {
  const isProxy = typeof trusted === 'number' ? null : inNetworks(trusted);
  const hops = typeof trusted === 'number' ? trusted : 0;

  return ({ address, header }) => {
    // What is on the left comes from the client, and may be anything.
    const chain = [address ?? '', ...(header('x-forwarded-for') ?? '').split(',').reverse()].filter(
      (entry, index) => index === 0 || entry.trim() !== '',
    );
    if (!isProxy) return parseAddress(chain[Math.min(hops, chain.length - 1)] ?? '');
    for (const entry of chain) {
      const bytes = parseAddress(entry);
      if (!bytes || !isProxy(bytes)) return bytes;
    }
    return parseAddress(chain[chain.length - 1] ?? '');
  };
}
