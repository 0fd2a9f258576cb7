import type { Finding } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import type { Paint } from '../paint.ts';
import { fails, type Report, worstFirst } from '../report.ts';

interface Case {
  suite: string;
  name: string;
  /** What stands in the case; '' for one that passed. */
  body: string;
  kind: 'passed' | 'failure' | 'error' | 'skipped';
}

/**
 * JUnit's XML: a suite per category (and package), a case per rule. A rule fails where a finding of it fails the run;
 * lesser findings are the output of their case; a rule of which all is let be is skipped.
 */
export function junit(report: Report, _paint?: Paint): string {
  const cases = [...failed(report), ...packagesOf(report).flatMap((name) => casesOf(report, name))];
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((suite) =>
    suiteOf(
      suite,
      cases.filter((each) => each.suite === suite),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    // The schema that Jenkins reads by knows no `skipped` here.
    `<testsuites name="backend-skills ${report.tool.command}" ${countsOf(cases).replace(/ skipped="\d+"/, '')}>`,
    ...suites,
    '</testsuites>',
  ].join('\n');
}

const packagesOf = ({ findings }: Report): (string | undefined)[] => {
  const names = [...new Set(findings.map((finding) => finding.package))];
  return names.length === 0 ? [undefined] : names.sort();
};

const failed = ({ tool, failures }: Report): Case[] =>
  failures.map((failure, n) => ({
    suite: tool.command,
    name: `complete (${n + 1})`,
    body: `      <error message="${attribute(failure)}" type="incomplete"/>`,
    kind: 'error',
  }));

function casesOf(report: Report, name: string | undefined): Case[] {
  const own = worstFirst(report.findings.filter((finding) => finding.package === name));
  const rules = [...new Set([...report.tool.rules.map(({ id }) => id), ...own.map(({ rule }) => rule)])];
  return rules.map((rule) => {
    const category = rule.includes('/') ? rule.slice(0, rule.indexOf('/')) : report.tool.command;
    const suite = name === undefined ? category : `${name}: ${category}`;
    return {
      suite,
      name: rule,
      ...outcome(
        own.filter((finding) => finding.rule === rule),
        report,
      ),
    };
  });
}

function outcome(findings: readonly Finding[], { failOn, base }: Report): Pick<Case, 'body' | 'kind'> {
  const active = findings.filter(({ suppressed }) => suppressed === undefined);
  const failing = active.filter((finding) => fails(finding, failOn));
  const lesser = active.filter((finding) => !fails(finding, failOn));
  const output = lesser.length === 0 ? '' : `\n      <system-out>${content(listOf(lesser, base))}</system-out>`;
  const first = failing[0];
  if (first !== undefined) {
    const message = failing.length === 1 ? first.message : `${failing.length} findings`;
    const body = `      <failure message="${attribute(message)}" type="${first.severity}">${content(listOf(failing, base))}</failure>`;
    return { kind: 'failure', body: `${body}${output}` };
  }
  const left = findings.find(({ suppressed }) => suppressed !== undefined)?.suppressed;
  if (active.length === 0 && left !== undefined)
    return { kind: 'skipped', body: `      <skipped message="${attribute(left.justification)}"/>` };
  return { kind: 'passed', body: output.replace(/^\n/, '') };
}

const listOf = (findings: readonly Finding[], base: string): string =>
  findings
    .map(({ path, line, message, fix }) => {
      const where = path === null ? '' : `${joinPath(base, path)}${line === null ? '' : `:${line}`}: `;
      return `${where}${message}${fix === '' ? '' : `\n  ${fix.replaceAll('\n', '\n  ')}`}`;
    })
    .join('\n');

function suiteOf(name: string, cases: readonly Case[]): string {
  const rows = cases.map((each) => {
    const head = `    <testcase classname="${attribute(name)}" name="${attribute(each.name)}" time="0"`;
    return each.body === '' ? `${head}/>` : `${head}>\n${each.body}\n    </testcase>`;
  });
  return [`  <testsuite name="${attribute(name)}" ${countsOf(cases)}>`, ...rows, '  </testsuite>'].join('\n');
}

function countsOf(cases: readonly Case[]): string {
  const count = (kind: Case['kind']): number => cases.filter((each) => each.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
}

/** What XML cannot hold at all, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const content = (text: string): string =>
  text
    .replaceAll(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');

const attribute = (text: string): string =>
  content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
