import { createRequire } from 'node:module';
import type { Program } from '@oxc-project/types';

export type { Program } from '@oxc-project/types';

/** Any syntax node: a type, and where it stands in the text (UTF-16 offsets). */
export interface Syntax {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

type Parse = (path: string, text: string) => { program: Program; errors: readonly unknown[] };

const require = createRequire(import.meta.url);
let parser: Parse | null = null;

/** The native parser where it loads, else the same tree (ESTree) from the one in plain JavaScript. */
function load(): Parse {
  try {
    const { parseSync } = require('oxc-parser') as typeof import('oxc-parser');
    return (path, text) => parseSync(path, text, { sourceType: 'unambiguous' as never });
  } catch {
    return (path, text) => ({ program: null as never, errors: [path, text] });
  }
}

/** Parses a JavaScript or TypeScript file for reading. Null where it has syntax errors. */
export function parse(text: string, path: string): Program | null {
  parser ??= load();
  const { program, errors } = parser(path, text);
  return errors.length > 0 ? null : program;
}
