import type { Target } from '../../model.ts';
import { propertyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { originOf } from '../shared/names.ts';
import type { Reach } from '../shared/reach.ts';
import { type Source, textAt } from '../shared/source.ts';
import type { Creation } from './creation.ts';
import { classOf, constantOf, isObject, isOnlyVariable } from './names.ts';

/** The module class that the app is created from. */
export interface RootModule {
  source: Source;
  name: string;
  place: ImportsPlace;
}

/** Where another module joins the root module's imports, or why it cannot. */
export type ImportsPlace = { kind: 'element' | 'property'; target: Target } | { kind: 'none'; because: string };

/** The root module of a creation, or why it cannot be told, in words. */
export function rootOf(reach: Reach, { source, call }: Creation): RootModule | string {
  const [first] = call.arguments;
  if (!first) return 'NestFactory.create is given no module.';
  const found = classOf(reach, { source, node: first });
  if (!found)
    return `The module that NestFactory.create is given (${textAt({ source, node: first })}) could not be followed to its class.`;
  const { node } = found;
  const isClass = node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
  if (!isClass || !node.id) return `The module class in ${found.source.path} has no name.`;
  return { source: found.source, name: node.id.name, place: importsPlace(found.source, node, node.id.name) };
}

const none = (because: string): ImportsPlace => ({ kind: 'none', because });

function importsPlace(source: Source, owner: Syntax, name: string): ImportsPlace {
  const decorator = moduleDecorator(source, owner);
  if (!decorator) return none(`${name} has no @Module() decorator`);
  const metadata = decorator.metadata && unwrap(decorator.metadata);
  if (isObject(metadata)) return inMetadata(source, metadata, { decorator: decorator.name, on: name, path: [] });
  if (metadata?.type === 'Identifier' && isOnlyVariable(source, metadata.name)) {
    const constant = constantOf(source, metadata, metadata.name);
    if (isObject(constant)) return inMetadata(source, constant, { variable: metadata.name, path: [] });
  }
  return none(`the argument of @${decorator.name}() is no object literal of this file`);
}

function moduleDecorator(source: Source, owner: Syntax): { name: string; metadata: Syntax | null } | null {
  const decorators = owner.type === 'ClassDeclaration' || owner.type === 'ClassExpression' ? owner.decorators : [];
  for (const { expression } of decorators) {
    if (expression.type !== 'CallExpression') continue;
    const origin = originOf({ source, node: expression.callee });
    if (origin?.from === '@nestjs/common' && /(^|\.)Module$/.test(origin.name))
      return { name: textAt({ source, node: expression.callee }), metadata: expression.arguments[0] ?? null };
  }
  return null;
}

function inMetadata(source: Source, metadata: Syntax, target: Target): ImportsPlace {
  if (!isObject(metadata)) return none('the metadata are no object literal');
  const imports = propertyOf(metadata, 'imports');
  if (!imports) {
    const isSpread = metadata.properties.some(({ type }) => type === 'SpreadElement');
    return isSpread ? none('its imports may come from a spread object') : { kind: 'property', target };
  }
  const value = unwrap(imports);
  if (value.type === 'ArrayExpression')
    return { kind: 'element', target: { ...target, path: [...target.path, 'imports'] } };
  if (value.type === 'Identifier' && isOnlyVariable(source, value.name)) {
    const constant = constantOf(source, value, value.name);
    if (constant?.type === 'ArrayExpression') return { kind: 'element', target: { variable: value.name, path: [] } };
  }
  return none(`its imports are ${textAt({ source, node: imports })}, which is no array literal of this file`);
}
