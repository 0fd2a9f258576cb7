import { keyOf, literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { placeOf } from '../../code/definition.ts';
import { type Binding, bindingOf, constantOf } from '../../code/names.ts';
import { isFunction, type Source } from '../../code/source.ts';

/** What an expression of a migration says, as far as it is written down. */
export type Value = Plain | Shape | Word | readonly Value[] | Unknown;
type Plain = string | number | boolean | null | undefined;

/** What is known when the program runs, and not before. */
interface Unknown {
  is: 'unknown';
}

export const unknown: Unknown = { is: 'unknown' };

/** An object that is written down; open where it takes more from elsewhere. */
export interface Shape {
  is: 'shape';
  of: ReadonlyMap<string, Value>;
  open: boolean;
}

/** A name, by its last part, and what it is called with: `Sequelize.STRING(20)`, `new TableColumn({…})`, `knex.fn.now()`. */
export interface Word {
  is: 'word';
  word: string;
  args: readonly Value[] | null;
}

const deepest = 8;

/** An expression's value, through constants of the project's own files. */
export function valueAt(source: Source, node: Syntax, depth = 0): Value {
  const inner = unwrap(node);
  if (depth > deepest) return unknown;
  const next = (one: Syntax): Value => valueAt(source, one, depth + 1);
  const plain = literal(inner);
  if (plain !== undefined) return plain;
  switch (inner.type) {
    case 'Identifier':
      return inner.name === 'undefined' ? undefined : named(source, inner, depth);
    case 'MemberExpression':
      return member(source, inner, depth);
    case 'CallExpression':
    case 'NewExpression': {
      const word = lastName(inner.callee);
      return word === null ? unknown : { is: 'word', word, args: inner.arguments.map(next) };
    }
    case 'TaggedTemplateExpression': {
      const word = lastName(inner.tag);
      return word === null ? unknown : { is: 'word', word, args: [next(inner.quasi)] };
    }
    case 'TemplateLiteral':
      return joined(
        inner.quasis.flatMap((part, at) => [part.value.cooked ?? '', ...inner.expressions.slice(at, at + 1).map(next)]),
      );
    case 'BinaryExpression':
      return inner.operator === '+' ? joined([next(inner.left), next(inner.right)]) : unknown;
    case 'UnaryExpression': {
      const value = next(inner.argument);
      return inner.operator === '-' && typeof value === 'number' ? -value : unknown;
    }
    case 'ArrayExpression':
      return inner.elements.some((one) => one === null || one.type === 'SpreadElement')
        ? unknown
        : inner.elements.flatMap((one) => (one ? [next(one)] : []));
    case 'ObjectExpression':
      return shapeOf(inner.properties, next);
    default:
      return unknown;
  }
}

function shapeOf(properties: readonly Syntax[], next: (node: Syntax) => Value): Shape {
  const of = new Map<string, Value>();
  let open = false;
  for (const property of properties) {
    const key = keyOf(property);
    if (property.type === 'Property' && key !== null) of.set(key, next(property.value));
    else {
      const spread = property.type === 'SpreadElement' ? next(property.argument) : unknown;
      if (!isShape(spread)) open = true;
      else for (const [name, value] of spread.of) of.set(name, value);
    }
  }
  return { is: 'shape', of, open };
}

function named(source: Source, node: Syntax, depth: number): Value {
  const constant = constantOf(source, node);
  if (constant) return valueAt(source, constant, depth + 1);
  const binding = bindingOf(source, node);
  const list = binding && listOver(source, binding);
  if (list) {
    const values = valueAt(source, list, depth + 1);
    return isList(values) && values.length > 0 ? values[0] : unknown;
  }
  // `const { STRING, UUID } = Sequelize`
  const last = binding?.path.at(-1);
  if (binding?.kind === 'variable' && last) return { is: 'word', word: last, args: null };
  const place = binding?.imported ? placeOf(source, node) : null;
  return place && place.node !== node ? valueAt(place.source, place.node, depth + 1) : unknown;
}

/** What a loop goes over, for the name of its item: what holds for the first holds for all. */
function listOver(source: Source, { kind, scope, declaration, init, path }: Binding): Syntax | null {
  if (kind === 'variable')
    return declaration.type === 'VariableDeclarator' && !declaration.init && path.length === 1 && path[0] === null
      ? init
      : null;
  const call = kind === 'parameter' && path.length === 0 ? source.parentOf(scope) : null;
  if (call?.type !== 'CallExpression' || !isFunction(scope) || scope.params[0] !== declaration) return null;
  const callee = unwrap(call.callee);
  const isEach = callee.type === 'MemberExpression' && /^(forEach|map|flatMap)$/.test(lastName(callee) ?? '');
  return isEach ? callee.object : null;
}

function member(source: Source, node: Extract<Syntax, { type: 'MemberExpression' }>, depth: number): Value {
  const place = placeOf(source, node);
  if (place && place.node !== node) {
    const value = valueAt(place.source, place.node, depth + 1);
    if (value !== unknown) return value;
  }
  const word = lastName(node);
  return word === null ? unknown : { is: 'word', word, args: null };
}

/** The last part of a dotted name: `Sequelize.DataTypes.UUID` → 'UUID'. */
export function lastName(node: Syntax): string | null {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'CallExpression') return lastName(inner.callee);
  return inner.type === 'MemberExpression' && !inner.computed && inner.property.type === 'Identifier'
    ? inner.property.name
    : null;
}

const joined = (parts: readonly Value[]): Value =>
  parts.every((part) => typeof part === 'string' || typeof part === 'number') ? parts.join('') : unknown;

export const isShape = (value: Value): value is Shape =>
  typeof value === 'object' && value !== null && 'is' in value && value.is === 'shape';

export const isWord = (value: Value): value is Word =>
  typeof value === 'object' && value !== null && 'is' in value && value.is === 'word';

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** A property of an object; undefined where it has none, or the value is no object. */
export const part = (value: Value, key: string): Value => (isShape(value) ? value.of.get(key) : undefined);

/** A text; null for anything else. */
export const textIn = (value: Value): string | null => (typeof value === 'string' ? value : null);

/** A text, or a list of texts; null where one of them is not known. */
export function textsIn(value: Value): string[] | null {
  const list = isList(value) ? value : [value];
  const texts = list.flatMap((one) => textIn(one) ?? []);
  return texts.length === list.length && texts.length > 0 ? texts : null;
}
