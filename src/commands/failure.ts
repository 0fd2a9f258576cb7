import { CommanderError } from 'commander';
import { openTerminal } from '../edge/terminal.ts';
import { Cancelled, UserError } from '../errors.ts';
import { toJson } from '../report/json.ts';
import type { CommonOptions } from './context.ts';

/** Says what went wrong, and with which exit code the run ends. The only place where failures become words. */
export function failure(error: unknown, { json = false, color = true }: CommonOptions): number {
  const terminal = openTerminal({ json, color, quiet: false, verbose: false, yes: true });
  const { red, dim, mark } = terminal.paint;
  const say = (message: string, hint: string, exitCode: number): number => {
    if (json) terminal.document(toJson('error', { schema: 'backend-skills/error/1', message, hint, exitCode }));
    terminal.complain(`${red(mark.bad)} ${message}${hint === '' ? '' : `\n  ${dim(mark.arrow)} ${hint}`}`);
    return exitCode;
  };
  if (error instanceof CommanderError)
    return say(error.message.replace(/^error: /, ''), 'See: backend-skills --help', 2);
  if (error instanceof Cancelled) return say(error.message, '', 130);
  if (error instanceof UserError) return say(error.message, error.hint, 2);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return say('backend-skills failed in a way it should not.', `Please report this, with the command:\n${stack}`, 70);
}
