import type { Plan, Skill } from '../model.ts';
import { dependenciesIn } from '../plan/dependencies.ts';
import type { Paint } from './paint.ts';

/** What a person should know of a skill that is not ours before saying yes to it. */
export function foreignToText({ id, version, title, source }: Skill, plan: Plan, paint: Paint): string {
  const ops = plan.entry?.ops.filter(({ standing }) => standing === 'done').map(({ op }) => op) ?? [];
  const json = ops.flatMap((op) =>
    op.op === 'json' && op.path[0] === 'scripts' ? [`${op.path[1]}: ${op.value}`] : [],
  );
  const packages = [...dependenciesIn(ops)].map(([name, range]) => `${name} ${range}`);
  const variables = ops.flatMap((op) => (op.op === 'line' ? [op.text.split('=')[0] ?? ''] : []));
  const wired = ops.flatMap(({ op, file }) => (op === 'json' || op === 'line' ? [] : [file]));
  const rows: [string, readonly string[]][] = [
    ['from', [source?.resolved ?? '']],
    ['sha256', [source?.hash ?? '']],
    ['writes', plan.entry?.files.map(({ path }) => path) ?? []],
    ['changes', [...new Set(wired)]],
    ['packages', packages],
    ['scripts', json],
    ['variables', [...new Set(variables)]],
    ['commands', plan.commands.map(({ text }) => `${text} install`)],
  ];
  const lines = rows.map(([name, values]) => `  ${name.padEnd(10)}${values.length > 0 ? values.join(', ') : 'none'}`);
  const packagesNote = packages.length > 0 ? ' Packages may run scripts when they are installed.' : '';
  return [
    `${paint.yellow(paint.mark.warn)} ${paint.bold(`${title} (${id} ${version})`)} was not made by backend-skills.`,
    ...lines,
    `  ${paint.dim(`Nothing of it runs now; what it writes is code that your project will run.${packagesNote}`)}`,
  ].join('\n');
}
