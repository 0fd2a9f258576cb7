import type { Finding } from '../model.ts';
import { type Paint, wrap } from './paint.ts';

/** Findings as text, the worst first. */
export function findingsToText(findings: readonly Finding[], paint: Paint, clean: string): string {
  if (findings.length === 0) return `${paint.green(paint.mark.done)} ${clean}`;
  const marks = {
    error: paint.red(paint.mark.bad),
    warning: paint.yellow(paint.mark.warn),
    info: paint.dim(paint.mark.bullet),
  };
  const order = ['error', 'warning', 'info'];
  return [...findings]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .map(({ severity, message, path, line, rule, fix }) => {
      const where = path === null ? '' : `(${path}${line === null ? '' : `:${line}`}) `;
      const text = wrap(`${message} ${where}${rule}`, paint.width, '  ').replace(/\S+$/, paint.dim);
      const fixLines = fix.split('\n').map((each) => wrap(each, paint.width, '    '));
      return `${marks[severity]} ${text}\n  ${paint.dim(paint.mark.arrow)} ${fixLines.join('\n    ')}`;
    })
    .join('\n');
}
