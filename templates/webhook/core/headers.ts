import type { HeaderReader } from './types.js';

/** Reads the headers of a Node request. */
export const headersOf =
  (headers: Readonly<Record<string, string | readonly string[] | undefined>>): HeaderReader =>
  (name) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
