import { spotted } from '../../doctor/spot.ts';
import type { Finding, Location, RuleDescription, Severity } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import { fingerprintsOf } from '../fingerprint.ts';
import type { Paint } from '../paint.ts';
import { type Report, worstFirst } from '../report.ts';

/** Code scanning refuses a run that has more, whole; it shows the worst 5,000 of them. */
const most = 25_000;

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
  const fingerprints = new Map(fingerprintsOf(findings, base).map((fingerprint, n) => [findings[n], fingerprint]));
  const shown = findings.length > most ? worstFirst(findings).slice(0, most) : findings;
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
            toolExecutionNotifications: [
              ...failures.map((text) => ({ level: 'error', message: { text } })),
              ...(shown.length === findings.length ? [] : [leftOut(findings.length)]),
            ],
          },
        ],
        results: shown.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: index.get(finding.rule) ?? -1,
          level: levels[finding.severity],
          message: { text: `${finding.message}\n${finding.fix}`.trim() },
          locations: [{ physicalLocation: placeOf(finding, base) }],
          ...relatedOf(finding, base),
          // Under a name of our own: for `primaryLocationLineHash` GitHub's upload warns at every value that it has not made itself.
          partialFingerprints: { 'backendSkills/v1': fingerprints.get(finding) },
          ...suppressionsOf(finding),
          ...fixesOf(finding, report),
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

const leftOut = (count: number) => ({
  level: 'warning',
  message: {
    text: `Of ${count} findings the worst ${most} are here: code scanning takes no more. The json format has all of them.`,
  },
});

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
  fullDescription: { text: cut(help) },
  help: { text: help, markdown: help },
  ...(url === undefined ? {} : { helpUri: url }),
  defaultConfiguration: { level: levels[severity] },
  ...propertiesOf(tags, securitySeverity),
});

/** Code scanning takes 1,024 characters of a description. */
const cut = (text: string): string => (text.length > 1024 ? `${text.slice(0, 1023)}…` : text);

function propertiesOf(tags: readonly string[] | undefined, securitySeverity: number | undefined) {
  if (tags === undefined && securitySeverity === undefined) return {};
  const severity = securitySeverity === undefined ? {} : { 'security-severity': securitySeverity.toFixed(1) };
  // Code scanning ranks by security-severity only what bears this tag.
  const all = new Set([...(tags ?? []), ...(securitySeverity === undefined ? [] : ['security'])]);
  return { properties: { tags: [...all], ...severity } };
}

/** What concerns the whole project stands at its package.json: a result without a place is refused by code scanning. */
function placeOf({ path, line, endLine, column, endColumn }: Location | Finding, base: string) {
  const region = {
    startLine: line ?? 1,
    ...(line === null || typeof column !== 'number' ? {} : { startColumn: column }),
    ...(line === null || typeof endLine !== 'number' ? {} : { endLine }),
    ...(line === null || typeof endColumn !== 'number' ? {} : { endColumn }),
  };
  return { artifactLocation: artifactOf(path, base), region };
}

const relatedOf = ({ also = [] }: Finding, base: string) =>
  also.length === 0
    ? {}
    : {
        relatedLocations: also.map((one, n) => ({
          id: n + 1,
          physicalLocation: placeOf(one, base),
          message: { text: 'The same here.' },
        })),
      };

const artifactOf = (path: string | null, base: string) => ({
  uri: joinPath(base, path ?? 'package.json')
    .split('/')
    .map(encodeURIComponent)
    .join('/'),
  uriBaseId: '%SRCROOT%',
});

/** What `--fix` would write, for editors that offer it at the line. */
function fixesOf(finding: Finding, { editsOf, sources, base }: Report) {
  const text = sources?.(finding) ?? null;
  const edits = editsOf?.(finding) ?? [];
  const isElsewhere = edits.some(({ path = finding.path }) => path !== finding.path);
  if (text === null || edits.length === 0 || isElsewhere) return {};
  const replacements = edits.map((edit) => {
    const { line, column, endLine, endColumn } = spotted(text, { ...edit, path: finding.path ?? '' });
    const deletedRegion = { startLine: line, startColumn: column, endLine, endColumn };
    return { deletedRegion, ...(edit.text === '' ? {} : { insertedContent: { text: edit.text } }) };
  });
  const [what = ''] = finding.fix.split('\n');
  return {
    fixes: [
      {
        description: { text: what },
        artifactChanges: [{ artifactLocation: artifactOf(finding.path, base), replacements }],
      },
    ],
  };
}

const suppressionsOf = ({ suppressed }: Finding) =>
  suppressed === undefined
    ? {}
    : { suppressions: [{ kind: suppressed.kind, justification: suppressed.justification }] };
