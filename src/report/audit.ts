import type { Finding, Severity } from '../model.ts';
import { frameOf } from './frame.ts';
import { type Group, groupsOf } from './groups.ts';
import { type Paint, readable, wrap } from './paint.ts';
import { countsOf, type Report, worstFirst } from './report.ts';

const titles: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'Remarks' };
/** Findings of one rule that are shown with their code, where there is more than a screen of them. */
const framed = 3;
/** Findings of one rule that are listed. */
const listed = 10;
/** As many in all are all shown in full. */
const few = 12;

/**
 * Doctor's findings for a person at a terminal: by severity and rule, the worst first; what a rule says of all of them
 * is said once, and what mends several in a row after the last of them. Of a rule with many findings the first are shown
 * with their code, the next as lines, the rest as a number; `whole` shows all of them. At the end, where a terminal
 * stops, stands what there is.
 */
export function auditToText(report: Report, sources: (finding: Finding) => string | null, paint: Paint): string {
  const { findings, failures, clean } = report;
  const active = worstFirst(findings.filter(({ suppressed }) => suppressed === undefined));
  const groups = groupsOf(active, report);
  const isWhole = report.whole === true || active.length <= few;
  const sections = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const own = groups.filter((group) => group.severity === severity);
    if (own.length === 0) return [];
    const count = own.reduce((sum, group) => sum + group.findings.length, 0);
    const blocks = own.map((group) => block(group, { report, sources, paint, isWhole }));
    return [[paint.bold(`${titles[severity]} (${count})`), ...blocks].join('\n\n')];
  });
  const failed = failures.map(
    (failure) =>
      `${paint.red(paint.mark.bad)} ${wrap(`Could not be looked at: ${readable(failure)}`, paint.width, '  ')}`,
  );
  const counts = countsOf(findings);
  const last =
    active.length === 0 && failures.length === 0
      ? `${paint.green(paint.mark.done)} ${clean}${counts === '' ? '' : ` (${counts})`}`
      : wrap(`${counts === '' ? 'Nothing found' : counts}. ${clean}`, paint.width);
  const table = active.length > few && groups.length > 1 ? [tableOf(groups, paint)] : [];
  return [...sections, ...table, ...(failed.length === 0 ? [] : [failed.join('\n')]), last].join('\n\n');
}

interface Showing {
  report: Report;
  sources: (finding: Finding) => string | null;
  paint: Paint;
  isWhole: boolean;
}

function marked(severity: Severity, paint: Paint): string {
  const { mark } = paint;
  return { error: paint.red(mark.bad), warning: paint.yellow(mark.warn), info: paint.dim(mark.bullet) }[severity];
}

function block({ severity, rule, about, findings }: Group, showing: Showing): string {
  const { paint, isWhole } = showing;
  const count = findings.length === 1 ? '' : ` (${findings.length})`;
  const title = about && about.title !== rule ? ` ${about.title}` : '';
  const head = `${marked(severity, paint)} ${wrap(`${rule}${count}${title}`, paint.width, '  ').replace(rule, paint.bold(rule))}`;
  const [first] = findings;
  const [isOneMessage, isOneFix] = [
    findings.length > 1 && findings.every(({ message }) => message === first?.message),
    findings.every(({ fix }) => fix === first?.fix),
  ];
  const shown = isWhole ? findings : findings.slice(0, listed);
  const rows = shown.flatMap((finding, n) => {
    const isFramed = isWhole || n < framed;
    return [
      ...(isFramed && n > 0 ? [''] : []),
      ...rowOf(finding, { ...showing, isFramed, says: !isOneMessage }),
      ...(isOneFix || finding.fix === shown[n + 1]?.fix ? [] : fixOf(finding, paint)),
    ];
  });
  const rest = findings.length - shown.length;
  return [
    head,
    ...(isOneMessage && first ? [`  ${wrap(readable(first.message), paint.width, '  ')}`] : []),
    ...rows,
    ...(rest > 0 ? [`  ${paint.dim(`and ${rest} more: --only ${rule}`)}`] : []),
    ...(isOneFix && first ? fixOf(first, paint) : []),
  ].join('\n');
}

function rowOf(
  finding: Finding,
  { report, sources, paint, isFramed, says }: Showing & { isFramed: boolean; says: boolean },
): string[] {
  const { path, line, column, confidence, message } = finding;
  const place =
    path === null ? 'the project' : `${path}${line === null ? '' : `:${line}${column ? `:${column}` : ''}`}`;
  const notes = [
    ...(confidence === 'certain' ? [] : [confidence]),
    ...((report.editsOf?.(finding).length ?? 0) > 0 ? ['--fix'] : []),
  ];
  const note = notes.length === 0 ? '' : ` ${paint.dim(`(${notes.join(', ')})`)}`;
  const frame = isFramed ? frameOf(sources(finding), finding, { ...paint, width: paint.width - 2 }) : null;
  return [
    `  ${paint.cyan(readable(place))}${note}`,
    ...(says ? [`    ${wrap(readable(message), paint.width, '    ')}`] : []),
    ...(frame === null ? [] : [frame.replaceAll(/^/gm, '    ')]),
  ];
}

function fixOf({ fix }: Finding, paint: Paint): string[] {
  const indent = ' '.repeat(paint.mark.arrow.length + 3);
  const lines = fix.split('\n').map((each) => wrap(readable(each), paint.width, indent));
  return [`  ${paint.dim(paint.mark.arrow)} ${lines.join(`\n${indent}`)}`];
}

/** How often each rule has spoken: the last that a long report shows is what one sees first. */
function tableOf(groups: readonly Group[], paint: Paint): string {
  const digits = Math.max(...groups.map(({ findings }) => String(findings.length).length));
  const names = Math.max(...groups.map(({ rule }) => rule.length));
  const room = paint.width - digits - names - 5;
  return groups
    .map(({ severity, rule, findings, about }) => {
      const start = `${marked(severity, paint)} ${String(findings.length).padStart(digits)} `;
      const title = about === undefined || about.title === rule || room < 24 ? '' : about.title;
      if (title === '') return `${start}${rule}`;
      const short = title.length > room ? `${title.slice(0, room - 1).trimEnd()}${paint.mark.more}` : title;
      return `${start}${rule.padEnd(names)}  ${paint.dim(short)}`;
    })
    .join('\n');
}
