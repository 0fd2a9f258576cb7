import type { Tree } from '../../model.ts';
import type { Mend } from '../rule.ts';

/** Puts lines at the end of a text file, with its own kind of line breaks; begins the file where there is none. */
export function appended(tree: Tree, path: string, lines: readonly string[]): Mend {
  const text = tree.read(path) ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? '' : eol;
  return { path, start: text.length, end: text.length, text: `${before}${lines.map((line) => line + eol).join('')}` };
}
