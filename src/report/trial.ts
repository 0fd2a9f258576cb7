import type { Document } from './documents.ts';
import type { Paint } from './paint.ts';

type Row = Document['skill-test']['hosts'][number];

/** What held where, one line per host; what did not hold, below it. */
export function trialToText(hosts: readonly Row[], paint: Paint): string {
  const width = Math.max(...hosts.map(({ host }) => host.length));
  const lines = hosts.map((row) => [headOf(row, width, paint), ...row.broken.map((one) => brokenToText(one, paint))]);
  const tried = hosts.filter(({ runs }) => runs > 0);
  const held = tried.filter(({ broken }) => broken.length === 0);
  const mark =
    tried.length > 0 && held.length === tried.length ? paint.green(paint.mark.done) : paint.red(paint.mark.bad);
  return [...lines.flat(), '', `${mark} The laws hold on ${held.length} of ${tried.length} hosts.`].join('\n');
}

function headOf({ host, framework, runs, broken }: Row, width: number, paint: Paint): string {
  const name = host.padEnd(width);
  if (runs === 0) return paint.dim(`${paint.mark.bullet} ${name}  not offered for ${framework ?? 'it'}`);
  const tried = runs === 1 ? 'by default' : `with ${runs} sets of choices`;
  return broken.length === 0
    ? `${paint.green(paint.mark.done)} ${name}  ${paint.dim(`every law holds ${tried}`)}`
    : `${paint.red(paint.mark.bad)} ${name}  ${broken.length} broken, tried ${tried}`;
}

const brokenToText = ({ law, choices, detail }: Row['broken'][number], paint: Paint): string => {
  const [first = '', ...more] = detail.split('\n');
  const rest = more.length > 0 ? ` and ${more.length} more` : '';
  return `    not so: ${law} ${paint.dim(JSON.stringify(choices))}\n      ${first}${rest}`;
};
