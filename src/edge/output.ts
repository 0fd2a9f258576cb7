import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { codeOf } from './files.ts';

/** Writes a report where the user wants it, whole or over an older one. Throws UserError where that cannot be. */
export function writeReport(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${text}\n`);
  } catch (error) {
    throw new UserError(
      `The report cannot be written to ${path} (${codeOf(error) ?? String(error)}).`,
      'Name a file that can be written with --output <file>.',
    );
  }
}

/** Appends to the summary of the step, where GitHub Actions runs us; gives whether there is one. */
export function appendStepSummary(text: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const path = env.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return false;
  try {
    appendFileSync(path, `${text}\n\n`);
    return true;
  } catch {
    // A summary that cannot be written must not fail the check.
    return false;
  }
}
