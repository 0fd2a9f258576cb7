import type { Finding } from '../model.ts';
import type { Paint } from './paint.ts';

/** The line that a finding is on with one above and below, numbered, and the place underlined. Null where it has no line. */
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
  const row = (number: number): string[] => {
    const code = lines[number - 1];
    if (code === undefined || (number !== line && code.trim() === '')) return [];
    const mark = number === line ? paint.red('>') : ' ';
    return [`${mark} ${paint.dim(`${String(number).padStart(digits)} |`)} ${cut(code.replaceAll('\t', ' '), room)}`];
  };
  return [...row(line - 1), ...row(line), ...underline(), ...row(line + 1)].join('\n');

  function underline(): string[] {
    if (!column || column > room) return [];
    const end = endLine === line && endColumn ? endColumn : (own ?? '').trimEnd().length + 1;
    const length = Math.max(1, Math.min(end, room) - column);
    return [`  ${paint.dim(`${' '.repeat(digits)} |`)} ${' '.repeat(column - 1)}${paint.red('^'.repeat(length))}`];
  }
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
