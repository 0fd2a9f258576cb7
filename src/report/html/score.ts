import type { Finding } from '../../model.ts';

/** How an area stands: 0 to 100, and what it is made from. */
export interface Score {
  area: string;
  score: number;
  errors: number;
  warnings: number;
  remarks: number;
}

/** The formula of a score, as it is printed beside it. */
export const formula =
  'Score: 100 ÷ (1 + p ÷ 10), where p is 10 for each error and 3 for each warning, per 1,000 lines of source (of at least 1,000). Remarks, and what is let be, do not count.';

/** The score of some findings over a number of lines. */
export function scoreOf(area: string, findings: readonly Finding[], lines: number): Score {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity && finding.suppressed === undefined).length;
  const [errors, warnings, remarks] = [count('error'), count('warning'), count('info')];
  const points = (10 * errors + 3 * warnings) / Math.max(1, lines / 1000);
  return { area, score: Math.round(100 / (1 + points / 10)), errors, warnings, remarks };
}

/** Areas in words, in the order that a report shows them. Those that it does not know come last, as they are. */
export const areas: Readonly<Record<string, string>> = {
  sec: 'Security',
  tenant: 'Tenancy',
  res: 'Resilience',
  job: 'Jobs',
  cache: 'Caching',
  rt: 'Realtime',
  db: 'Database',
  mig: 'Migrations',
  ops: 'Operations',
  cfg: 'Configuration',
  obs: 'Observability',
  module: 'Installed modules',
  doctor: 'Suppressions',
};

/** The area of a rule; what `check` finds is of the installed modules. */
export const areaOf = (rule: string): string => (rule.includes('/') ? rule.slice(0, rule.indexOf('/')) : 'module');

/** The score of each area that a rule of the run is in. */
export function scoresOf(findings: readonly Finding[], ran: readonly string[], lines: number): Score[] {
  const present = new Set([...ran, ...findings.map(({ rule }) => rule)].map(areaOf));
  const order = [...Object.keys(areas), ...present].filter(
    (area, n, all) => present.has(area) && all.indexOf(area) === n,
  );
  return order
    .filter((area) => area !== 'doctor' || findings.some(({ rule }) => areaOf(rule) === area))
    .map((area) =>
      scoreOf(
        area,
        findings.filter(({ rule }) => areaOf(rule) === area),
        lines,
      ),
    );
}
