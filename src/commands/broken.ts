import { followImports } from '../detect/modules.ts';
import { isCode } from '../detect/paths.ts';
import { UserError } from '../errors.ts';
import type { AppSite, Host, Unplaced } from '../model.ts';
import { firstSyntaxError } from '../patch/source.ts';
import { parse } from '../text/syntax.ts';

/**
 * Refuses a project whose app was not found while a file on the way to it has a syntax error: that the app is not
 * there would be a guess. Throws a UserError that names the file and the line.
 */
export function refuseBroken(site: AppSite | Unplaced, { tree, profile }: Host): void {
  const entry = profile.entry.value;
  if ('places' in site || entry === null) return;
  for (const path of followImports(tree, entry)) {
    const text = isCode(path) ? tree.read(path) : null;
    if (text === null || parse(text, path) !== null) continue;
    const error = firstSyntaxError(text, path);
    const where = error === null ? '' : ` at line ${error.line} (${error.message})`;
    throw new UserError(`${path} has a syntax error${where}.`, `Correct ${path}, then run it again.`);
  }
}
