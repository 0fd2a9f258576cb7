import { literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import { roleAt } from '../flow/request.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;
type Made = Extract<Syntax, { type: 'NewExpression' }>;

/** What is sent to the client. */
export interface Answer {
  body: Syntax;
  /** As it is written there; null where it is none or not plain. */
  status: number | null;
}

/** What a call, or `new Response(…)`, answers with, and the status that is written with it; null for one that answers nothing. */
export function answerOf(source: Source, node: Call | Made): Answer | null {
  if (node.type === 'NewExpression') return madeAnswer(source, node);
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const [first, second] = node.arguments;
  const method = callee.property.name;
  const origin = originOf(source, callee);
  if (origin === '#Response.json' || origin === 'next/server#NextResponse.json')
    return first ? { body: first, status: second ? statusIn(source, second) : null } : null;
  if (!/^(json|send|jsonp|end|render|text|html)$/.test(method)) return null;
  const status =
    statusAbove(callee.object) ??
    (second ? (numberOf(second) ?? statusIn(source, second)) : null) ??
    statusBefore(source, node);
  const body = method === 'render' ? second : first;
  // `res.render('404', …)`: a page by its status.
  const page = method === 'render' && first ? /^[45]\d\d$/.exec(stringValue(first) ?? '')?.[0] : undefined;
  const isResponse = isAnswer(source, callee.object, method);
  return isResponse && body ? { body, status: page === undefined ? status : Number(page) } : null;
}

function madeAnswer(source: Source, { callee, arguments: [body, options] }: Made): Answer | null {
  const isResponse = /^(#Response|next\/server#NextResponse)$/.test(originOf(source, callee) ?? '');
  return isResponse && body ? { body, status: options ? statusIn(source, options) : null } : null;
}

function isAnswer(source: Source, node: Syntax, method: string): boolean {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') {
    const callee = unwrap(inner.callee);
    return (
      callee.type === 'MemberExpression' &&
      callee.property.type === 'Identifier' &&
      /^(status|code|type|set|header|headers|setHeader|append|cookie|setCookie|clearCookie|format)$/.test(
        callee.property.name,
      ) &&
      isAnswer(source, callee.object, method)
    );
  }
  const role = roleAt(source, inner);
  if (role === 'response') return true;
  if (role === 'context') return /^(json|text|html)$/.test(method);
  if (isOfHonosError(source, inner)) return /^(json|text|html)$/.test(method);
  if (inner.type !== 'Identifier' || !/^(res|resp|response|reply)$/.test(inner.name)) return false;
  // A parameter of that name beside a request: error middlewares, functions that handlers share.
  return bindingOf(source, inner)?.kind === 'parameter';
}

/** The context of Hono's `app.onError((err, c) => …)`. */
function isOfHonosError(source: Source, node: Syntax): boolean {
  const binding = bindingOf(source, node);
  if (binding?.kind !== 'parameter' || !isFunction(binding.scope) || binding.scope.params[1] !== binding.declaration)
    return false;
  const call = source.parentOf(binding.scope);
  return call?.type === 'CallExpression' && memberName(unwrap(call.callee)) === 'onError';
}

const numberOf = (node: Syntax): number | null => {
  const value = literal(node);
  return typeof value === 'number' ? value : null;
};

function statusIn(source: Source, node: Syntax): number | null {
  const found = /status(?:Code)?:\s*(\d{3})/.exec(source.textOf(node));
  return found ? Number(found[1]) : null;
}

/** `res.status(400).json(…)`: the status up the chain, by number or by the constant's name. */
function statusAbove(node: Syntax): number | null {
  const inner = unwrap(node);
  if (inner.type !== 'CallExpression' || inner.callee.type !== 'MemberExpression') return null;
  const { property, object } = inner.callee;
  const [given] = inner.arguments;
  if (property.type === 'Identifier' && /^(status|code)$/.test(property.name) && given) {
    const name = unwrap(given);
    const constant = memberName(name);
    if (constant !== null)
      return /BAD_REQUEST|UNAUTHORIZED|FORBIDDEN|NOT_FOUND|CONFLICT|UNPROCESSABLE|TOO_MANY/.test(constant) ? 400 : null;
    return numberOf(given);
  }
  return statusAbove(object);
}

/** `res.status(400); res.json(…)`, `res.statusCode = 400`: in the statements before. */
function statusBefore(source: Source, node: Syntax): number | null {
  for (const parent of source.above(node)) {
    if (parent.type !== 'BlockStatement') continue;
    const before = source.text.slice(parent.start, node.start);
    const found = [...before.matchAll(/\.(?:status|code)\((\d{3})\)|\.statusCode\s*=\s*(\d{3})/g)].at(-1);
    return found ? Number(found[1] ?? found[2]) : null;
  }
  return null;
}
