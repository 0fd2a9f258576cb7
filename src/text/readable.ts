import { type Parser, plainParser } from './parsers.ts';
import { withoutShebang } from './syntax.ts';

let parser: Parser | null = null;

/**
 * Whether a text from elsewhere is code that can be parsed safely. The native parser ends the process where brackets are
 * nested thousands of levels deep; the plain one, which gives up long before that, is asked first. What a skill has is
 * TypeScript, whatever the host is written in.
 */
export function isReadableCode(text: string): boolean {
  const plain = parser ?? plainParser();
  parser = plain;
  return (['ts', 'tsx'] as const).some((dialect) => plain.accepts(withoutShebang(text), dialect));
}
