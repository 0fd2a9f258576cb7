import * as v from 'valibot';
import { UserError } from '../errors.ts';
import { folder } from '../lock/lock.ts';
import type { Found } from './examine.ts';

/** Findings that were there when a team began, kept beside the lock: only new ones fail the run. */
export const baselinePath = `${folder}/doctor-baseline.json`;

/** What is said of a baseline that holds more than is found. */
export const staleRule = 'doctor/stale-baseline';

const entry = v.strictObject({
  rule: v.string(),
  path: v.nullable(v.string()),
  reason: v.optional(v.string()),
  owner: v.optional(v.string()),
  /** The last day that it holds, as YYYY-MM-DD. */
  until: v.optional(v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/))),
});
const baseline = v.strictObject({ version: v.literal(1), findings: v.record(v.string(), entry) });

export type Baseline = v.InferOutput<typeof baseline>;

/** Reads a baseline. Throws UserError where it is damaged. */
export function readBaseline(text: string | null): Baseline {
  if (text === null) return { version: 1, findings: {} };
  const read = v.safeParse(baseline, json(text));
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new UserError(
    `${baselinePath} cannot be read: ${v.getDotPath(issue) ?? ''} ${issue.message}`.trim(),
    'Restore it from version control, or write it anew with `backend-skills doctor --update-baseline`.',
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Findings with those of the baseline marked, and the entries that nothing matches any more. `today` as YYYY-MM-DD. */
export function withBaseline(
  findings: readonly Found[],
  { findings: known }: Baseline,
  today: string,
): { findings: Found[]; stale: string[] } {
  const met = new Set<string>();
  const marked = findings.map((finding): Found => {
    const kept = finding.fingerprint === undefined ? undefined : known[finding.fingerprint];
    if (kept === undefined || finding.fingerprint === undefined) return finding;
    met.add(finding.fingerprint);
    if (finding.suppressed !== undefined || (kept.until !== undefined && kept.until < today)) return finding;
    return { ...finding, suppressed: { kind: 'external', justification: kept.reason ?? 'in the baseline' } };
  });
  return { findings: marked, stale: Object.keys(known).filter((fingerprint) => !met.has(fingerprint)) };
}

/** The baseline that holds these findings; what is said of those that it held before stays, as do those of rules that did not run. */
export function newBaseline(
  findings: readonly Found[],
  before: Baseline,
  ran: (rule: string) => boolean = () => true,
): string {
  const others = Object.entries(before.findings).filter(([, { rule }]) => !ran(rule));
  const own = findings
    .filter(({ rule, suppressed }) => suppressed?.kind !== 'inSource' && rule !== staleRule)
    .flatMap(({ fingerprint, rule, path }) =>
      fingerprint === undefined ? [] : [[fingerprint, before.findings[fingerprint] ?? { rule, path }] as const],
    );
  const rows = [...others, ...own].sort(([, a], [, b]) => (`${a.path} ${a.rule}` < `${b.path} ${b.rule}` ? -1 : 1));
  return `${JSON.stringify({ version: 1, findings: Object.fromEntries(rows) }, null, 2)}\n`;
}
