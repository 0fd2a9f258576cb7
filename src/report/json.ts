import type { Document } from './documents.ts';

/** A document as it is printed. */
export const toJson = <K extends keyof Document>(_kind: K, document: Document[K]): string =>
  JSON.stringify(document, null, 2);
