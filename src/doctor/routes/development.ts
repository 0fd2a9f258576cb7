import { importsOf, resolveImport } from '../../detect/modules.ts';
import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { importersOf } from '../code/browser.ts';
import { everyNode, isFunction, type Source, sourceAt } from '../code/source.ts';

const files = /(^|\/)((debug|dev|development)|dev-(?!to\b)[\w.-]+|[\w.-]+\.dev(elopment)?)\.[cm]?[jt]sx?$/;
const deepest = 3;

/**
 * True for code that does not run in production: `if (isDev) app.get(…)`, the other arm of what is for production, what
 * stands after `if (isProduction) return`, a function or class that such code alone uses, a file that is named for it,
 * what is given Vite's server.
 */
export function isForDevelopment(source: Source, node: Syntax, depth = 0): boolean {
  if (files.test(source.path) || isOfVite(source, node)) return true;
  let inner = node;
  for (const parent of source.above(node)) {
    if (isLeftTo(parent, inner)) return true;
    const name = nameOf(source, parent);
    if (name !== null && depth < deepest && isUsedThere(source, parent, name, depth + 1)) return true;
    inner = parent;
  }
  return false;
}

/** What makes Vite's server, or is given it: pages are put together by it while somebody develops. */
function isOfVite(source: Source, node: Syntax): boolean {
  if (!/vite/i.test(source.text)) return false;
  const says = (one: Syntax, what: RegExp): boolean => what.test(source.textOf(one));
  const isAlone = !/prod|NODE_ENV/i.test(source.text);
  if (isAlone && says(node, /\.transformIndexHtml\(/)) return true;
  for (const parent of source.above(node)) {
    if (!isFunction(parent)) continue;
    if (parent.params.some((one) => says(one, /:\s*ViteDevServer\b/))) return true;
    if (isAlone && says(parent, /\bmiddlewareMode\s*:/)) return true;
  }
  return false;
}

/** True where a parent runs a part of itself in development only. */
function isLeftTo(parent: Syntax, inner: Syntax): boolean {
  switch (parent.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return (
        (parent.consequent === inner && isDevelopment(parent.test)) ||
        (parent.alternate === inner && isProduction(parent.test))
      );
    case 'LogicalExpression':
      return parent.right === inner && parent.operator === '&&' && isDevelopment(parent.left);
    case 'BlockStatement':
      return parent.body.some(
        (one) =>
          one.end <= inner.start && one.type === 'IfStatement' && leaves(one.consequent) && isProduction(one.test),
      );
    default:
      return false;
  }
}

function leaves(statement: Syntax): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** A condition that holds in development, or in tests, alone. */
function isDevelopment(test: Syntax): boolean {
  const node = unwrap(test);
  if (node.type === 'UnaryExpression') return node.operator === '!' && isProduction(node.argument);
  if (node.type === 'LogicalExpression')
    return node.operator === '&&'
      ? isDevelopment(node.left) || isDevelopment(node.right)
      : isDevelopment(node.left) && isDevelopment(node.right);
  return node.type === 'BinaryExpression' ? compares(node, '!', '=') : named(node, developing);
}

/** A condition that holds in production, at least: where it does not, somebody develops. */
function isProduction(test: Syntax): boolean {
  const node = unwrap(test);
  if (node.type === 'UnaryExpression') return node.operator === '!' && isDevelopment(node.argument);
  if (node.type === 'LogicalExpression')
    return node.operator === '&&'
      ? isProduction(node.left) && isProduction(node.right)
      : isProduction(node.left) || isProduction(node.right);
  return node.type === 'BinaryExpression' ? compares(node, '=', '!') : named(node, producing);
}

const developing =
  /^(is_?(dev|test|e2e)(elopment|ing)?(_?(mode|env\w*|build))?|(\w+_)?e2e(_\w+)?|__dev__|dev|dev_?mode)$/i;
const producing = /^(is_?prod(uction)?(_?(mode|env\w*|build))?|__prod__|prod|production)$/i;

/** `NODE_ENV === 'production'`, `app.get('env') !== 'development'`: by the sign that each of the words needs. */
function compares(
  { left, right, operator }: Extract<Syntax, { type: 'BinaryExpression' }>,
  production: '=' | '!',
  development: '=' | '!',
): boolean {
  if (!/^[!=]==?$/.test(operator) || left.type === 'PrivateIdentifier') return false;
  const [word, other] = stringValue(right) === null ? [stringValue(left), right] : [stringValue(right), left];
  if (word === null || !asksEnvironment(unwrap(other))) return false;
  if (/^prod/i.test(word)) return operator.startsWith(production);
  return /^(dev|test)/i.test(word) && operator.startsWith(development);
}

/** `process.env.NODE_ENV`, `config.get('env')`, `mode`. */
function asksEnvironment(node: Syntax): boolean {
  if (node.type === 'CallExpression')
    return asksEnvironment(unwrap(node.callee)) || node.arguments.some((one) => envs.test(stringValue(one) ?? ''));
  return envs.test(lastName(node));
}
const envs = /^(\w*_)?(env|environment|mode|stage)$|env(ironment)?$/i;

/** `isDev`, `config.isDev`, `isDev()`, `config.get('IS_DEV')`, `process.argv.includes('--dev')`. */
function named(node: Syntax, names: RegExp): boolean {
  if (node.type !== 'CallExpression') return names.test(lastName(node));
  const called = lastName(unwrap(node.callee));
  const asked = /^(get|getOrThrow)$/.test(called) ? /^(?:--)?(\w+)$/ : /^--(\w+)$/;
  const given = node.arguments.map((one) => asked.exec(stringValue(one) ?? '')?.[1] ?? '');
  return names.test(called) || given.some((one) => names.test(one));
}

function lastName(node: Syntax): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return '';
  return node.property.type === 'Identifier' ? node.property.name : (stringValue(node.property) ?? '');
}

/** The name that a function or class has in its file: what is used by that name runs nowhere else. */
function nameOf(source: Source, node: Syntax): string | null {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id?.name ?? null;
  const holder = isFunction(node) ? source.parentOf(node) : null;
  return holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id.name : null;
}

const known = new WeakMap<Source, Map<Syntax, boolean>>();

/** True where a function or class is used, and by code of development alone. */
function isUsedThere(source: Source, declared: Syntax, name: string, depth: number): boolean {
  const inFile = known.get(source) ?? new Map<Syntax, boolean>();
  known.set(source, inFile);
  const before = inFile.get(declared);
  if (before !== undefined) return before;
  inFile.set(declared, false);
  const is = areUsesThere(source, declared, name, depth);
  inFile.set(declared, is);
  return is;
}

function areUsesThere(source: Source, declared: Syntax, name: string, depth: number): boolean {
  const own = usesIn(source, name).filter(({ start, end }) => start < declared.start || end > declared.end);
  if (!own.every((node) => isForDevelopment(source, node, depth))) return false;
  const uses: { from: Source; node: Syntax }[] = [];
  for (const path of importersOf(source.project, source.path)) {
    const from = sourceAt(source.project, path);
    if (from?.kind !== 'app') continue;
    const locals = importsOf(from.program).flatMap(({ specifier, names }) =>
      resolveImport(from.project.tree, from.path, specifier) === source.path ? names : [],
    );
    // Another way of taking it: nothing is known of where it goes.
    if (locals.length === 0 || locals.some(({ imported }) => imported === '*')) return false;
    const local = locals.find(({ imported }) => imported === name || imported === 'default')?.local;
    if (local !== undefined) uses.push(...usesIn(from, local).map((node) => ({ from, node })));
  }
  return own.length + uses.length > 0 && uses.every(({ from, node }) => isForDevelopment(from, node, depth));
}

/** Where a name stands for a value: no declaration of it, no type, no key. */
function usesIn(source: Source, name: string): Syntax[] {
  const uses: Syntax[] = [];
  everyNode(source.program, (node, parent) => {
    if (node.type !== 'Identifier' || node.name !== name || parent === null) return;
    if (/^(Import|Export|TS)/.test(parent.type) || isNameIn(parent, node)) return;
    uses.push(node);
  });
  return uses;
}

const isNameIn = (parent: Syntax, node: Syntax): boolean =>
  ('id' in parent && parent.id === node) ||
  (parent.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
  ('key' in parent && parent.key === node && parent.type !== 'Property') ||
  (parent.type === 'Property' && parent.key === node && !parent.shorthand);
