import pc from 'picocolors';

/** Colours and marks, or plain text and ASCII: decided once at the edge, used only by reports. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  mark: { done: string; bad: string; warn: string; arrow: string; bullet: string; more: string };
  /** Columns to wrap at. */
  width: number;
}

export function paintWith(colour: boolean, unicode: boolean, width: number): Paint {
  const { bold, dim, red, green, yellow, cyan } = pc.createColors(colour);
  const mark = unicode
    ? { done: '✓', bad: '✗', warn: '!', arrow: '→', bullet: '•', more: '…' }
    : { done: 'ok', bad: 'x', warn: '!', arrow: '->', bullet: '-', more: '~' };
  return { bold, dim, red, green, yellow, cyan, mark, width };
}

/** Text of somebody else's, with nothing in it that a terminal would obey or show in another order; a tab is a space. */
export const readable = (text: string): string =>
  text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

/** Breaks a paragraph at the width, with an indent for every line after the first. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > Math.max(width, 40)) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
