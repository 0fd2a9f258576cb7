import type { Finding } from '../model.ts';
import { type Baseline, baselinePath, staleRule, withBaseline } from './baseline.ts';
import { conclude, type Examined, type Found, type Looked, look, type ReadSql } from './examine.ts';
import { withFingerprints } from './fingerprint.ts';
import type { Project } from './project.ts';
import type { Rule } from './rule.ts';
import { type Selection, selected } from './select.ts';
import { suppress } from './suppress.ts';

export interface AuditOptions extends Selection {
  rules: readonly Rule[];
  baseline: Baseline;
  /** YYYY-MM-DD: entries of the baseline may end. */
  today: string;
  readSql: ReadSql;
}

/** Looks at some of a project's files, of which `audit` makes its findings. Pure. */
export const lookAt = (project: Project, options: AuditOptions, paths: readonly string[]): Looked =>
  look(project, selected(options.rules, options), options.readSql, paths);

/** One project's findings with their fingerprints, those that are to be let be marked. `looked`: what was seen in its files, in their order. Pure. */
export function audit(
  project: Project,
  options: AuditOptions,
  looked: readonly Looked[] = [lookAt(project, options, project.files)],
): Examined {
  const active = selected(options.rules, options);
  const examined = conclude(project, active, looked);
  const { findings, notes } = suppress(project, withFingerprints(project, examined.findings), {
    ran: new Set(active.map(({ id }) => id)),
    known: new Set(options.rules.map(({ id }) => id)),
    strict: options.strict,
  });
  const based = withBaseline(findings, options.baseline, options.today);
  // Entries of rules that did not run say nothing.
  const ran = new Set(active.map(({ id }) => id));
  const stale = based.stale.filter((key) => ran.has(options.baseline.findings[key]?.rule ?? ''));
  const own = withFingerprints(
    project,
    [...notes, ...(stale.length === 0 ? [] : [staleNote(stale.length)])].map(plain),
  );
  // A rule that is sure of most of what it finds may be unsure of some.
  const shown = based.findings.filter(
    ({ rule, confidence }) => options.strict || confidence !== 'hint' || options.only.includes(rule),
  );
  return { ...examined, findings: [...shown, ...own] };
}

const plain = (finding: Finding): Found => ({ ...finding, edits: [], offset: null });

const staleNote = (count: number): Finding => ({
  rule: staleRule,
  severity: 'info',
  confidence: 'certain',
  path: baselinePath,
  line: null,
  message: `${count} ${count === 1 ? 'entry of the baseline is' : 'entries of the baseline are'} not found any more.`,
  fix: 'Write it anew: backend-skills doctor --update-baseline',
});
