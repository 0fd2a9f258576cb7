import Handlebars from 'handlebars';
import { faultInMarks } from './marks.ts';

/** The nodes of a Handlebars template that a skill may use. */
type Expression =
  | { type: 'PathExpression'; data: boolean; depth: number; parts: readonly string[]; original: string }
  | { type: 'SubExpression'; path: Expression; params: readonly Expression[]; hash?: unknown }
  | { type: 'StringLiteral'; value: string; original: unknown }
  | { type: 'NumberLiteral'; value: number; original: unknown }
  | { type: 'BooleanLiteral'; value: boolean; original: unknown }
  | { type: 'UndefinedLiteral'; value?: never; original: unknown }
  | { type: 'NullLiteral'; value?: never; original: unknown };
type PathExpression = Extract<Expression, { type: 'PathExpression' }>;
interface Program {
  body: readonly Statement[];
  blockParams?: readonly string[];
}
interface Block {
  type: 'BlockStatement';
  path: Expression;
  params: readonly Expression[];
  hash?: unknown;
  program?: Program;
  inverse?: Program;
}
type Statement =
  | { type: 'ContentStatement' | 'CommentStatement'; value: string }
  | { type: 'MustacheStatement'; path: Expression; params: readonly Expression[]; hash?: unknown }
  | Block;

/** One level of `each` or `with`: what `this` is, and what the block named. */
interface Scope {
  self: unknown;
  data: Readonly<Record<string, unknown>>;
  params: Readonly<Record<string, unknown>>;
  outer: Scope | null;
}

interface Run {
  template: string;
  /** False in a branch that is not taken: it is walked for its names only. */
  live: boolean;
  /** Told every name that is looked up in the context itself. */
  seen: (name: string) => void;
  /** How many blocks and expressions lie around the place. */
  depth: number;
  /** What the whole rendering has cost so far. */
  spent: { steps: number; characters: number };
}

/** What a template may cost: far more than one of ours does, and little enough for one that means harm. */
const limits = { depth: 100, steps: 200_000, characters: 4_000_000 };

/** Stands for a value that is not known: an item of an empty list, or the whole context when only names are asked for. */
const unknown = Symbol('unknown');
const none: Readonly<Record<string, unknown>> = {};

/** A template's text with its variables filled in. Throws an Error that names the template and what is wrong in it. */
export function renderTemplate(template: string, context: Readonly<Record<string, unknown>>, name: string): string {
  const scope: Scope = { self: context, data: none, params: none, outer: null };
  return renderProgram(parse(template, name), scope, { ...fresh(), template: name, live: true });
}

/** The names that a template asks of its context, sorted. Throws an Error where it is no template of ours. */
export function templateVariables(template: string): string[] {
  const names = new Set<string>();
  const scope: Scope = { self: unknown, data: none, params: none, outer: null };
  const run: Run = { ...fresh(), template: 'the template', live: false, seen: (name) => names.add(name) };
  renderProgram(parse(template, run.template), scope, run);
  return [...names].sort();
}

const fresh = () => ({ seen: () => {}, depth: 0, spent: { steps: 0, characters: 0 } });

function parse(template: string, name: string): Program {
  const fault = faultInMarks(template);
  if (fault !== null) throw new Error(`${name}: ${fault}`);
  try {
    // The types of the package do not tell its nodes apart; what is none of ours is refused by its type below.
    return Handlebars.parse(template.replaceAll('\r\n', '\n')) as unknown as Program;
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const fail = (run: Run, message: string): never => {
  throw new Error(`${run.template}: ${message}`);
};

/** One level further in. */
function within(run: Run): Run {
  if (run.depth >= limits.depth) fail(run, `it is nested more than ${limits.depth} levels deep`);
  return { ...run, depth: run.depth + 1 };
}

function spend(run: Run, text: string): string {
  run.spent.steps += 1;
  run.spent.characters += text.length;
  if (run.spent.steps > limits.steps) fail(run, `it takes more than ${limits.steps} steps`);
  if (run.spent.characters > limits.characters) fail(run, `it writes more than ${limits.characters} characters`);
  return text;
}

function renderProgram(program: Program | undefined, scope: Scope, outer: Run): string {
  if (program === undefined) return '';
  const run = within(outer);
  return program.body.map((statement) => renderStatement(statement, scope, run)).join('');
}

// Handlebars would compile the template to a function; walking its tree instead keeps a hostile template from code,
// prototypes and helpers, and finds an unknown name in a branch that is not taken.
function renderStatement(statement: Statement, scope: Scope, run: Run): string {
  if (statement.type === 'ContentStatement') return spend(run, run.live ? statement.value : '');
  if (statement.type === 'CommentStatement') return spend(run, '');
  if (statement.type === 'BlockStatement') return renderBlock(statement, scope, run);
  if (statement.type !== 'MustacheStatement')
    return fail(run, `a ${String(Reflect.get(statement, 'type'))} is not allowed`);
  const { path, params, hash } = statement;
  const value =
    params.length > 0 || hash
      ? evaluate({ type: 'SubExpression', path, params, hash }, scope, run)
      : evaluate(path, scope, run);
  if (value === unknown) return spend(run, '');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return spend(run, run.live ? String(value) : '');
  return run.live ? fail(run, `"${nameOf(path)}" is not a text`) : '';
}

const nameOf = (expression: Expression): string =>
  expression.type === 'SubExpression' ? nameOf(expression.path) : String(expression.original);

const isEmpty = (value: unknown): boolean => !value || (Array.isArray(value) && value.length === 0);

function renderBlock({ path, params, hash, program, inverse }: Block, scope: Scope, run: Run): string {
  const kind = nameOf(path);
  const [subject] = params;
  spend(run, '');
  if (!['if', 'unless', 'each', 'with'].includes(kind)) return fail(run, `there is no block "${kind}"`);
  if (!subject || params.length > 1 || hash) return fail(run, `"${kind}" takes one value`);
  const value = evaluate(subject, scope, run);
  const empty = isEmpty(value) || (kind === 'each' && Object.keys(Object(value)).length === 0);
  const holds = value !== unknown && empty === (kind === 'unless');
  const otherwise = value !== unknown && !holds;
  const taken = { ...run, live: run.live && holds };
  // Both ways are walked, so that a name in the other one is checked too.
  const rest = renderProgram(inverse, scope, { ...run, live: run.live && otherwise });
  let main: string;
  if (kind === 'each') {
    main = (holds ? entries(value, nameOf(subject), run) : [unknownEntry])
      .map(({ item, data }) => renderProgram(program, enter(item, [item, data.key], program, scope, data), taken))
      .join('');
  } else if (kind === 'with') {
    const self = holds ? value : unknown;
    main = renderProgram(program, enter(self, [self], program, scope, scope.data), taken);
  } else main = renderProgram(program, scope, taken);
  if (holds) return main;
  return otherwise ? rest : '';
}

interface Entry {
  item: unknown;
  data: Readonly<Record<'key' | 'index' | 'first' | 'last', unknown>>;
}
const unknownEntry: Entry = { item: unknown, data: { key: unknown, index: unknown, first: unknown, last: unknown } };

function entries(list: unknown, name: string, run: Run): Entry[] {
  if (typeof list !== 'object' || list === null) return fail(run, `"${name}" is not a list`);
  const all: [string | number, unknown][] = Array.isArray(list) ? [...list.entries()] : Object.entries(list);
  return all.map(([key, item], index) => {
    return { item, data: { key, index, first: index === 0, last: index === all.length - 1 } };
  });
}

/** A block's inner scope: `values` are what its names (`as |item key|`) stand for. */
function enter(
  self: unknown,
  values: readonly unknown[],
  program: Program | undefined,
  outer: Scope,
  data: Scope['data'],
): Scope {
  const named = (program?.blockParams ?? []).map((name, index) => [name, values[index]] as const);
  return { self, data, params: { ...outer.params, ...Object.fromEntries(named) }, outer };
}

function evaluate(expression: Expression, scope: Scope, outer: Run): unknown {
  const run = within(outer);
  if (expression.type === 'PathExpression') return lookUp(expression, scope, run);
  if (expression.type !== 'SubExpression') return expression.value ?? null;
  const { path, params, hash } = expression;
  const [left, right, ...more] = params;
  const kind = nameOf(path);
  if (kind !== 'eq' && kind !== 'includes') return fail(run, `there is no function "${kind}"`);
  if (!left || !right || hash) return fail(run, `"${kind}" takes two values`);
  if (kind === 'eq' && more.length > 0) return fail(run, '"eq" takes two values');
  const [one, ...others] = [left, right, ...more].map((param) => evaluate(param, scope, run));
  if (one === unknown || others.includes(unknown)) return unknown;
  if (kind === 'eq') return one === others[0];
  if (Array.isArray(one)) return others.some((other) => one.includes(other));
  return run.live ? fail(run, '"includes" takes a list and what may be in it') : unknown;
}

function lookUp({ data, depth, parts, original }: PathExpression, scope: Scope, run: Run): unknown {
  const [head, ...members] = parts;
  if (data) {
    if (depth > 0 || head === undefined || members.length > 0 || !Object.hasOwn(scope.data, head))
      return fail(run, `unknown variable "${original}"`);
    return scope.data[head];
  }
  const scoped = /^(\.\/|this\b)/.test(original);
  if (depth === 0 && !scoped && head !== undefined && Object.hasOwn(scope.params, head))
    return members.reduce<unknown>((value, key) => member(value, key, original, run), scope.params[head]);
  let from: Scope | null = scope;
  for (let level = 0; level < depth && from; level++) from = from.outer;
  if (!from) return fail(run, `"${original}" leads out of the context`);
  if (!from.outer && head !== undefined) run.seen(head);
  return parts.reduce<unknown>((value, key) => member(value, key, original, run), from.self);
}

/** An own member of a plain value; nothing inherited, nothing of a text or a function. */
function member(value: unknown, key: string, path: string, run: Run): unknown {
  if (value === unknown) return unknown;
  // Behind a guard that did not hold (`{{#if user}}{{user.name}}{{/if}}`) there is nothing to look into.
  if ((value === null || value === undefined) && !run.live) return unknown;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
    return fail(run, `unknown variable "${path}"`);
  const found: unknown = Reflect.get(value, key);
  return found === undefined ? null : found;
}

/** A file name with its `{{variables}}` filled in. Throws an Error for an unknown one, and for a value that leads away. */
export function renderPath(path: string, context: Readonly<Record<string, unknown>>): string {
  const filled = path.replace(/\{\{([^{}]*)\}\}/g, (_, inner: string, at: number) => {
    const name = inner.trim();
    const value = Object.hasOwn(context, name) ? context[name] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`${path}: unknown variable "${name}"`);
    const text = String(value);
    // A slash may lead a value in the middle of a path ('{{route}}{{mount}}'), not the path itself.
    if (/\.\.|[\0\\]/.test(text) || (at === 0 && text.startsWith('/')))
      throw new Error(`${path}: "${name}" leads away: ${JSON.stringify(text)}`);
    return text;
  });
  if (/\{\{|\}\}/.test(filled)) throw new Error(`${path}: a {{variable}} is not closed`);
  // An empty folder (the project's root) leaves no slash behind.
  return path.startsWith('/') ? filled : filled.replace(/\/{2,}/g, '/').replace(/^\//, '');
}
