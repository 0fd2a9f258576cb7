import { type Syntax, textOf, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { everyOf, functionAround, isFunction, type Source } from '../code/source.ts';
import { isFormOf } from './form-of.ts';

/**
 * True where the expression was looked at in a condition that decides whether the place where it is used is reached:
 * `if (!allowed.includes(x)) return`, `x.startsWith(root) && …`, `/^[a-z]+$/.test(x) ? … : …`, an assertion before it.
 */
export function isGuarded(source: Source, expression: Syntax, at: Syntax): boolean {
  const own = wordsIn(source, expression);
  if (own.size === 0) return false;
  const scope = outermost(source, at);
  const words = withForms(source, scope, own);
  let guarded = false;
  everyOf(scope, deciding, (node) => {
    if (guarded || node.start > at.start) return;
    guarded = decides(source, node, at, words);
  });
  return guarded;
}

/** The handler or method as a whole: conditions around a callback hold in it as well. */
function outermost(source: Source, at: Syntax): Syntax {
  let scope = functionAround(source, at);
  for (const parent of scope ? source.above(scope) : []) if (isFunction(parent)) scope = parent;
  return scope ?? source.program;
}

/** What gives another form of the same value: whoever looks at that looks at the value. */
const reforming =
  /(^|\.|new )(URL|parse|resolve|join|normalize|realpath(Sync)?|relative|decodeURIComponent|String|trim|toLowerCase|toString)$/;

/** A name, and the names that what it holds is made of. */
interface Form {
  name: string;
  of: readonly string[];
}

const knownForms = new WeakMap<Syntax, readonly Form[]>();

/** Other forms of values that a function makes: `parsed = new URL(url)`, `file = path.resolve(root, name)`. */
function formsIn(source: Source, scope: Syntax): readonly Form[] {
  const before = knownForms.get(scope);
  if (before) return before;
  const forms: Form[] = [];
  everyOf(scope, ['VariableDeclarator', 'AssignmentExpression'], (node) => {
    const [target, value] =
      node.type === 'VariableDeclarator'
        ? [node.id, node.init]
        : node.type === 'AssignmentExpression'
          ? [node.left, node.right]
          : [null, null];
    if (target?.type !== 'Identifier' || !value) return;
    const made = unwrap(value.type === 'AwaitExpression' ? value.argument : value);
    if (made.type !== 'CallExpression' && made.type !== 'NewExpression') return;
    if (!reforming.test(source.textOf(made.callee))) return;
    const of = [...made.arguments, ...(made.callee.type === 'MemberExpression' ? [made.callee.object] : [])];
    forms.push({ name: target.name, of: of.flatMap(namesIn) });
  });
  knownForms.set(scope, forms);
  return forms;
}

/** The words, and the names of what is made of them. */
function withForms(source: Source, scope: Syntax, words: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(words);
  for (const { name, of } of formsIn(source, scope)) if (of.some((one) => all.has(one))) all.add(name);
  return all;
}

const looking =
  /\.(includes|has|test|startsWith|endsWith|match|indexOf|hasOwn\w*|some|every|find|exec)\(|\bin\b|(valid|allow|safe|trusted|inside|within|permitted|match|check|verif)\w*\(|^!?\w*(valid|allowed|safe|trusted|inside|within|permitted|(?<!o)ok(?!en|ie))\w*$/i;
/** `isEmail(x)`, `isInside(x)`; what asks for the type alone says nothing of what a text holds. */
const asking =
  /(?<![a-z])is(?!(Buffer|String|Array|Object|PlainObject|Function|Defined|Undefined|Null|Nil|Empty)\()[A-Z]\w*\(/;
/** `x.startsWith('/')`, `x.startsWith('http')`: so start those as well that lead elsewhere. */
const weakStart = /\.startsWith\(\s*(['"`])(https?(:\/{0,2})?|\/|\.\/?|[-+])\1\s*\)/gi;
const looks = (text: string): boolean => {
  const strong = text.replace(weakStart, '');
  return asking.test(strong) || looking.test(strong);
};
const asserting = /(^|\.|_)(assert|ensure|validate|check|verify|require|guard|must)\w*$/i;

/** The kinds of nodes by which a place is reached or not. */
const deciding = [
  'IfStatement',
  'ConditionalExpression',
  'LogicalExpression',
  'SwitchStatement',
  'ExpressionStatement',
] as const;

function decides(source: Source, node: Syntax, at: Syntax, words: ReadonlySet<string>): boolean {
  const speaks = (test: Syntax): boolean => speaksOf(source, test, words);
  switch (node.type) {
    case 'IfStatement':
      return (
        (contains(node.consequent, at) || contains(node.alternate, at) || leaves(source, node)) &&
        speaks(node.test) &&
        !(contains(node.consequent, at) && isWeakMatch(source, node.test))
      );
    case 'ConditionalExpression': {
      // `x === 'a' ? 'b' : x` lets through all but one value.
      const { test, consequent, alternate } = node;
      const isOne = test.type === 'BinaryExpression' && /^[!=]==?$/.test(test.operator);
      const kept = isOne && test.operator.startsWith('!') ? alternate : consequent;
      return speaks(test) && (!isOne || contains(kept, at) || namesIn(kept).some((name) => words.has(name)));
    }
    case 'LogicalExpression':
      return contains(node.right, at) && speaks(node.left);
    case 'SwitchStatement':
      return contains(node, at) && namesIn(node.discriminant).some((name) => words.has(name));
    case 'ExpressionStatement': {
      const call = unwrap(node.expression.type === 'AwaitExpression' ? node.expression.argument : node.expression);
      if (call.type !== 'CallExpression' || contains(call, at)) return false;
      return (
        asserting.test(source.textOf(call.callee)) &&
        call.arguments.some((one) => namesIn(one).some((n) => words.has(n)))
      );
    }
    default:
      return false;
  }
}

/** `if (/http/.test(x))`: a pattern that need not match the whole says nothing of the rest. */
function isWeakMatch(source: Source, test: Syntax): boolean {
  let weak = false;
  everyOf(test, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    const { object, property } = node.callee;
    if (property.type !== 'Identifier' || !/^(test|exec|match)$/.test(property.name)) return;
    const [first] = node.arguments;
    const given = property.name === 'match' ? first : object;
    const pattern = given ? (constantOf(source, given) ?? unwrap(given)) : null;
    if (pattern?.type === 'Literal' && 'regex' in pattern) weak ||= !/^\^[\s\S]*\$$/.test(pattern.regex.pattern);
  });
  return weak && !/!/.test(source.textOf(test).slice(0, 1));
}

const contains = (outer: Syntax | null, inner: Syntax): boolean =>
  outer !== null && outer.start <= inner.start && inner.end <= outer.end;

/** True for an `if` whose body always leaves. */
function leaves(source: Source, node: Extract<Syntax, { type: 'IfStatement' }>): boolean {
  const { consequent } = node;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last !== undefined && /^(return|throw|continue|break|next|reject)\b/.test(textOf(source.text, last));
}

/** `const found = checkUrl(url); if (!found.ok) …`: the call whose answer is asked. */
function answerOf(source: Source, node: Syntax): Syntax | null {
  const made = node.type === 'MemberExpression' ? constantOf(source, node.object) : null;
  const call = made?.type === 'AwaitExpression' ? unwrap(made.argument) : made;
  const isOwn = call?.type === 'CallExpression' && /^(this\.)?\w+$/.test(source.textOf(call.callee));
  return isOwn ? call : null;
}

/** How many variables one after the other a test is followed through; `var a = a` has no end. */
const mostVariables = 8;

function speaksOf(source: Source, test: Syntax, words: ReadonlySet<string>, depth = 0): boolean {
  if (depth > mostVariables) return false;
  const inner = unwrap(test);
  if (inner.type === 'LogicalExpression')
    return speaksOf(source, inner.left, words, depth) || speaksOf(source, inner.right, words, depth);
  if (inner.type === 'UnaryExpression') return speaksOf(source, inner.argument, words, depth);
  if (!namesIn(inner).some((name) => words.has(name))) {
    const value = inner.type === 'Identifier' ? bindingOf(source, inner)?.init : answerOf(source, inner);
    return value ? speaksOf(source, value, words, depth + 1) : false;
  }
  if (inner.type !== 'BinaryExpression') return looks(source.textOf(inner));
  if (inner.operator === 'in' || looks(source.textOf(inner))) return true;
  // `x === undefined` and `typeof x === 'string'` say nothing of what the text holds.
  const isEquality = /^[!=]==?$/.test(inner.operator);
  const isEmpty = [inner.left, inner.right].some((side) =>
    /^(undefined|null|''|""|['"]undefined['"]|void 0|typeof\b.*)$/.test(source.textOf(side)),
  );
  return isEquality && !isEmpty;
}

const general = /^(req|request|res|c|ctx|body|query|params|headers|this|process|env|context|event)$/;

function namesIn(node: Syntax): string[] {
  const names: string[] = [];
  everyOf(node, ['Identifier'], (one) => {
    if (one.type === 'Identifier') names.push(one.name);
  });
  return names;
}

/** The names that an expression is made of, through the variables that hold its parts; not those of methods and tests. */
function wordsIn(source: Source, expression: Syntax): ReadonlySet<string> {
  const words = new Set<string>();
  const step = (outer: Syntax, depth: number): void => {
    const node = unwrap(outer);
    const all = (parts: readonly (Syntax | null | undefined)[]): void => {
      for (const part of parts) if (part) step(part, depth);
    };
    switch (node.type) {
      case 'Identifier': {
        const binding = bindingOf(source, node);
        if (binding?.kind === 'import' || words.has(node.name)) return;
        if (!general.test(node.name) || binding?.kind === 'variable') words.add(node.name);
        if (binding === null || depth > 3) return;
        // `name = checked;`: a parameter may be written again from what was made of it, and looked at.
        for (const value of binding.kind === 'variable' ? [binding.init, ...binding.writes] : binding.writes)
          if (value && (binding.kind === 'variable' || isFormOf(source, value, binding))) step(value, depth + 1);
        return;
      }
      case 'MemberExpression':
        if (node.computed) step(node.property, depth);
        else if (node.property.type === 'Identifier' && !general.test(node.property.name))
          words.add(node.property.name);
        step(node.object, depth);
        return;
      case 'CallExpression':
        all([node.callee.type === 'MemberExpression' ? node.callee.object : null, ...node.arguments]);
        return;
      case 'NewExpression':
        all(node.arguments);
        return;
      case 'ConditionalExpression':
        all([node.consequent, node.alternate]);
        return;
      case 'TemplateLiteral':
        all(node.expressions);
        return;
      case 'BinaryExpression':
      case 'LogicalExpression':
        all([node.left, node.right]);
        return;
      case 'AwaitExpression':
      case 'SpreadElement':
        step(node.argument, depth);
        return;
      case 'ArrayExpression':
        all(node.elements);
        return;
      case 'ObjectExpression':
        all(node.properties.map((one) => (one.type === 'Property' ? one.value : one.argument)));
        return;
      default:
    }
  };
  step(expression, 0);
  return words;
}
