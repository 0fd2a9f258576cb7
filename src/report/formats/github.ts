import type { Finding, Severity } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import type { Paint } from '../paint.ts';
import { countsOf, type Report, worstFirst } from '../report.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Workflow commands that GitHub Actions shows at the lines of a pull request. It shows about ten of a kind per step,
 * so the worst come first; the step's summary (the markdown format) has them all.
 */
export function github({ tool, findings, failures, base, clean }: Report, _paint?: Paint): string {
  const active = findings.filter(({ suppressed }) => suppressed === undefined);
  const lines = [
    ...failures.map((failure) => command('error', { title: `${tool.command} is incomplete` }, failure)),
    ...worstFirst(active).map((finding) =>
      command(commands[finding.severity], propertiesOf(finding, base), textOf(finding)),
    ),
  ];
  const last = lines.length === 0 ? clean : `${tool.command}: ${countsOf(findings) || clean}${beyond(active)}`;
  return [...lines, plain(last)].join('\n');
}

/** What to know where GitHub will not show them all. */
const beyond = (findings: readonly Finding[]): string =>
  (['error', 'warning', 'info'] as const).some((one) => findings.filter(({ severity }) => severity === one).length > 10)
    ? '. GitHub shows ten of each kind at their lines; the summary of the step lists them, the worst first.'
    : '';

const textOf = ({ message, fix }: Finding): string => (fix === '' ? message : `${message}\n${fix}`);

type Properties = Readonly<Record<string, string | number>>;

function propertiesOf({ rule, path, line, endLine, column, endColumn, ...finding }: Finding, base: string): Properties {
  const title = { title: finding.package === undefined ? rule : `${rule} (${finding.package})` };
  if (path === null) return title;
  const file = joinPath(base, path);
  if (line === null) return { file, ...title };
  const last = endLine ?? line;
  // Columns mean something only within one line.
  const columns = last === line ? { ...number('col', column), ...number('endColumn', endColumn) } : {};
  return { file, line, ...(last === line ? {} : { endLine: last }), ...columns, ...title };
}

const number = (name: string, value: number | null | undefined): Properties =>
  typeof value === 'number' ? { [name]: value } : {};

function command(name: string, properties: Properties, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escaped(message)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A line of words that is never taken for a command. */
const plain = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ').replace(/^\s*::/, '');
