import { createHmac, timingSafeEqual } from 'node:crypto';

export type Algorithm = 'sha1' | 'sha256' | 'sha512';
export type Encoding = 'hex' | 'base64';

/** How far a signed timestamp may be from our clock, either way: what a replayed delivery has. */
const toleranceSeconds = 300;

/** The HMAC over the parts, one after the other. */
export function hmac(
  algorithm: Algorithm,
  key: string | Uint8Array,
  encoding: Encoding,
  parts: readonly (string | Uint8Array)[],
): string {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest(encoding);
}

/** Compares as text, in constant time: a decoder would take signatures that nobody wrote, such as odd hex. */
export function equal(expected: string, given: string): boolean {
  const [a, b] = [encoder.encode(expected), encoder.encode(given)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/** Whether a header holds whole Unix seconds, no further than the tolerance before or after `nowMs`. */
export function isFresh(
  timestamp: string | undefined,
  nowMs: number,
  tolerance = toleranceSeconds,
): timestamp is string {
  if (!timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(unixSeconds(nowMs) - Number(timestamp)) <= tolerance;
}

export const unixSeconds = (ms: number): number => Math.floor(ms / 1000);

const encoder = new TextEncoder();
