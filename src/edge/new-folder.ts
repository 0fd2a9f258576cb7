import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { asUserError, codeOf, makeFolders, realFiles, writeNew } from './files.ts';

/** Writes texts into a new folder, by their paths in it. Throws a UserError where something stands there already. */
export function writeNewFolder(folder: string, texts: ReadonlyMap<string, string>): void {
  try {
    makeFolders(realFiles, dirname(folder));
    mkdirSync(folder);
    for (const [path, text] of texts) {
      makeFolders(realFiles, dirname(join(folder, path)));
      writeNew(realFiles, join(folder, path), Buffer.from(text));
    }
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new UserError(`${folder} is there already.`, 'Choose another name, or delete what is there.');
    throw asUserError(error, 'Writing to', folder);
  }
}
