import type { Finding, RuleDescription, Severity } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import { fingerprintsOf } from '../fingerprint.ts';
import type { Paint } from '../paint.ts';
import type { Report } from '../report.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** SARIF 2.1.0, as code scanning services read it: one run, every rule described, paths from the repository's root. */
export function sarif(report: Report, _paint?: Paint): string {
  const { tool, findings, failures, base } = report;
  const rules = rulesOf(report);
  const index = new Map(rules.map(({ id }, n) => [id, n]));
  const fingerprints = fingerprintsOf(findings, base);
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'backend-skills',
            version: tool.version,
            semanticVersion: tool.version,
            rules: rules.map(ruleOf),
          },
        },
        // A repository may upload a run of each command: without a category the later would take the place of the first.
        automationDetails: { id: `backend-skills/${tool.command}/${base === '' ? '' : `${base}/`}` },
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map((text) => ({ level: 'error', message: { text } })),
          },
        ],
        results: findings.map((finding, n) => ({
          ruleId: finding.rule,
          ruleIndex: index.get(finding.rule) ?? -1,
          level: levels[finding.severity],
          message: { text: `${finding.message}\n${finding.fix}`.trim() },
          locations: [{ physicalLocation: placeOf(finding, base) }],
          partialFingerprints: { primaryLocationLineHash: fingerprints[n] },
          ...suppressionsOf(finding),
          properties: {
            confidence: finding.confidence,
            ...(finding.package === undefined ? {} : { package: finding.package }),
          },
        })),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

/** The rules of the tool, and those that a finding names beyond them. */
function rulesOf({ tool, findings }: Report): RuleDescription[] {
  const known = new Set(tool.rules.map(({ id }) => id));
  const others = new Map(findings.filter(({ rule }) => !known.has(rule)).map((finding) => [finding.rule, finding]));
  return [
    ...tool.rules,
    ...[...others.values()].map(({ rule: id, severity }) => ({ id, title: id, help: id, severity })),
  ];
}

const ruleOf = ({ id, title, help, severity, url, tags, securitySeverity }: RuleDescription) => ({
  id,
  shortDescription: { text: title },
  help: { text: help, markdown: help },
  ...(url === undefined ? {} : { helpUri: url }),
  defaultConfiguration: { level: levels[severity] },
  ...propertiesOf(tags, securitySeverity),
});

function propertiesOf(tags: readonly string[] | undefined, securitySeverity: number | undefined) {
  if (tags === undefined && securitySeverity === undefined) return {};
  const severity = securitySeverity === undefined ? {} : { 'security-severity': securitySeverity.toFixed(1) };
  // Code scanning ranks by security-severity only what bears this tag.
  const all = new Set([...(tags ?? []), ...(securitySeverity === undefined ? [] : ['security'])]);
  return { properties: { tags: [...all], ...severity } };
}

/** What concerns the whole project stands at its package.json: a result without a place is refused by code scanning. */
function placeOf({ path, line, endLine, column, endColumn }: Finding, base: string) {
  const uri = joinPath(base, path ?? 'package.json')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  const region = {
    startLine: line ?? 1,
    ...(line === null || typeof column !== 'number' ? {} : { startColumn: column }),
    ...(line === null || typeof endLine !== 'number' ? {} : { endLine }),
    ...(line === null || typeof endColumn !== 'number' ? {} : { endColumn }),
  };
  return { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region };
}

const suppressionsOf = ({ suppressed }: Finding) =>
  suppressed === undefined
    ? {}
    : { suppressions: [{ kind: suppressed.kind, justification: suppressed.justification }] };
