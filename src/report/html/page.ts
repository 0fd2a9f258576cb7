import type { Finding, RuleDescription, Severity } from '../../model.ts';
import { type Group, groupsOf } from '../groups.ts';
import { type Report, worstFirst } from '../report.ts';
import { areaOf, areas, formula, type Score, scoreOf, scoresOf } from './score.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** What the page says of the project beside its findings. */
export interface Subject {
  name: string;
  /** Lines of source that were looked at. */
  lines: number;
}

/** A report as one page that needs nothing else: it works offline, and says the same without its script. */
export function page(report: Report, { name, lines }: Subject): string {
  const { findings, tool, failures, clean } = report;
  const groups = groupsOf(worstFirst(findings), report);
  const total = scoreOf('', findings, lines);
  const ran = tool.rules.map(({ id }) => id).filter((id) => id.includes('/') && !id.startsWith('doctor/'));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>Doctor: ${escaped(name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="head"><h1>backend-skills doctor</h1><span class="soft">${escaped(name)}</span></div>
<div class="verdict">
<div class="total">${total.score}<small> of 100</small></div>
<div><div class="counts">${counts(total)}</div><p class="soft">${escaped(clean)}</p></div>
</div>
${failures.length === 0 ? '' : `<div class="failures"><strong>The audit is incomplete.</strong>${failures.map((one) => `<p>${escaped(one)}</p>`).join('')}</div>`}
${areaCards(scoresOf(findings, ran, lines))}
${filters(findings)}
${(['error', 'warning', 'info'] as const).map((severity) => section(severity, groups, report)).join('')}
${findings.length === 0 ? '<p><br>Nothing was found.</p>' : ''}
<footer><p>${escaped(formula)}</p><p>backend-skills ${escaped(tool.version)}</p></footer>
</main>
<script>${script}</script>
</body>
</html>`;
}

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

function counts({ errors, warnings, remarks }: Score): string {
  const tags = [
    errors > 0 ? `<span class="tag error">${counted(errors, 'error', 'errors')}</span>` : '',
    warnings > 0 ? `<span class="tag warning">${counted(warnings, 'warning', 'warnings')}</span>` : '',
    remarks > 0 ? `<span class="tag info">${counted(remarks, 'remark', 'remarks')}</span>` : '',
  ].join('');
  return tags === '' ? '<span class="tag good">Nothing found</span>' : tags;
}

/** A card for each area with findings; the others in a line. */
function areaCards(scores: readonly Score[]): string {
  const hasAny = ({ errors, warnings, remarks }: Score): boolean => errors + warnings + remarks > 0;
  const [found, clean] = [scores.filter(hasAny), scores.filter((score) => !hasAny(score))];
  const cards = found.length === 0 ? '' : `<ul class="areas">${found.map(areaCard).join('')}</ul>`;
  const names = clean.map(({ area }) => escaped(areas[area] ?? area)).join(', ');
  return `${cards}${names === '' ? '' : `<p class="soft clean">Nothing found, 100 of 100: ${names}.</p>`}`;
}

function areaCard({ area, score, errors, warnings, remarks }: Score): string {
  const level = score >= 80 ? '' : score >= 50 ? 'middling' : 'low';
  const found = errors + warnings + remarks;
  return `<li><button type="button" data-area="${escaped(area)}" aria-pressed="false"><span class="row"><span>${escaped(areas[area] ?? area)}</span><span>${score}</span></span><div class="bar"><span class="${level}" style="width:${score}%"></span></div><span class="soft">${counted(found, 'finding', 'findings')}</span></button></li>`;
}

function filters(findings: readonly Finding[]): string {
  if (findings.length === 0) return '<div hidden><input id="search"><span id="shown"></span></div>';
  const box = (value: Severity, label: string): string =>
    findings.some(({ severity }) => severity === value)
      ? `<label><input type="checkbox" name="severity" value="${value}" checked> ${label}</label>`
      : '';
  const letBe = findings.some(({ suppressed }) => suppressed !== undefined)
    ? '<label><input type="checkbox" name="let-be"> Let be</label>'
    : '';
  return `<div class="filters"><input type="search" id="search" placeholder="Rule, file or words" aria-label="Filter the findings">${box('error', 'Errors')}${box('warning', 'Warnings')}${box('info', 'Remarks')}${letBe}<span class="soft" id="shown" role="status"></span></div>`;
}

const titles: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'Remarks' };

function section(severity: Severity, groups: readonly Group[], { sources }: Report): string {
  const own = groups.filter((group) => group.severity === severity);
  if (own.length === 0) return '';
  const rules = own.map((group) => ruleBlock(group, (finding) => sources?.(finding) ?? null));
  return `<section data-group><h2>${titles[severity]}</h2>${rules.join('')}</section>`;
}

/** What one rule has found: what is the same of all is said once. */
function ruleBlock({ rule, about, findings }: Group, sources: (finding: Finding) => string | null): string {
  const [first] = findings;
  const isOneFix = findings.length > 1 && findings.every(({ fix }) => fix === first?.fix);
  const title = about === undefined || about.title === rule ? '' : `<span>${escaped(about.title)}</span>`;
  const count = findings.length === 1 ? '' : `<span class="soft">${findings.length}</span>`;
  return `<div class="of" data-group>
<h3><button type="button" class="rule" data-words="${escaped(rule)}" title="Only this rule">${escaped(rule)}</button> ${title} ${count}</h3>
${about ? `<details><summary>Why it matters</summary><p>${marked(about.help)}</p></details>` : ''}
${isOneFix && first ? `<p class="fix">${marked(first.fix)}</p>` : ''}
${findings.map((finding) => card(finding, about, sources(finding), !isOneFix)).join('')}
</div>`;
}

function card(finding: Finding, rule: RuleDescription | undefined, source: string | null, hasFix: boolean): string {
  const { severity, confidence, path, line, message, fix, suppressed } = finding;
  const place = path === null ? 'The project' : `${path}${line === null ? '' : `:${line}`}`;
  const text = [finding.rule, rule?.title ?? '', finding.package ?? '', place, message, fix].join(' ').toLowerCase();
  const team = finding.package === undefined ? '' : `<span class="soft">${escaped(finding.package)}</span>`;
  return `<article class="is-${severity}${suppressed ? ' let-be' : ''}" data-severity="${severity}" data-area="${escaped(areaOf(finding.rule))}" data-text="${escaped(text)}">
<header><span class="tag ${severity}">${confidence === 'certain' ? severity : `${severity}, ${confidence}`}</span><span class="place">${escaped(place)}</span>${team}</header>
<p>${marked(message)}</p>
${suppressed ? `<p class="soft">Let be: ${escaped(suppressed.justification)}</p>` : ''}
${frame(source, finding)}
${hasFix ? `<p class="fix">${marked(fix)}</p>` : ''}
</article>`;
}

/** The line of a finding with two above and below. */
function frame(source: string | null, { line, endLine }: Finding): string {
  if (source === null || line === null) return '';
  const lines = source.split(/\r?\n/);
  const last = Math.min(endLine ?? line, line + 6);
  const rows = Array.from({ length: last - line + 5 }, (_, n) => line - 2 + n)
    .filter((number) => number >= 1 && number <= lines.length)
    .map((number) => {
      const hit = number >= line && number <= last ? ' class="hit"' : '';
      return `<span${hit}><i>${number}</i>${escaped((lines[number - 1] ?? '').slice(0, 400))}</span>`;
    });
  return `<pre><code>${rows.join('')}</code></pre>`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Markdown's code marks; the rest of a rule's words is plain. */
const marked = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
