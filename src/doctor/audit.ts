import type { Finding } from '../model.ts';
import { type Baseline, baselinePath, withBaseline } from './baseline.ts';
import { examine, type Examined, type Found, type ReadSql } from './examine.ts';
import { withFingerprints } from './fingerprint.ts';
import type { Project } from './project.ts';
import type { Rule } from './rule.ts';
import { selected, type Selection } from './select.ts';
import { suppress } from './suppress.ts';

export interface AuditOptions extends Selection {
  rules: readonly Rule[];
  baseline: Baseline;
  /** YYYY-MM-DD: entries of the baseline may end. */
  today: string;
  readSql: ReadSql;
}

/** One project's findings with their fingerprints, those that are to be let be marked. Pure. */
export function audit(project: Project, options: AuditOptions): Examined {
  const active = selected(options.rules, options);
  const examined = examine(project, active, options.readSql);
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
  rule: 'doctor/stale-baseline',
  severity: 'info',
  confidence: 'certain',
  path: baselinePath,
  line: null,
  message: `${count} ${count === 1 ? 'entry of the baseline is' : 'entries of the baseline are'} not found any more.`,
  fix: 'Write it anew: backend-skills doctor --update-baseline',
});
