import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { detect } from '../detect/index.ts';
import { isSource, kindOf, type Project, projectOf } from '../doctor/project.ts';
import { mayMean, type Rule } from '../doctor/rule.ts';
import { rules } from '../doctor/rules/index.ts';
import { isAbout } from '../doctor/spot.ts';
import { UserError } from '../errors.ts';
import { toJson } from '../report/json.ts';
import { wrap } from '../report/paint.ts';
import { auditAll } from './audits.ts';
import type { Context, ExitCode } from './context.ts';

/** What each rule says of one line ('src/app.ts:42', or a whole file), with the reasons, and why the other rules say nothing. */
export async function why(place: string, context: Context): Promise<ExitCode> {
  const [, file = place, number = ''] = /^(.*?)(?::(\d+))?$/.exec(place) ?? [];
  const { session, parts } = await auditAll(
    { only: [], skip: [], strict: true, baseline: true, changedSince: null },
    context,
  );
  const path = relative(session.root, resolve(context.cwd, file)).replaceAll('\\', '/');
  if (path.startsWith('../') || !existsSync(resolve(session.root, path)))
    throw new UserError(`There is no file ${file} in this project.`, 'Give it as --why src/app.ts:42.');
  if (statSync(resolve(session.root, path)).isDirectory())
    throw new UserError(`${file} is a folder.`, 'Name a file, and a line of it: --why src/app.ts:42.');
  const line = number === '' ? null : Number(number);
  const found = parts
    .flatMap(({ findings }) => findings)
    .filter((finding) => finding.path === path && (line === null || isAbout(finding, line)));
  const part = [...parts].reverse().find(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  const own = part && part.folder !== '' ? path.slice(part.folder.length + 1) : path;
  const tree = part?.tree ?? session.tree;
  const project = projectOf({ tree, profile: detect(tree, part?.surroundings ?? session.surroundings) }, null);
  const silent = rules
    .filter(({ id }) => !found.some(({ rule }) => rule === id))
    .map((rule) => ({ rule: rule.id, because: reasonFor(rule, project, own) }));
  if (context.terminal.json) {
    const findings = found.map(({ rule, line, message, suppressed }) => ({
      rule,
      line,
      message,
      why: rules.find(({ id }) => id === rule)?.why ?? '',
      suppressed: suppressed?.justification ?? null,
    }));
    context.terminal.document(toJson('why', { schema: 'backend-skills/why/1', path, line, findings, silent }));
    return 0;
  }
  context.terminal.say(toText(place, found, silent, context));
  return 0;
}

/** Why a rule has nothing to say of a file. */
function reasonFor(rule: Rule, project: Project, path: string): string {
  if (rule.applies?.(project) === false) return 'This project has nothing that it is about.';
  const text = project.tree.read(path) ?? '';
  if (path.endsWith('.sql'))
    return rule.sql ? 'It looked at the statements and found nothing.' : 'It does not look at SQL.';
  if (!rule.file) return rule.project ? 'It looks at the project as a whole.' : 'It looks at other kinds of files.';
  if (!isSource(path, text)) return 'This is no source file: generated, minified or too large.';
  const kind = kindOf(path, text);
  if (rule.where !== 'all' && kind !== 'app') {
    const kinds = { test: 'tests', script: 'scripts and configuration', client: 'code that runs in a browser' };
    return `It leaves out ${kinds[kind]}.`;
  }
  if (!mayMean(rule, text)) return 'Nothing in the file is what it looks for.';
  return 'It looked at the file and found nothing here.';
}

/** How a finding is let be: by a comment in the file's own way, or by the settings where it takes none. */
function letBe(rule: string, path: string | null, line: number | null): string {
  if (path === null || line === null || path.endsWith('.json'))
    return 'To let it be: name the rule, the path and the reason under doctor.ignore in backend-skills.json.';
  const opening = path.endsWith('.sql') ? '--' : /\.([cm]?[jt]sx?|prisma)$/.test(path) ? '//' : '#';
  return `To let it be, above line ${line}: ${opening} backend-skills-ignore-next-line ${rule} -- <reason>`;
}

function toText(
  place: string,
  found: Awaited<ReturnType<typeof auditAll>>['parts'][number]['findings'],
  silent: readonly { rule: string; because: string }[],
  { terminal: { paint, verbose } }: Context,
): string {
  const said = found.map(({ rule, path, line, message, confidence, suppressed, fix }) =>
    [
      `${paint.cyan(rule)} ${paint.dim(`(${confidence})`)}${suppressed ? paint.dim(` let be: ${suppressed.justification}`) : ''}`,
      `  ${wrap(message, paint.width - 2, '  ')}`,
      '',
      `  ${wrap(rules.find(({ id }) => id === rule)?.why ?? '', paint.width, '  ')}`,
      '',
      `  ${paint.dim(paint.mark.arrow)} ${wrap(fix, paint.width, '    ')}`,
      ...(suppressed ? [] : [`  ${paint.dim(wrap(letBe(rule, path, line), paint.width, '  '))}`]),
    ].join('\n'),
  );
  const reasons = [...new Set(silent.map(({ because }) => because))];
  const rest = reasons.map((because) => {
    const ids = silent.filter((row) => row.because === because).map(({ rule }) => rule);
    const names =
      verbose || ids.length <= 8 ? ids.join(', ') : `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more`;
    return `  ${wrap(`${because} (${names})`, paint.width - 2, '    ')}`;
  });
  const head = said.length === 0 ? [`Nothing is found at ${place}.`] : said;
  return [...head, [paint.bold('The other rules'), ...rest].join('\n')].join('\n\n');
}
