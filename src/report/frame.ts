import type { Finding } from '../model.ts';
import { type Paint, readable } from './paint.ts';

/**
 * The line that a finding is on with one above and below, numbered, and the place underlined; of long lines the part
 * around it. Null where it has no line.
 */
export function frameOf(
  text: string | null,
  { line, column, endLine, endColumn }: Finding,
  paint: Paint,
): string | null {
  if (text === null || line === null) return null;
  const lines = text.split(/\r?\n/);
  const own = lines[line - 1];
  if (own === undefined) return null;
  const digits = String(line + 1).length;
  const room = Math.max(20, paint.width - digits - 7);
  const end = endLine === line && endColumn ? endColumn : own.trimEnd().length + 1;
  // A place that would be beyond the right edge is moved to where it is seen.
  const from = column && Math.min(end, column + 20) > room ? Math.max(0, column - Math.ceil(room / 3)) : 0;
  const row = (number: number): string[] => {
    const code = lines[number - 1];
    if (code === undefined || (number !== line && code.slice(from).trim() === '')) return [];
    const mark = number === line ? paint.red('>') : ' ';
    return [
      `${mark} ${paint.dim(`${String(number).padStart(digits)} |`)} ${cut(readable(code), from, room, paint.mark.more)}`,
    ];
  };
  return [...row(line - 1), ...row(line), ...underline(), ...row(line + 1)].join('\n');

  function underline(): string[] {
    if (!column) return [];
    const length = Math.max(1, Math.min(end, from + room) - column);
    return [
      `  ${paint.dim(`${' '.repeat(digits)} |`)} ${' '.repeat(column - 1 - from)}${paint.red('^'.repeat(length))}`,
    ];
  }
}

function cut(text: string, from: number, width: number, more: string): string {
  const part = text.length - from > width ? `${text.slice(from, from + width - 1)}${more}` : text.slice(from);
  return from > 0 && part !== '' ? `${more}${part.slice(1)}` : part;
}
