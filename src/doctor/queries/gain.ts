import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { everyOf, functionAround, type Source } from '../code/source.ts';
import { isRefusedOtherwise } from '../flow/refused.ts';
import { isForAdmins } from '../routes/handlers.ts';
import { gainOf, modelFields } from './model-fields.ts';

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
): 'none' | 'perhaps' | 'sure' {
  if (isRefusedOtherwise(body.source, body.url)) return 'none';
  const model = modelOf(node);
  const fields = model && modelFields(source, model);
  const isNew =
    node.type === 'NewExpression' || /\.(create\w*|insert\w*|build|bulkCreate)$/.test(source.textOf(node.callee));
  const set = new Set([...after(source, value), ...assigned(body.source, body.url)]);
  const gain = fields ? gainOf(fields, set, isNew) : 'sure';
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
  const keys: string[] = [];
  everyOf(scope?.body ?? inner, ['ExpressionStatement'], (node) => {
    if (node.type !== 'ExpressionStatement' || node.end > body.start || !isAlways(source, node)) return;
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

/** True for a statement that runs whenever its function does. */
function isAlways(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (/Function/.test(parent.type)) return true;
    if (parent.type !== 'BlockStatement' && parent.type !== 'TryStatement') return false;
  }
  return true;
}
