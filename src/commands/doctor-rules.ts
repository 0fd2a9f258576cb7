import { rules } from '../doctor/rules/index.ts';
import { areaOf } from '../doctor/select.ts';
import { toJson } from '../report/json.ts';
import { wrap } from '../report/paint.ts';
import type { Context, ExitCode } from './context.ts';

/** Every rule of doctor, by area. */
export function listRules({ terminal }: Context): ExitCode {
  if (terminal.json) {
    const rows = rules.map(({ id, since, severity, confidence, title, why, remedy }) => ({
      id,
      since,
      severity,
      confidence,
      title,
      why,
      remedy: typeof remedy === 'string' ? remedy : `skill:${remedy.skill}`,
    }));
    terminal.document(toJson('rules', { schema: 'backend-skills/rules/1', rules: rows }));
    return 0;
  }
  const { paint } = terminal;
  const areas = [...new Set(rules.map(({ id }) => areaOf(id)))];
  const blocks = areas.map((area) => {
    const own = rules.filter(({ id }) => areaOf(id) === area);
    const rows = own.map(({ id, severity, confidence, title, remedy }) => {
      const sure = confidence === 'hint' ? ', with --strict' : '';
      const mends = remedy === 'codemod' ? ', --fix' : '';
      return `  ${paint.cyan(id)} ${paint.dim(`(${severity}${sure}${mends})`)}\n    ${wrap(title, paint.width - 4, '    ')}`;
    });
    return `${paint.bold(area)}\n${rows.join('\n')}`;
  });
  terminal.say(blocks.join('\n\n'));
  return 0;
}
