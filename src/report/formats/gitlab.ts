import type { Severity } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import { fingerprintsOf } from '../fingerprint.ts';
import type { Paint } from '../paint.ts';
import type { Report } from '../report.ts';

const severities: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' };

/** GitLab's code quality report: an artifact that merge requests show. What is let be is left out. */
export function gitlab({ tool, findings, failures, base }: Report, _paint?: Paint): string {
  const fingerprints = fingerprintsOf(findings, base);
  const rows = findings.flatMap(({ rule, severity, path, line, message, suppressed }, n) =>
    suppressed !== undefined
      ? []
      : [row(rule, severities[severity], message, joinPath(base, path ?? 'package.json'), line, fingerprints[n] ?? '')],
  );
  const failed = failures.map((failure, n) =>
    row('incomplete', 'blocker', `${tool.command} is incomplete: ${failure}`, 'package.json', null, `incomplete-${n}`),
  );
  return JSON.stringify([...failed, ...rows], null, 2);
}

const row = (
  rule: string,
  severity: string,
  description: string,
  path: string,
  line: number | null,
  fingerprint: string,
) => ({
  description,
  check_name: rule,
  fingerprint,
  severity,
  location: { path, lines: { begin: line ?? 1 } },
});
