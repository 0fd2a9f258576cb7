import { auditToText } from '../audit.ts';
import { findingsToText } from '../findings.ts';
import { type Paint, wrap } from '../paint.ts';
import { countsOf, type Report, worstFirst } from '../report.ts';

/** For a person at a terminal: the worst first, each with its fix; packages apart where there are several. */
export function text(report: Report, paint: Paint): string {
  const { findings, failures, clean, sources } = report;
  if (sources !== undefined) return auditToText(report, sources, paint);
  const active = worstFirst(findings.filter(({ suppressed }) => suppressed === undefined));
  const packages = [...new Set(active.map((finding) => finding.package))];
  const blocks = packages.map((name) => {
    const own = active.filter((finding) => finding.package === name);
    const list = findingsToText(own, paint, clean);
    return name === undefined ? list : `${paint.bold(name)} ${paint.dim(`(${countsOf(own)})`)}\n${list}`;
  });
  const failed = failures.map(
    (failure) => `${paint.red(paint.mark.bad)} ${wrap(`Could not be checked: ${failure}`, paint.width, '  ')}`,
  );
  if (blocks.length === 0 && failed.length === 0) return findingsToText([], paint, clean);
  return [blocks.join('\n\n'), failed.join('\n')].filter((block) => block !== '').join('\n\n');
}
