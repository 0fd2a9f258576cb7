import { dotted, keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf } from './exports.ts';
import { originOf, parametersOf } from './names.ts';
import type { Reach } from './reach.ts';
import { type Spot, textAt } from './source.ts';

/** How a call on an app is told: rows of data, the first that fits decides. */
export interface Rule {
  /** `harmless`: reads no body and refuses nobody. `last`: what comes after it is not reached. `end`: the app is complete. */
  kind: 'harmless' | 'parser' | 'last' | 'end';
  methods: readonly string[];
  /** The first argument's literal path. */
  path?: RegExp;
  /** Every handler comes from one of these packages. */
  modules?: readonly string[];
  /** A handler is called so. */
  named?: RegExp;
  /** A handler written in place says so. */
  says?: RegExp;
  /** A handler declares one of these numbers of parameters. */
  parameters?: readonly number[];
}

/** A call of a method on an app. */
export interface AppCall {
  method: string;
  spot: Spot;
  arguments: readonly Syntax[];
}

/** The call that a use of the app is the object of; null where it is anything else. */
export function callOn({ source, node }: Spot): AppCall | null {
  const member = source.parents.get(node);
  const call = member && source.parents.get(member);
  if (member?.type !== 'MemberExpression' || member.object !== node || member.property.type !== 'Identifier')
    return null;
  if (call?.type !== 'CallExpression' || call.callee !== member) return null;
  return { method: member.property.name, spot: { source, node: call }, arguments: call.arguments };
}

/** The first rule that fits a call, by its kind; null where none does. What another module of ours adds is harmless. */
export function kindOf(reach: Reach, call: AppCall, rules: readonly Rule[]): Rule['kind'] | null {
  if (addsOurs(reach, call)) return 'harmless';
  return rules.find((rule) => fits(reach, call, rule))?.kind ?? null;
}

function addsOurs(reach: Reach, { spot: { source }, arguments: given }: AppCall): boolean {
  const files = given.map((node) => {
    const origin = originOf({ source, node });
    return origin && reach.resolve(source, origin.from);
  });
  return files.some((file) => file && reach.ours(file.path));
}

function fits(reach: Reach, call: AppCall, rule: Rule): boolean {
  if (!rule.methods.includes(call.method)) return false;
  const [first] = call.arguments;
  const path = first ? pathOf(first, call.spot) : null;
  if (rule.path && (path === null || !rule.path.test(path))) return false;
  const handlers = call.arguments
    .filter((argument) => stringValue(argument) === null)
    .map((node) => ({ ...call.spot, node }));
  if (rule.modules && !(handlers.length > 0 && handlers.every((handler) => comesFrom(handler, rule.modules ?? []))))
    return false;
  if (rule.named && !handlers.some((handler) => rule.named?.test(handlerName(handler)))) return false;
  if (rule.says && !handlers.some((handler) => parametersOf(unwrap(handler.node)) && rule.says?.test(textAt(handler))))
    return false;
  const { parameters } = rule;
  return !parameters || handlers.some((handler) => parameters.includes(arity(reach, handler)));
}

/** A literal path, or a regular expression's source between slashes. */
function pathOf(node: Syntax, { source }: Spot): string | null {
  const inner = unwrap(node);
  return inner.type === 'Literal' && 'regex' in inner ? textAt({ source, node: inner }) : stringValue(inner);
}

function comesFrom({ source, node }: Spot, modules: readonly string[]): boolean {
  const inner = unwrap(node);
  const origin = originOf({ source, node: inner.type === 'CallExpression' ? inner.callee : inner });
  if (origin) return modules.includes(origin.from);
  return inner.type === 'CallExpression' && comesFrom({ source, node: inner.callee }, modules);
}

/** What the handlers of a call are called; '' for those written in place. */
export const handlerNames = (call: AppCall): string[] =>
  call.arguments.map((node) => handlerName({ ...call.spot, node }));

function handlerName({ node }: Spot): string {
  const inner = unwrap(node);
  return dotted(inner.type === 'CallExpression' ? inner.callee : inner) ?? '';
}

/** How many parameters a handler declares; -1 where it is made by a call or not found. */
export function arity(reach: Reach, { source, node }: Spot): number {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') return -1;
  const definition = definitionOf(reach, { source, node: inner });
  return definition ? (parametersOf(definition.node)?.length ?? -1) : -1;
}

/** The path an argument of a route call says: a string, or `url`, `path` or `prefix` of an object. */
export function routePath(argument: Syntax): string | null {
  if (argument.type !== 'ObjectExpression') return stringValue(argument);
  for (const property of argument.properties)
    if (property.type === 'Property' && ['url', 'path', 'prefix'].includes(keyOf(property) ?? ''))
      return stringValue(property.value);
  return null;
}
