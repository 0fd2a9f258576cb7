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

/** An IP address as 16 bytes, IPv4 as `::ffff:a.b.c.d`; null where it is none. A port, brackets, quotes and a zone may be there. */
export function parseAddress(text: string): readonly number[] | null {
  const bare = /^"?\[?([0-9a-f.:]+)(%[^\]]*)?\]?(:\d+)?"?$/i.exec(text.trim())?.[1] ?? '';
  if (bare.includes('.') && bare.split(':').length <= 2) return mapped(parseV4(bare.replace(/:\d+$/, '')));
  return parseV6(bare);
}

/** Two dots in an address of version 6: its last four bytes are written as those of version 4. */
function parseV6(text: string): readonly number[] | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail) {
    const four = parseV4(tail[2] ?? '');
    if (!four) return null;
    const [a = 0, b = 0, c = 0, d = 0] = four;
    return parseV6(`${tail[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const [head = '', rest, more] = text.split('::');
  if (more !== undefined) return null;
  const [left, right] = [groupsOf(head), groupsOf(rest ?? '')];
  const missing = 8 - left.length - right.length;
  if (rest === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** Strict: to some readers 010.0.0.1 is 8.0.0.1. */
function parseV4(text: string): readonly number[] | null {
  const parts = text.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return valid ? parts.map(Number) : null;
}

const mapped = (four: readonly number[] | null): readonly number[] | null =>
  four && [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...four];

/** Who an address stands for: all of an IPv4 address, and of IPv6 the /64 that one customer has to choose from. */
export function networkOf(bytes: readonly number[]): string {
  if (isMapped(bytes)) return bytes.slice(12).join('.');
  const groups = [0, 2, 4, 6].map((at) => ((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)).toString(16));
  return `${groups.join(':')}::/64`;
}

const isMapped = (bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => index >= 12 || byte === (index < 10 ? 0 : 255));

/** Whether an address is in one of these, each an address or `address/bits`. Throws where one of them is neither. */
export function inNetworks(networks: readonly string[]): (bytes: readonly number[]) => boolean {
  const parsed = networks.map((network) => {
    const [text = '', size] = network.split('/');
    const bytes = parseAddress(text);
    const offset = text.includes(':') ? 0 : 96;
    const bits = size === undefined ? 128 : offset + Number(size);
    if (!bytes || !Number.isInteger(bits) || bits < offset || bits > 128)
      throw new RangeError(`"${network}" is no network.`);
    return { bytes, bits };
  });
  return (address) => parsed.some(({ bytes, bits }) => sameBits(address, bytes, bits));
}

const sameBits = (a: readonly number[], b: readonly number[], bits: number): boolean =>
  a.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    return byte >> (8 - kept) === (b[index] ?? 0) >> (8 - kept);
  });
