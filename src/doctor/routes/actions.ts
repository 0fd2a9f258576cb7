import { type Syntax, stringValue } from '../../text/syntax.ts';
import { type FunctionSyntax, isFunction, type Source } from '../code/source.ts';

/** A server action of Next: a function that any client may call, with whatever it likes. */
export interface Action {
  name: string;
  /** The function, or the call that wraps one. */
  node: Syntax;
}

const known = new WeakMap<Source, readonly Action[]>();

/** What a file that begins with 'use server' exports, in source order; none of any other file. */
export function actionsOf(source: Source): readonly Action[] {
  const before = known.get(source);
  if (before) return before;
  const found = isOfServer(source.program.body.slice(0, 3)) ? exported(source) : [];
  known.set(source, found);
  return found;
}

/** True for a function that clients call by themselves: its arguments are the request's body, whatever their types say. */
export function isServerAction(source: Source, node: FunctionSyntax): boolean {
  if (node.body?.type === 'BlockStatement' && isOfServer(node.body.body.slice(0, 2))) return true;
  return actionsOf(source).some((one) => one.node === node);
}

const isOfServer = (statements: readonly Syntax[]): boolean =>
  statements.some((one) => one.type === 'ExpressionStatement' && stringValue(one.expression) === 'use server');

function exported(source: Source): Action[] {
  const { body } = source.program;
  const later = new Set(
    body.flatMap((one) =>
      one.type === 'ExportNamedDeclaration' && !one.source
        ? one.specifiers.flatMap(({ local }) => (local.type === 'Identifier' ? [local.name] : []))
        : [],
    ),
  );
  return body.flatMap((statement) => {
    if (statement.type === 'ExportDefaultDeclaration')
      return isFunction(statement.declaration) ? [{ name: 'default', node: statement.declaration }] : [];
    const isExport = statement.type === 'ExportNamedDeclaration';
    const declared = isExport ? statement.declaration : statement;
    return declared === null ? [] : declaredBy(declared).filter(({ name }) => isExport || later.has(name));
  });
}

function declaredBy(node: Syntax): Action[] {
  if (node.type === 'FunctionDeclaration') return node.id ? [{ name: node.id.name, node }] : [];
  if (node.type !== 'VariableDeclaration') return [];
  return node.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' && init ? [{ name: id.name, node: init }] : [],
  );
}
