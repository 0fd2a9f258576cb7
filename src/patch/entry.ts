import { styleOf } from '../text/style.ts';
import type { Entry } from './list.ts';
import { restyle } from './restyle.ts';
import type { Code, Frame } from './source.ts';

/** A piece of code as a list's entry, in the host's style. */
export function entryOf(code: Code, piece: string, frame: Frame, path: string, near: string, pad: string): Entry {
  const style = styleOf(code.source, near);
  return { lines: (base) => restyle(piece, frame, path, style, base), unit: style.unit, pad, gap: ' ' };
}
