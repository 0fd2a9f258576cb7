import { createHash } from 'node:crypto';

/** The SHA-256 of a text's UTF-8 bytes, as lower-case hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * True where a hash is of this text, its line endings aside: git writes a file of one and the same content with other
 * line endings on another system.
 */
export const isHashOf = (hash: string, text: string): boolean =>
  [text, text.replaceAll('\r\n', '\n'), text.replaceAll(/\r?\n/g, '\r\n')].some((same) => sha256(same) === hash);
