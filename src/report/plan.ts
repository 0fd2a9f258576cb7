import { folder } from '../lock/lock.ts';
import type { Change, ManualStep, Obstacle, Plan } from '../model.ts';
import type { Decision } from '../skills/choose.ts';
import { changeLines } from './change.ts';
import { type Paint, wrap } from './paint.ts';

/** What a plan would do, as a person wants to read it before saying yes. */
export function planToText(plan: Plan, decisions: readonly Decision[], paint: Paint, verbose: boolean): string {
  const shown = plan.changes.filter(({ path }) => verbose || !path.startsWith(`${folder}/`));
  const whole = shown.filter(({ before, after }) => before === null || after === null);
  const patched = shown.filter(({ before, after }) => before !== null && after !== null);
  const blocks = [
    decisions.length > 0 ? decisionsToText(decisions, paint) : '',
    whole.map((change) => `${signOf(change, paint)} ${change.path}`).join('\n'),
    ...patched.map((change) => diffToText(change, paint)),
    notesToText(plan.notes, paint),
    ...plan.steps.map((step) => stepToText(step, paint)),
    obstaclesToText(plan.obstacles, paint),
    endpointsToText(plan, paint),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function endpointsToText({ endpoints, methods = {} }: Plan, paint: Paint): string {
  if (endpoints.length === 0) return '';
  const list = endpoints.map((path) => paint.bold([methods[path] ?? '', path].join(' ').trimStart()));
  return `${list.length === 1 ? 'Endpoint' : 'Endpoints'}: ${list.join(', ')}`;
}

const signOf = ({ before, after }: Change, paint: Paint): string =>
  before === null ? paint.green('+') : after === null ? paint.red('-') : paint.yellow('~');

function decisionsToText(decisions: readonly Decision[], paint: Paint): string {
  const width = Math.max(...decisions.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 2);
  return decisions
    .map(({ name, value, because }) => {
      const text = valueToText(value);
      const fits = indent.length + text.length + 2 + because.length <= paint.width;
      const reason = fits ? `  ${paint.dim(because)}` : `\n${indent}${paint.dim(wrap(because, paint.width, indent))}`;
      return `${name.padEnd(width)}  ${paint.bold(text)}${reason}`;
    })
    .join('\n');
}

const valueToText = (value: Decision['value']): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : [value].flat().join(', ');

export function diffToText(change: Change, paint: Paint): string {
  const lines = changeLines(change, 1).slice(2);
  return [
    `${signOf(change, paint)} ${change.path}`,
    ...lines.map((line) => `  ${colourOf(line, paint)(line.replace(/\r$/, ''))}`),
  ].join('\n');
}

function colourOf(line: string, paint: Paint): (text: string) => string {
  if (line.startsWith('+')) return paint.green;
  if (line.startsWith('-')) return paint.red;
  return paint.dim;
}

function stepToText({ title, place, lines }: ManualStep, paint: Paint): string {
  const label = `${paint.mark.warn} To do by hand.`;
  const head = wrap(`${label} ${title}: ${place}`, paint.width, '  ').replace(label, paint.yellow(label));
  return [head, ...lines.map((line) => `    ${line}`)].join('\n');
}

function obstaclesToText(obstacles: readonly Obstacle[], paint: Paint): string {
  return obstacles
    .map(({ file, line, message, fix }) => {
      const mark = fix === null ? paint.dim(paint.mark.bullet) : paint.yellow(paint.mark.warn);
      const where = `(${file}:${line})`;
      const what = fix === null ? '' : `\n  ${paint.dim(paint.mark.arrow)} ${wrap(fix, paint.width, '    ')}`;
      return `${mark} ${wrap(`${message} ${where}`, paint.width, '  ').replace(where, paint.dim(where))}${what}`;
    })
    .join('\n');
}

const notesToText = (notes: readonly string[], paint: Paint): string =>
  notes.map((note) => `${paint.dim(paint.mark.bullet)} ${wrap(note, paint.width, '  ')}`).join('\n');

/** At most five lines: what to set and what to try. */
export const nextToText = (next: readonly string[], paint: Paint): string =>
  next.length === 0 ? '' : ['Next:', ...next.slice(0, 5).map((line) => `  ${paint.mark.arrow} ${line}`)].join('\n');
