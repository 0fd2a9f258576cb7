import type { Finding, RuleDescription, Severity } from '../model.ts';
import type { Report } from './report.ts';

/** What one rule has found with one severity. */
export interface Group {
  severity: Severity;
  rule: string;
  about: RuleDescription | undefined;
  findings: Finding[];
}

/** The worst rules first: by severity, by how code scanning ranks them, by how often they speak. */
export function groupsOf(findings: readonly Finding[], { tool }: Report): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const { severity, rule } = finding;
    const group = groups.get(`${severity} ${rule}`);
    if (group) group.findings.push(finding);
    else {
      const about = tool.rules.find(({ id }) => id === rule);
      groups.set(`${severity} ${rule}`, { severity, rule, about, findings: [finding] });
    }
  }
  const order = ['error', 'warning', 'info'];
  return [...groups.values()].sort(
    (a, b) =>
      order.indexOf(a.severity) - order.indexOf(b.severity) ||
      (b.about?.securitySeverity ?? 0) - (a.about?.securitySeverity ?? 0) ||
      b.findings.length - a.findings.length ||
      (a.rule < b.rule ? -1 : 1),
  );
}
