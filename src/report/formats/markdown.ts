import type { Finding, Severity } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import type { Paint } from '../paint.ts';
import { countsOf, type Report, worstFirst } from '../report.ts';

/** A step's summary may have a megabyte: far more findings than anybody reads. */
const shown = 200;

const names: Readonly<Record<Severity, string>> = { error: '❌ error', warning: '⚠️ warning', info: 'ℹ️ remark' };

/** A summary in Markdown: one table, the worst first, and the fixes below it. */
export function markdown({ tool, findings, failures, base, clean }: Report, _paint?: Paint): string {
  const active = worstFirst(findings.filter(({ suppressed }) => suppressed === undefined));
  const some = active.slice(0, shown);
  const blocks = [
    `## backend-skills ${tool.command}`,
    failures.map((failure) => `> **Could not be checked:** ${words(failure)}`).join('\n>\n'),
    active.length === 0 && failures.length === 0 ? `✅ ${words(clean)}` : '',
    findings.length === 0 ? '' : `**${countsOf(findings)}**`,
    some.length === 0 ? '' : tableOf(some, base),
    active.length > some.length ? `And ${active.length - some.length} more.` : '',
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function tableOf(findings: readonly Finding[], base: string): string {
  const several = findings.some((finding) => finding.package !== undefined);
  const head = ['', ...(several ? ['package'] : []), 'where', 'what', 'what to do', 'rule'];
  const rows = findings.map(({ severity, rule, path, line, message, fix, ...finding }) => [
    names[severity],
    ...(several ? [words(finding.package ?? '')] : []),
    path === null ? '' : code(`${joinPath(base, path)}${line === null ? '' : `:${line}`}`),
    words(message),
    fix.includes('\n') ? fix.split('\n').map(code).join('<br>') : words(fix),
    code(rule),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Text in which nothing is Markdown, HTML or the end of a table's cell; code in backticks stays code. */
const words = (text: string): string =>
  text
    .split(/(`[^`\n]+`)/)
    .map((part, n) => (n % 2 === 1 ? code(part.slice(1, -1)) : plain(part)))
    .join('');

const plain = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_~[\]#|]/g, '\\$&')
    .replaceAll(/\s*\r?\n\s*/g, '<br>');

/** Inline code in a table: a bar ends the cell even there, and a longer fence holds a backtick. */
function code(text: string): string {
  if (text.trim() === '') return '';
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ')}${space}${fence}`;
}
