import type { Finding, Severity } from '../model.ts';
import { frameOf } from './frame.ts';
import { type Paint, wrap } from './paint.ts';
import { countsOf, type Report, worstFirst } from './report.ts';

const titles: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'Remarks' };

/** Doctor's findings for a person at a terminal: by severity, the worst first, each with the code it means and what to do. */
export function auditToText(
  { findings, failures, clean }: Report,
  sources: (finding: Finding) => string | null,
  paint: Paint,
): string {
  const active = worstFirst(findings.filter(({ suppressed }) => suppressed === undefined));
  const groups = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const own = active.filter((finding) => finding.severity === severity);
    if (own.length === 0) return [];
    return [
      [paint.bold(`${titles[severity]} (${own.length})`), ...own.map((one) => block(one, sources(one), paint))].join(
        '\n\n',
      ),
    ];
  });
  const failed = failures.map(
    (failure) => `${paint.red(paint.mark.bad)} ${wrap(`Could not be looked at: ${failure}`, paint.width, '  ')}`,
  );
  const counts = countsOf(findings);
  const last =
    active.length === 0 && failures.length === 0
      ? `${paint.green(paint.mark.done)} ${clean}${counts === '' ? '' : ` (${counts})`}`
      : wrap(`${counts === '' ? 'Nothing found' : counts}. ${clean}`, paint.width);
  return [...groups, ...(failed.length === 0 ? [] : [failed.join('\n')]), last].join('\n\n');
}

function block(finding: Finding, text: string | null, paint: Paint): string {
  const { severity, confidence, message, path, line, column, rule, fix } = finding;
  const marks = {
    error: paint.red(paint.mark.bad),
    warning: paint.yellow(paint.mark.warn),
    info: paint.dim(paint.mark.bullet),
  };
  const folder = finding.package === undefined ? '' : `${finding.package}: `;
  const place = path === null ? '' : `${folder}${path}${line === null ? '' : `:${line}${column ? `:${column}` : ''}`}`;
  const sure = confidence === 'certain' ? '' : ` (${confidence})`;
  const frame = frameOf(text, finding, paint);
  const fixes = fix.split('\n').map((each) => wrap(each, paint.width - 4, '    '));
  return [
    `${marks[severity]} ${paint.cyan(place)} ${paint.dim(rule + sure)}`.replace(/ {2,}/g, ' '),
    `  ${wrap(message, paint.width - 2, '  ')}`,
    ...(frame === null ? [] : [indent(frame)]),
    `  ${paint.dim(paint.mark.arrow)} ${fixes.join('\n    ')}`,
  ].join('\n');
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
