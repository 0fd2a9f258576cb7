import { isCode } from '../../detect/paths.ts';
import { type Syntax, unwrap } from '../../text/syntax.ts';
import { functionName } from '../code/background.ts';
import { mayImport } from '../code/browser.ts';
import { callsOf } from '../code/callers.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { everyNode, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { kindOf, type Project } from '../project.ts';

/** True where a function around, or all that call it in its file, are given to one that races them against a timer: `export default inTime(handler)`. */
export function isRacedAround(source: Source, node: Syntax, depth = 1): boolean {
  const around = [...source.above(node)].filter(isFunction);
  if (around.some((fn) => isGivenToRace(source, fn))) return true;
  const outer = around.at(-1);
  const calls = outer && depth > 0 && !isGivenAway(source, outer) ? callsOf(source, outer) : [];
  return calls.length > 0 && calls.every(({ source: from, call }) => isRacedAround(from, call, depth - 1));
}

const races = /\bPromise\.race\(/;
const timers = /\bsetTimeout\(|timeout/i;

/** True where all that the file hands the function to are the project's own and race it. */
function isGivenToRace(source: Source, fn: FunctionSyntax): boolean {
  const takers = new Set<Extract<Syntax, { type: 'CallExpression' }>>();
  everyNode(source.program, (node) => {
    if (node.type === 'CallExpression' && node.arguments.some((one) => isSame(source, one, fn))) takers.add(node);
  });
  return (
    takers.size > 0 &&
    [...takers].every(({ callee }) => {
      const place = definitionOf(source, callee);
      const text = place ? place.source.textOf(place.node) : '';
      return races.test(text) && timers.test(text);
    })
  );
}

function isSame(source: Source, given: Syntax, fn: FunctionSyntax): boolean {
  const node = unwrap(given);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  return node === fn || binding?.declaration === fn || (binding?.init ? unwrap(binding.init) === fn : false);
}

/** `export const load = …`: others may call it without a race. */
const isGivenAway = (source: Source, fn: FunctionSyntax): boolean =>
  [...source.above(fn)].some(({ type }) => /^Export/.test(type)) ||
  /\b(module\.)?exports\b/.test(source.textOf(source.parentOf(fn) ?? fn).slice(0, 60));

const known = new WeakMap<Project, boolean>();

/** True where an interceptor of Nest ends every request by rxjs' timeout(): no answer waits for ever, whatever its handler asks. */
export function isAnsweredInTime(project: Project): boolean {
  if (!project.has('@nestjs/core')) return false;
  const before = known.get(project);
  if (before !== undefined) return before;
  const texts = project.files.flatMap((path) => (isCode(path) ? [project.tree.read(path) ?? ''] : []));
  const limiting = texts.flatMap((text) =>
    /\.handle\(\)[\s\S]{0,80}?\btimeout(With)?\(/.test(text)
      ? [...(/\bclass\s+(\w+)[^{]*\bimplements\s+[^{]*\bNestInterceptor\b/.exec(text)?.slice(1) ?? [])]
      : [],
  );
  const found = limiting.some((name) => {
    const isGlobal = new RegExp(`\\b(APP_INTERCEPTOR\\b[^}]{0,120}|useGlobalInterceptors\\([^;]{0,300})\\b${name}\\b`);
    return texts.some((text) => isGlobal.test(text));
  });
  known.set(project, found);
  return found;
}

/** True in a method of something injectable that nothing of the project calls: its name stands nowhere else. */
export function isUncalled(source: Source, node: Syntax): boolean {
  const method = [...source.above(node)].find(({ type }) => type === 'MethodDefinition');
  const owner = method && [...source.above(method)].find(({ type }) => type === 'ClassDeclaration');
  if (method?.type !== 'MethodDefinition' || owner?.type !== 'ClassDeclaration') return false;
  const isKnownOtherwise =
    owner.superClass !== null || (owner.implements?.length ?? 0) > 0 || (method.decorators?.length ?? 0) > 0;
  const isInjectable = owner.decorators?.some((one) => /^@Injectable\b/.test(source.textOf(one))) === true;
  if (isKnownOtherwise || !isInjectable || method.kind !== 'method' || method.key.type !== 'Identifier') return false;
  const named = new RegExp(`\\b${method.key.name.replace(/\$/g, '\\$')}\\b`, 'g');
  const { project } = source;
  // Another package may call it.
  if (project.around !== null) return false;
  const count = project.files.reduce(
    (sum, path) => sum + (isCode(path) ? ((project.tree.read(path) ?? '').match(named)?.length ?? 0) : 0),
    0,
  );
  return count === 1;
}

/** Names that frameworks ask a file for. */
const asked =
  /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|default|handler|loader|action|middleware|proxy|register|load|generate\w*|get(ServerSideProps|StaticProps|StaticPaths)|on[A-Z]\w*|up|down|run|main|setup|config)$/;

/** True in a function that a file gives away by a name that it says once, and none of the files that import it says. */
export function isAskedByNobody(source: Source, node: Syntax): boolean {
  const outer = [...source.above(node)].filter(isFunction).at(-1);
  // A method, or a part of an object, is asked for by whoever holds it.
  const holder = outer && [...source.above(outer)].find(({ type }) => !/^Variable/.test(type));
  const name = outer && functionName(source, outer);
  // Another package may call it.
  if (!name || holder?.type !== 'ExportNamedDeclaration' || asked.test(name) || source.project.around !== null)
    return false;
  const { project, path, text } = source;
  const named = new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\b`, 'g');
  if ((text.match(named)?.length ?? 0) > 1) return false;
  const stem = path.replace(/(\/index)?\.\w+$/, '').replace(/^.*\//, '');
  const givesAll = new RegExp(`\\bexport\\s*\\*\\s*from\\s*['"][^'"]*${stem.replace(/[^\w-]/g, '.')}`);
  const texts = mayImport(project, path).map((one) => ({
    kind: kindOf(one, project.tree.read(one) ?? ''),
    text: project.tree.read(one) ?? '',
  }));
  const live = texts.filter(({ kind }) => kind !== 'test');
  return live.length > 0 && !live.some((one) => one.text.match(named) || givesAll.test(one.text));
}
