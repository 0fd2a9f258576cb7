import type { Auditing } from './audit-parts.ts';
import { type ReportFlags, reportFlags } from './report-flags.ts';

/** How doctor is to look and what it is to do. */
export interface DoctorOptions extends ReportFlags, Auditing {
  strict: boolean | null;
  /** A commit: only files that differ from where the history parted from it. */
  changedSince: string | null;
  /** Writes what is found now as the baseline. */
  updateBaseline: boolean;
  /** Ends with 0 whatever is found; a run that is incomplete still ends with 3. */
  exitZero: boolean;
  /** 'file:line' to explain instead. */
  why: string | null;
  /** Lists the rules instead. */
  rules: boolean;
  /** Mends what can be mended safely instead; with `dryRun` shows it only. */
  fix: boolean;
  dryRun: boolean;
  /** Mends files that are not committed, too. */
  force: boolean;
  /** The file that the report goes to as a page; null for none. */
  html: string | null;
}

/** The parsed options as doctor wants them. */
export function doctorOptions(options: Readonly<Record<string, unknown>>): DoctorOptions {
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const word = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    ...reportFlags(options),
    only: list(options.only),
    skip: list(options.skip),
    changedSince: word(options.changedSince),
    baseline: options.baseline !== false,
    updateBaseline: options.updateBaseline === true,
    exitZero: options.exitZero === true,
    why: word(options.why),
    rules: options.rules === true,
    fix: options.fix === true,
    dryRun: options.dryRun === true,
    force: options.force === true,
    html: word(options.html),
  };
}
