import { asObject, readJson } from '../../detect/json.ts';
import { resolveImport } from '../../detect/modules.ts';
import type { Syntax } from '../../text/syntax.ts';
import { exportNode, type Place } from '../code/exports.ts';
import { topLevel } from '../code/names.ts';
import type { Source } from '../code/source.ts';
import { moduleBeyond } from '../code/workspace.ts';
import type { Project } from '../project.ts';

/** True for a parameter whose type may be a class with decorators that Nest's pipe checks: not `unknown`, an interface or a type, and nothing where no package decorates. */
export function isOfClass(source: Source, body: Syntax): boolean {
  const type = /:\s*([A-Z]\w*)\s*$/.exec(source.textOf(body))?.[1];
  if (type === undefined) return false;
  if (new RegExp(`\\b(interface|type)\\s+${type}\\b`).test(source.text)) return false;
  const place = importedAs(source, type);
  if (/^TS(InterfaceDeclaration|TypeAliasDeclaration)$/.test(place?.node.type ?? '')) return false;
  return [source.project, ...(place ? [place.source.project] : [])].some(decorates);
}

/** True where the project, or the workspace around it, has the decorators that the pipe asks. */
const decorates = (project: Project): boolean =>
  project.has('class-validator') || (project.around !== null && isIn(readJson(project.around.tree, 'package.json')));

const isIn = (manifest: ReturnType<typeof readJson>): boolean =>
  ['dependencies', 'devDependencies'].some((kind) => asObject(manifest?.[kind])?.['class-validator'] !== undefined);

/** What a file, or another package of the workspace, exports under the name that a file imports. */
function importedAs(source: Source, name: string): Place | null {
  const imported = topLevel(source).get(name)?.imported;
  if (!imported) return null;
  const { project } = source;
  const own = resolveImport(project.tree, source.path, imported.from);
  const file = own === null ? moduleBeyond(project, imported.from) : { project, path: own };
  return file && exportNode(file.project, file.path, imported.name);
}
