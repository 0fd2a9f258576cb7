import type { Paint } from '../paint.ts';
import type { Report } from '../report.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

/** A report as text for one kind of reader; without a line break at its end. */
type Format = (report: Report, paint: Paint) => string;

/** Every format that findings can be printed in, by the name that `--format` takes. */
export const formats = { text, json, sarif, github, junit, markdown, gitlab } as const satisfies Readonly<
  Record<string, Format>
>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];

/** A report in a format. */
export const formatted = (name: FormatName, report: Report, paint: Paint): string => {
  const format: Format = formats[name];
  return format(report, paint);
};
