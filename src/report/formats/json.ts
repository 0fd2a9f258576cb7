import { fingerprintsOf } from '../fingerprint.ts';
import { toJson } from '../json.ts';
import type { Report } from '../report.ts';

/** The versioned document `backend-skills/findings/1`. */
export function json({ tool, findings, failures, base }: Report): string {
  const fingerprints = fingerprintsOf(findings, base);
  return toJson('findings', {
    schema: 'backend-skills/findings/1',
    tool: tool.command,
    complete: failures.length === 0,
    failures: [...failures],
    findings: findings.map((finding, n) => ({
      rule: finding.rule,
      severity: finding.severity,
      confidence: finding.confidence,
      package: finding.package ?? null,
      path: finding.path,
      line: finding.line,
      endLine: finding.endLine ?? null,
      column: finding.column ?? null,
      endColumn: finding.endColumn ?? null,
      message: finding.message,
      also: (finding.also ?? []).map(({ path, line, endLine = null, column = null, endColumn = null }) => ({
        path,
        line,
        endLine,
        column,
        endColumn,
      })),
      fix: finding.fix,
      fingerprint: fingerprints[n] ?? '',
      suppressed: finding.suppressed === undefined ? null : { ...finding.suppressed },
    })),
  });
}
