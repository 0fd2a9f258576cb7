import type { Change } from '../model.ts';
import { unifiedDiff } from '../text/diff.ts';

/**
 * A change as the lines of a unified diff. Of a file that holds secrets only the lines that change are shown, without
 * their values: a preview ends up in logs.
 */
export function changeLines({ path, before, after }: Change, context: number): string[] {
  return holdsSecrets(path)
    ? unifiedDiff(masked(before), masked(after), path, 0)
    : unifiedDiff(before, after, path, context);
}

/** `.env`, `.env.local`, `.dev.vars` and their kind, in any folder; not the examples, which are made to be shared. */
function holdsSecrets(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^\.(env|dev\.vars)(\.|$)/.test(name) && !/\.(example|sample|template|dist|defaults)$/.test(name);
}

// The line break of the last line is part of it, so that appending behind it does not show it as changed.
const masked = (text: string | null): string | null =>
  text === null ? null : text.replace(/[^\n]$/, '$&\n').replaceAll(/[^\r\n]+/g, maskedLine);

function maskedLine(line: string): string {
  const [, name, value = ''] = /^(\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=)(.*)$/.exec(line) ?? [];
  if (name === undefined) return '***';
  return value.trim() === '' ? line : `${name}***`;
}
