import { isNode, type Syntax, unwrap } from '../../text/syntax.ts';
import { annotationOf, type Binding } from '../code/names.ts';
import { everyOf, functionAround, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { pipesOf } from './pipes.ts';
import type { Taint } from './taints.ts';

/** What a parameter holds that a framework fills from the request: Nest's pipes make numbers and check classes. */
export function decoratedTaint(source: Source, binding: Binding): Taint {
  const decorators = decoratorsOn(source, binding.declaration);
  if (decorators === '') return 'request';
  if (/Parse(Int|Float|Bool|UUID|Enum|Date|ObjectId|MongoId)Pipe/i.test(decorators)) return 'plain';
  if (/Pipe\b/.test(decorators)) return 'checked';
  const { project } = source;
  const checked = project.has('class-validator') || project.has('nestjs-zod') || project.has('@anatine/zod-nestjs');
  const isTyped = annotationOf(binding) !== null && !/@Headers|@Cookies/.test(decorators);
  return checked && isTyped && pipesOf(project) !== 'none' ? 'checked' : 'request';
}

/** The decorators of a parameter as they are written. */
export const decoratorsOn = (source: Source, parameter: Syntax): string =>
  'decorators' in parameter && Array.isArray(parameter.decorators)
    ? parameter.decorators.map((one) => source.textOf(one)).join(' ')
    : '';

/** True for a parameter whose type is a number or a boolean. */
export function isGivenNumber({ declaration, path }: Binding): boolean {
  let pattern: Syntax = declaration;
  if (pattern.type === 'TSParameterProperty') pattern = pattern.parameter;
  if (pattern.type === 'AssignmentPattern') pattern = pattern.left;
  if (path.length > 0 || !('typeAnnotation' in pattern)) return false;
  const annotation = pattern.typeAnnotation;
  const type = annotation && 'typeAnnotation' in annotation ? annotation.typeAnnotation : null;
  return type?.type === 'TSNumberKeyword' || type?.type === 'TSBooleanKeyword';
}

/** The expressions that a function gives back. */
export function returnedBy(fn: FunctionSyntax): Syntax[] {
  if (!fn.body) return [];
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const values: Syntax[] = [];
  const step = (node: Syntax): void => {
    if (isFunction(node)) return;
    if (node.type === 'ReturnStatement' && node.argument) values.push(node.argument);
    for (const key in node) {
      const value: unknown = node[key as keyof Syntax];
      for (const one of Array.isArray(value) ? value : [value]) if (isNode(one)) step(one);
    }
  };
  step(fn.body);
  return values;
}

/** What is put into a list after it was made: `parts.push(x)`. */
export function pushed(source: Source, { name, init, scope }: Binding): Syntax[] {
  if (init === null || unwrap(init).type !== 'ArrayExpression' || !source.text.includes(`${name}.push(`)) return [];
  const values: Syntax[] = [];
  everyOf(scope, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || source.textOf(node.callee) !== `${name}.push`) return;
    values.push(...node.arguments);
  });
  return values;
}

/** What the function around gives to a name that nothing declares: `path = folder + name`. */
export function undeclared(source: Source, node: Extract<Syntax, { type: 'Identifier' }>): Syntax[] {
  const { name } = node;
  if (!source.text.includes(`${name} =`) && !source.text.includes(`${name}=`)) return [];
  const around = functionAround(source, node);
  const values: Syntax[] = [];
  if (around)
    everyOf(around, ['AssignmentExpression'], (one) => {
      if (one.type === 'AssignmentExpression' && one.left.type === 'Identifier' && one.left.name === name)
        values.push(one.right);
    });
  return values;
}

/** The value that an object has under a name; null where it is not written there. */
export function objectProperty(object: Extract<Syntax, { type: 'ObjectExpression' }>, key: string): Syntax | null {
  for (const one of object.properties)
    if (one.type === 'Property' && one.key.type === 'Identifier' && !one.computed && one.key.name === key)
      return one.value;
  return null;
}
