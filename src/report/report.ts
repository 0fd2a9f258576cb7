import type { Finding, RuleDescription, Severity } from '../model.ts';
import type { Edit } from '../text/edits.ts';

/** What one run of a checking command found: what every format is made from. */
export interface Report {
  tool: {
    command: 'check' | 'doctor';
    version: string;
    rules: readonly RuleDescription[];
  };
  findings: readonly Finding[];
  /** What could not be looked at, and why. Any of it makes the run incomplete. */
  failures: readonly string[];
  /** Findings at or above it fail the run. */
  failOn: Severity;
  /** From the repository's root to the folder that the findings' paths start at; '' where they are the same. */
  base: string;
  /** What to say where nothing was found. */
  clean: string;
  /** The text of a file that a finding is in, for the code around it; doctor's reports show it. */
  sources?: (finding: Finding) => string | null;
  /** The edits that mend a finding, as `--fix` would make them: of its file, or of another. */
  editsOf?: (finding: Finding) => readonly (Edit & { path?: string })[];
  /** True where text is to show every finding with its code, however many there are. */
  whole?: boolean;
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** True where the finding fails the run: at or above the severity, and not let be. */
export const fails = ({ severity, suppressed }: Finding, failOn: Severity): boolean =>
  suppressed === undefined && ranks[severity] <= ranks[failOn];

/** 0: nothing that fails · 1: findings that do · 3: something could not be looked at, whatever was found. */
export function exitCodeOf({ findings, failures, failOn }: Report): 0 | 1 | 3 {
  if (failures.length > 0) return 3;
  return findings.some((finding) => fails(finding, failOn)) ? 1 : 0;
}

/** The worst first; among equals in the order of the packages, the paths and the lines. What is let be goes last. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) =>
      Number(a.suppressed !== undefined) - Number(b.suppressed !== undefined) ||
      ranks[a.severity] - ranks[b.severity] ||
      compare(a.package, b.package) ||
      compare(a.path, b.path) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      compare(a.rule, b.rule),
  );

const compare = (a: string | null | undefined, b: string | null | undefined): number =>
  (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;

/** How many of each severity are not let be, as words: "2 errors, 1 warning". */
export function countsOf(findings: readonly Finding[]): string {
  const active = findings.filter(({ suppressed }) => suppressed === undefined);
  const words = { error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['remark', 'remarks'] } as const;
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const n = active.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [`${n} ${words[severity][n === 1 ? 0 : 1]}`];
  });
  const left = findings.length - active.length;
  return [...counts, ...(left === 0 ? [] : [`${left} let be`])].join(', ');
}
