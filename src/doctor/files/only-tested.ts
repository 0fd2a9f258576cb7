import { mayImport } from '../code/browser.ts';
import { kindOf, type Project } from '../project.ts';

/** True for a file that tests import and nothing else does: no program reaches what stands in it. */
export function isOnlyTested(project: Project, path: string): boolean {
  const importers = mayImport(project, path);
  return importers.length > 0 && importers.every((one) => kindOf(one, project.tree.read(one) ?? '') === 'test');
}
