import { resolve } from 'node:path';
import pkg from '../../package.json' with { type: 'json' };
import { appendStepSummary, writeReport } from '../edge/output.ts';
import type { RuleDescription } from '../model.ts';
import { type FormatName, formatted } from '../report/formats/index.ts';
import { exitCodeOf, type Report } from '../report/report.ts';
import type { Context, ExitCode } from './context.ts';

/** How findings are to be printed, and where. */
export interface Publishing {
  format: FormatName;
  /** The file that the report goes to, from the working folder; null for standard output. */
  output: string | null;
}

/** The tool that a report names. */
export const toolOf = (command: Report['tool']['command'], rules: readonly RuleDescription[]): Report['tool'] => ({
  command,
  version: pkg.version,
  rules,
});

/**
 * Prints a report as it is asked for, or writes it to a file and tells a person the same as text. Gives the exit code.
 * For GitHub the summary of the step is written beside the annotations.
 */
export function publish(report: Report, { format, output }: Publishing, { terminal, cwd }: Context): ExitCode {
  const text = formatted(format, report, terminal.paint);
  if (output !== null) {
    writeReport(resolve(cwd, output), text);
    terminal.say(formatted('text', report, terminal.paint));
  } else if (format === 'text') terminal.say(text);
  else terminal.document(text);
  if (format === 'github') appendStepSummary(formatted('markdown', report, terminal.paint));
  return exitCodeOf(report);
}
