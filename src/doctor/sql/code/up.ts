import { keyOf, type Syntax, unwrap, walk } from '../../../text/syntax.ts';
import { bindingOf } from '../../code/names.ts';
import { memberName } from '../../code/objects.ts';
import { everyNode, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { chainOf } from './chain.ts';
import { type Call, callAt, type Piece, type Reader } from './piece.ts';

/** The way forward of a migration; what runs before it is outside of the tool's transaction. */
interface Up {
  node: FunctionSyntax;
  isBefore: boolean;
}

/** All SQL that the way forward runs, in order; null where it makes a table that nobody can name from here. */
export function piecesIn(source: Source, read: Reader): Piece[] | null {
  const pieces: Piece[] = [];
  for (const { node, isBefore } of upsIn(source)) {
    const found = piecesOf(source, node, read, new Set());
    if (found === null) return null;
    pieces.push(...found.map((piece) => (isBefore ? { ...piece, transaction: piece.transaction ?? null } : piece)));
  }
  return pieces;
}

/** `exports.up = …`, `export async function up`, `up() {}` of a class or an object; and `beforeUp`. */
function upsIn(source: Source): Up[] {
  const found = new Map<string, FunctionSyntax>();
  const add = (name: string | null | undefined, value: Syntax | null | undefined): void => {
    if (!name || !/^(beforeU|u)p$/.test(name) || found.has(name) || !value) return;
    const inner = unwrap(value);
    const own = inner.type === 'CallExpression' ? inner.arguments.map(unwrap).find(isFunction) : inner;
    if (own && isFunction(own)) found.set(name, own);
  };
  everyNode(source.program, (node) => {
    if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition')
      add(keyOf(node), node.value);
    else if (node.type === 'FunctionDeclaration') add(node.id?.name, node);
    else if (node.type === 'VariableDeclarator') add(node.id.type === 'Identifier' ? node.id.name : null, node.init);
    else if (node.type === 'AssignmentExpression') add(memberName(unwrap(node.left)), node.right);
  });
  return ['beforeUp', 'up'].flatMap((name) => {
    const node = found.get(name);
    return node ? [{ node, isBefore: name !== 'up' }] : [];
  });
}

/** A condition that asks for the database: what is behind it may be another's. */
const asksForDatabase =
  /sqlite|mysql|maria|mssql|oracle|dialect|postgres|pglite|cockroach|(db|database)_?type|\bclient\b|\bpg\b/i;

function piecesOf(source: Source, within: FunctionSyntax, read: Reader, seen: Set<Syntax>): Piece[] | null {
  const pieces: Piece[] = [];
  let isLost = false;
  seen.add(within);
  const { body } = within;
  if (body)
    walk(body, (node) => {
      if (node.type === 'IfStatement' && asksForDatabase.test(source.textOf(node.test))) return 'skip';
      if (node.type === 'ConditionalExpression' && asksForDatabase.test(source.textOf(node.test))) return 'skip';
      if (
        node.type === 'SwitchStatement' &&
        asksForDatabase.test(node.cases.map(({ test }) => (test ? source.textOf(test) : '')).join())
      )
        return 'skip';
      if (node.type !== 'CallExpression') return undefined;
      const own = ownFunction(source, node.callee);
      if (own && !seen.has(own)) {
        const inner = piecesOf(source, own, read, seen);
        if (inner === null) isLost = true;
        else pieces.push(...inner);
      }
      const call = callAt(source, node);
      const told = call && read(call);
      if (told === 'lost') isLost = true;
      else if (call && told) for (const one of told) pieces.push(pieceOf(call, one));
      return undefined;
    });
  return isLost ? null : pieces;
}

/** A function of the file's own that a call names. */
function ownFunction(source: Source, callee: Syntax): FunctionSyntax | null {
  const binding = bindingOf(source, unwrap(callee));
  const value = binding?.kind === 'function' ? binding.declaration : binding?.init;
  return value && isFunction(value) ? value : null;
}

function pieceOf(call: Call, told: Exclude<ReturnType<Reader>, null | 'lost'>[number]): Piece {
  const transaction = transactionOf(call);
  const { start, end } = typeof told !== 'string' && 'at' in told && told.at ? told.at : call.node;
  const own = { start, end, ...(transaction === null ? {} : { transaction }) };
  if (typeof told === 'string') return { ...own, sql: told, spans: [], restates: false };
  return 'spans' in told
    ? { ...own, ...told, restates: false }
    : { ...own, sql: told.sql, spans: [], restates: told.restates === true };
}

/** The transaction that a call names: `{ transaction: t }`, or `trx` of `knex.transaction(async (trx) => …)`, by where it begins. */
function transactionOf({ source, node, args }: Call): number | null {
  for (const argument of args) {
    const inner = unwrap(argument);
    if (inner.type !== 'ObjectExpression') continue;
    const property = inner.properties.find((one) => keyOf(one) === 'transaction');
    const binding = property?.type === 'Property' ? bindingOf(source, unwrap(property.value)) : null;
    if (binding) return binding.declaration.start + 1;
  }
  const { root } = chainOf(source, node);
  const binding = bindingOf(source, root.type === 'CallExpression' ? unwrap(root.callee) : root);
  if (binding?.kind !== 'parameter') return null;
  const parent = source.parentOf(binding.scope);
  return parent?.type === 'CallExpression' && memberName(unwrap(parent.callee)) === 'transaction'
    ? binding.scope.start + 1
    : null;
}
