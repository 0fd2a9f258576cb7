import { createHash } from 'node:crypto';

/** The body as JSON. Throws where it is none, or not UTF-8. */
export const parseJson = (body: Uint8Array | string): unknown =>
  JSON.parse(typeof body === 'string' ? body : utf8.decode(body));

/** The body as a JSON object. Throws where it is none, or not UTF-8. */
export function parseObject(body: Uint8Array | string): Record<string, unknown> {
  const value = parseJson(body);
  if (!isObject(value)) throw new Error('The body is not a JSON object.');
  return value;
}

/** What stands at a path such as `meta.event_name`; undefined where nothing does. */
export const valueAt = (payload: Record<string, unknown>, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), payload);

/** The id of an event that has none: attempts to deliver it share the body, and nothing else does. */
export const idOfBody = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An event's id or type. Throws where there is none that can be a key in a store. */
export function identifier(value: unknown, what: 'id' | 'type'): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(text))
    throw new Error(`The event has no usable ${what}.`);
  return text;
}

/** A moment, as ISO text, Unix seconds or milliseconds; null where the value is none of them. */
export function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const isSeconds = typeof value === 'number' && value < 1e11;
  const date = new Date(isSeconds ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
