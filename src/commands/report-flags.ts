import { UserError } from '../errors.ts';
import type { Severity } from '../model.ts';
import { type FormatName, formatNames } from '../report/formats/index.ts';
import type { Reporting } from '../settings/read.ts';

/** What the flags of a command that reports findings ask for; null is for the settings, then the defaults to say. */
export interface ReportFlags {
  format: FormatName | null;
  output: string | null;
  /** Findings at or above it end the run with 1. */
  failOn: Severity | null;
  strict: boolean | null;
}

/** The parsed options as a report wants them. `--json` is `--format json`. Throws UserError for two formats. */
export function reportFlags(options: Readonly<Record<string, unknown>>): ReportFlags {
  const asked = options.json === true ? 'json' : options.format;
  if (options.json === true && options.format !== undefined && options.format !== 'json')
    throw new UserError(`--json and --format ${options.format} exclude each other.`, 'Leave one of them out.');
  return {
    format: formatNames.find((name) => name === asked) ?? null,
    output: typeof options.output === 'string' ? options.output : null,
    failOn: (['error', 'warning', 'info'] as const).find((severity) => severity === options.failOn) ?? null,
    strict: typeof options.strict === 'boolean' ? options.strict : null,
  };
}

/** The flags over the settings over the defaults. */
export const reportingWith = (flags: ReportFlags, settings: Reporting) => ({
  format: flags.format ?? settings.format ?? 'text',
  output: flags.output,
  failOn: flags.failOn ?? settings.failOn ?? 'error',
  strict: flags.strict ?? settings.strict,
});
