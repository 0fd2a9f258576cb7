import { resolve } from 'node:path';
import { detect } from '../detect/index.ts';
import type { Found } from '../doctor/examine.ts';
import { ownRules } from '../doctor/own-rules.ts';
import { described } from '../doctor/rule.ts';
import { rules } from '../doctor/rules/index.ts';
import { together } from '../doctor/together.ts';
import { writeReport } from '../edge/output.ts';
import { belowRepository } from '../edge/repository.ts';
import type { Finding } from '../model.ts';
import { checkRules } from '../plan/check-rules.ts';
import type { Report } from '../report/report.ts';
import { readSettings } from '../settings/read.ts';
import { type AuditedPart, auditAll, wanted } from './audits.ts';
import type { Context, ExitCode } from './context.ts';
import { updateBaselines } from './doctor-baseline.ts';
import type { DoctorOptions } from './doctor-options.ts';
import { publish, toolOf } from './publish.ts';
import { reportingWith } from './report-flags.ts';

/** Rules whose findings are shown without their code. */
const hidden = new Set(rules.flatMap(({ id, hidesCode }) => (hidesCode ? [id] : [])));

/** Doctor in one of its ways: the audit, one line explained, or the rules. */
export async function runDoctor(paths: readonly string[], options: DoctorOptions, context: Context): Promise<ExitCode> {
  if (options.rules) return (await import('./doctor-rules.ts')).listRules(context);
  if (options.why !== null) return (await import('./doctor-why.ts')).why(options.why, context);
  if (options.fix) return (await import('./doctor-fix.ts')).fix(paths, options, context);
  return doctor(paths, options, context);
}

/** Audits the project, or the packages of the workspace: 1 for findings, 3 where something could not be looked at. */
async function doctor(paths: readonly string[], options: DoctorOptions, context: Context): Promise<ExitCode> {
  const audited = await auditAll(options, context);
  if (options.updateBaseline) return updateBaselines(audited, options, context);
  const { root, tree, surroundings } = audited.session;
  const reporting = reportingWith(options, readSettings(tree, surroundings).doctor);
  const { keep, failures } = await wanted(root, paths, options, context);
  const findings = together(audited.parts.flatMap(({ findings }) => findings).filter(keep));
  const edits = new Map<Finding, Found['edits']>(findings.map((finding) => [finding, finding.edits]));
  const report: Report = {
    tool: toolOf('doctor', [...rules.map(described), ...ownRules, ...checkRules]),
    findings,
    failures: [...failures, ...audited.parts.flatMap((part) => part.failures)],
    failOn: reporting.failOn,
    base: belowRepository(root),
    clean: looked(audited.parts),
    editsOf: (finding) => edits.get(finding) ?? [],
    whole: context.terminal.verbose || new Set(findings.map(({ rule }) => rule)).size === 1,
    sources: ({ path, rule }) => (path === null || hidden.has(rule) ? null : tree.read(path)),
  };
  if (options.html !== null) await writePage(options.html, report, audited, context);
  const code = publish(report, reporting, context);
  // Only a project of its own is written to.
  if (reporting.format === 'text' && context.terminal.interactive && tree.has('package.json')) {
    const { bestCommand } = await import('./doctor-offer.ts');
    const best = bestCommand(audited.parts, keep, context);
    if (best !== null) context.terminal.remark(`${context.terminal.paint.mark.arrow} ${best}`);
  }
  return options.exitZero && code === 1 ? 0 : code;
}

/** Writes the report as a page, and says where. */
async function writePage(
  file: string,
  report: Report,
  { session, parts }: Awaited<ReturnType<typeof auditAll>>,
  { cwd, terminal }: Context,
): Promise<void> {
  const { page } = await import('../report/html/page.ts');
  const { tree } = parts[0] ?? session;
  const { name } = detect(tree, session.surroundings);
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  writeReport(resolve(cwd, file), page(report, { name, lines }));
  terminal.remark(terminal.paint.dim(`The report as a page: ${file}`));
}

/** What was looked at, in words. */
function looked(parts: readonly AuditedPart[]): string {
  const sum = (of: (part: AuditedPart) => number): string =>
    parts.reduce((total, part) => total + of(part), 0).toLocaleString('en');
  const packages = parts.length > 1 ? ` of ${parts.length} packages` : '';
  const files = sum((part) => part.files);
  const left = parts.flatMap((part) => part.leftOut);
  const rest = left.length > 5 ? ` and ${left.length - 5} more` : '';
  return [
    `Looked at ${files} source ${files === '1' ? 'file' : 'files'}${packages} (${sum(({ lines }) => lines)} lines) with ${rules.length} rules.`,
    ...(left.length === 0 ? [] : [`Left out: ${left.slice(0, 5).join(', ')}${rest}.`]),
  ].join(' ');
}
