import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { everyOf, functionAround, type Source } from '../code/source.ts';
import { isRefusedOtherwise } from '../flow/refused.ts';
import { isForAdmins } from '../routes/handlers.ts';
import { gainOf, modelFields } from './model-fields.ts';

/** Rows that have fields no form has, wherever those are written down. */
const accounts =
  /(user|account|member|customer|admin|client|profile|order|payment|product)s?((Repo|Repository|Model|Collection|Entity)s?)?\)?$/i;

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/**
 * What a client may gain by a write of its whole body: 'none' where the model has no field but those of a form and those
 * that the server sets, or a schema refuses all others, 'perhaps' where the fields may be meant for clients, or only administrators come that far.
 */
export function gainOfWrite(
  source: Source,
  node: Call,
  value: Syntax,
  body: { source: Source; url: Syntax },
  isPart: boolean,
): 'none' | 'perhaps' | 'sure' {
  if (isRefusedOtherwise(body.source, body.url)) return 'none';
  const model = modelOf(node);
  const fields = model && modelFields(source, model);
  const isNew =
    node.type === 'NewExpression' || /\.(create\w*|insert\w*|build|bulkCreate)$/.test(source.textOf(node.callee));
  const set = new Set([...after(source, value), ...assigned(body.source, body.url), ...overwritten(source, node)]);
  // A part of the body may be one value, where it is not the whole of a new row.
  const unknown = isPart && !isNew ? 'none' : accounts.test(source.textOf(model ?? node)) ? 'sure' : 'perhaps';
  const gain = fields ? gainOf(fields, set, isNew) : unknown;
  return gain === 'sure' && isForAdmins(body.source, body.url) ? 'perhaps' : gain;
}

function modelOf(node: Call): Syntax | null {
  if (node.type === 'NewExpression') return node.callee;
  const callee = unwrap(node.callee);
  return callee.type === 'MemberExpression' ? callee.object : null;
}

/** The fields that stand behind the body in an object: `{ ...req.body, owner: req.user.id }`. */
function after(source: Source, value: Syntax): string[] {
  const parent = source.parentOf(value);
  const outer = parent?.type === 'SpreadElement' ? source.parentOf(parent) : null;
  const object = outer ?? unwrap(value);
  if (object.type !== 'ObjectExpression') return [];
  const last = object.properties.findLastIndex(({ type }) => type === 'SpreadElement');
  return object.properties.slice(last + 1).flatMap((one) => keyOf(one) ?? []);
}

/** The fields that the server sets, or takes away, in the body itself before: `req.body.owner = req.user.id`. */
function assigned(source: Source, body: Syntax): string[] {
  const scope = functionAround(source, body);
  const inner = unwrap(body);
  const spread =
    inner.type === 'ObjectExpression' ? inner.properties.find(({ type }) => type === 'SpreadElement') : null;
  const name = source.textOf(spread?.type === 'SpreadElement' ? spread.argument : inner);
  return fieldsSet(source, scope?.body ?? inner, name, [0, body.start]);
}

/** The fields of an object of this name that are set, or taken away, between two places whatever happens. */
function fieldsSet(source: Source, scope: Syntax, name: string, [from, to]: readonly [number, number]): string[] {
  const keys: string[] = [];
  everyOf(scope, ['ExpressionStatement'], (node) => {
    if (node.type !== 'ExpressionStatement' || node.start < from || node.end > to || !isAlways(source, node)) return;
    const { expression } = node;
    const target =
      expression.type === 'AssignmentExpression' && expression.operator === '='
        ? expression.left
        : expression.type === 'UnaryExpression' && expression.operator === 'delete'
          ? unwrap(expression.argument)
          : null;
    if (target?.type !== 'MemberExpression' || target.computed || target.property.type !== 'Identifier') return;
    if (source.textOf(target.object) === name) keys.push(target.property.name);
  });
  return keys;
}

/** The fields that the server sets in the new row afterwards: `const post = new Post(req.body); post.author = req.user.id`. */
function overwritten(source: Source, node: Call): string[] {
  const parent = source.parentOf(node);
  const scope = functionAround(source, node);
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier' || !scope?.body) return [];
  const { name } = parent.id;
  return scope.body.type === 'BlockStatement' ? fieldsSet(source, scope.body, name, [node.end, scope.end]) : [];
}

/** True for a statement that runs whenever its function does. */
function isAlways(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (/Function/.test(parent.type)) return true;
    if (parent.type !== 'BlockStatement' && parent.type !== 'TryStatement') return false;
  }
  return true;
}
