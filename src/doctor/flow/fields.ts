import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { classNamed, placeOf } from '../code/definition.ts';
import type { Place } from '../code/exports.ts';
import { annotationOf, bindingOf } from '../code/names.ts';
import { isFunction, type Source } from '../code/source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Words of a schema that leave no text of the client's choice: numbers, ids, lists, patterns, checks of its own. */
const narrow =
  /\b(enum|nativeEnum|literal|number|int|bigint|boolean|date|datetime|uuid|uuidv\d|guid|cuid2?|nanoid|ulid|ip|ipv4|regex|refine|superRefine|picklist|pattern|valid|integer)\(|^\w*(Safe|Enum)\w*$|\b(Type\.(Enum|Integer|Number|Boolean|Literal|Union))\(/;
/** The same of class-validator's decorators; a decorator of the project's own looks at more than the type. */
const narrowDecorators =
  /@(IsIn|IsEnum|IsInt|IsNumber|IsPositive|IsUUID|IsMongoId|IsBoolean|IsDate|IsDateString|IsISO8601|IsIP|IsPort|Matches|IsAlpha|IsAlphanumeric|IsNumberString|IsHexadecimal|IsSlug|Equals|Validate)\(|\bhost_whitelist\b|@\w*(Safe|Public|Allowed|Inside|Trusted)\w*\(/;

/** True for a field that its schema leaves no text of the client's choice. */
export function isNarrowed(source: Source, object: Syntax, key: string): boolean {
  const field = fieldOfClass(source, object, key);
  if (field !== null) return narrowDecorators.test(field);
  const schema = schemaOf(source, object, 0);
  const text = schema && fieldIn(schema, key, 0);
  return text ? narrow.test(text) : false;
}

/** The decorators of a field of a parameter's class; null where the parameter has none. */
function fieldOfClass(source: Source, object: Syntax, key: string): string | null {
  const binding = bindingOf(source, unwrap(object));
  const type = binding?.kind === 'parameter' && binding.path.length === 0 ? annotationOf(binding) : null;
  const place = type === null ? null : classNamed(source, type, 0);
  if (place?.node.type !== 'ClassDeclaration') return null;
  const field = place.node.body.body.find((one) => one.type === 'PropertyDefinition' && keyOf(one) === key);
  if (field?.type !== 'PropertyDefinition') return null;
  return field.decorators.map((one) => place.source.textOf(one)).join('\n');
}

/** The schema that an object has been through: `schema.parse(…)`, a procedure's `input`, what a route's validator lets through. */
function schemaOf(source: Source, outer: Syntax, depth: number): Place | null {
  const node = unwrap(outer);
  if (depth > 4) return null;
  if (node.type === 'AwaitExpression') return schemaOf(source, node.argument, depth + 1);
  if (node.type === 'MemberExpression' && node.property.type === 'Identifier') {
    if (node.property.name === 'data') return schemaOf(source, node.object, depth + 1);
    const binding = node.property.name === 'input' ? bindingOf(source, unwrap(node.object)) : null;
    return binding?.kind === 'parameter' ? inputOf(source, binding.scope) : null;
  }
  if (node.type === 'CallExpression') return checkedBy(source, node);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  if (binding?.kind === 'parameter') return binding.path[0] === 'input' ? inputOf(source, binding.scope) : null;
  const isData = binding?.path.length === 1 && binding.path[0] === 'data';
  return binding?.init && (binding.path.length === 0 || isData) ? schemaOf(source, binding.init, depth + 1) : null;
}

/** `schema.parse(body)`, `c.req.valid('json')`. */
function checkedBy(source: Source, { callee: outer, arguments: given }: Call): Place | null {
  const callee = unwrap(outer);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const { name } = callee.property;
  if (/^(safe)?parse(Async)?$/i.test(name)) return placeOf(source, callee.object);
  const [part] = given;
  const target = name === 'valid' && part ? stringValue(part) : null;
  if (target === null) return null;
  for (const parent of source.above(callee)) {
    if (parent.type !== 'CallExpression') continue;
    for (const one of parent.arguments) {
      if (one.type !== 'CallExpression' || !/validator$/i.test(source.textOf(one.callee))) continue;
      const [of, schema] = one.arguments;
      if (of && schema && stringValue(of) === target) return placeOf(source, schema);
    }
  }
  return null;
}

/** `procedure.input(schema).query(fn)`: the schema of the function's input. */
function inputOf(source: Source, fn: Syntax): Place | null {
  let call = isFunction(fn) ? source.parentOf(fn) : null;
  while (call?.type === 'CallExpression' && call.callee.type === 'MemberExpression') {
    const { property } = call.callee;
    const [schema] = call.arguments;
    if (property.type === 'Identifier' && property.name === 'input' && schema) return placeOf(source, schema);
    call = unwrap(call.callee.object);
  }
  return null;
}

/** What a schema says of a field, as it is written; null where the schema is not an object that is written out. */
function fieldIn({ source, node }: Place, key: string, depth: number): string | null {
  const inner = unwrap(node);
  if (depth > 6 || inner.type !== 'CallExpression') return null;
  for (const one of inner.arguments) {
    const object = unwrap(one);
    const field =
      object.type === 'ObjectExpression' ? object.properties.find((each) => keyOf(each) === key) : undefined;
    if (field?.type === 'Property') {
      const written = placeOf(source, field.value);
      return written ? written.source.textOf(written.node) : source.textOf(field.value);
    }
  }
  const callee = unwrap(inner.callee);
  if (callee.type !== 'MemberExpression') return null;
  const before = placeOf(source, callee.object);
  return before && fieldIn(before, key, depth + 1);
}

/** What an object is spread from; nothing where a key is only known when it runs. */
export function spreadIn({ properties }: Extract<Syntax, { type: 'ObjectExpression' }>): Syntax[] {
  if (properties.some((one) => one.type === 'Property' && one.computed)) return [];
  return properties.flatMap((one) => (one.type === 'Property' ? [] : [one.argument]));
}
