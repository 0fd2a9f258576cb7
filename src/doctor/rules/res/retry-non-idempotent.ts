import { keyOf, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { type Loop, retriedBy, retriedIn } from '../../calls/retries.ts';
import type { CallSyntax } from '../../calls/waits.ts';
import { callsOf } from '../../code/callers.ts';
import { bindingOf } from '../../code/names.ts';
import { optionsIn } from '../../code/options.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { everyNode, everyOf, isFunction, type Source } from '../../code/source.ts';
import { defineRule } from '../../rule.ts';

/** Calls whose second run is a second payment, mail or row at somebody else's. */
const makes =
  /^(axios#(default\.)?(post|patch)|axios#(default\.)?create\(\)\.(post|patch)|got#(default\.)?(post|patch)|ky#(default\.)?(post|patch)|@nestjs\/axios#HttpService\(\)\.(axiosRef\.)?(post|patch)|nodemailer#createTransport\(\)\.sendMail|(@sendgrid\/mail#\w*\.?send\w*)|twilio#\w+\(\)\.messages\.create|replicate#\w+\(\)\.(run|predictions\.create)|razorpay#\w+\(\)\.\w+\.create|resend#Resend\(\)\.emails\.send)$/;
/** Addresses and words of calls that may be run twice: they read, or give a token. */
const reads =
  /delete|remove|unsubscribe|revoke|graphql|search|quer(y|ies)|token|oauth|login|auth|embed|completion|chat|generate|validate|verify|lookup|preview|rpc|\bread\b|list|translate|classif/i;

export const retryNonIdempotent = defineRule({
  id: 'res/retry-non-idempotent',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A call that must happen once is retried without a key that says it is the same.',
  why: 'A request that times out may well have been done: the answer was lost, not the work. Sent again it charges, orders or mails a second time. GET, PUT and DELETE may be repeated; POST may only with an idempotency key that is made once, outside of what is retried, so that the other side knows the second for the first.',
  remedy: { skill: 'api-client' },
  running: true,
  owasp: 'API10',
  mentions: /retr(y|ies)|backOff|cockatiel|attempt/i,
  file: (source, tell) => {
    const loop = (node: Loop): void => {
      const work = retriedIn(source, node);
      const once = work && onceOnly(source, work, 1);
      if (once)
        tell(node, {
          ...surely(once),
          message: `This loop runs ${once.call} again where its answer is lost: what it makes is made twice.`,
          fix: 'Send an idempotency key that is made once, before the loop; or do not repeat it.',
        });
    };
    return {
      ForStatement: loop,
      WhileStatement: loop,
      DoWhileStatement: loop,
      CallExpression(node) {
        const work = retriedBy(source, node);
        if (work) {
          const once = onceOnly(work.source, work.node, 1);
          if (once)
            tell(node, {
              ...surely(once),
              message: `${source.textOf(node.callee).replace(/\s+/g, '')}() runs ${once.call} again where its answer is lost: what it makes is made twice.`,
              fix: 'Send an idempotency key that is made once, outside of the retried function; or do not retry it.',
            });
          return;
        }
        const setting = retriesAll(source, node);
        if (setting)
          tell(node, {
            ...(isSeldomSent(source, node) ? { confidence: 'hint' as const } : {}),
            message: `${setting} retries every method: a POST whose answer was lost is sent again, and what it makes is made twice.`,
            fix: 'Retry methods that may be repeated, and POST with an idempotency key alone.',
          });
      },
    };
  },
});

/** The first call of the work that makes something at another service without a key; in the project's functions too. */
function onceOnly(source: Source, work: Syntax, depth: number): Once | null {
  const text = source.textOf(work);
  if (/idempoten/i.test(text) || isRefused(text) || hasKeyOutside(source, work)) return null;
  let found: Once | null = null;
  everyOf(work, ['CallExpression'], (node) => {
    if (found !== null || node.type !== 'CallExpression') return;
    const call = `${source.textOf(node.callee).replace(/\s+/g, '')}(…)`;
    const body = bodyOf(source, node);
    if (isMaking(source, node) && !setsById(source, node) && !body.some((one) => namesRecord(source, one, work)))
      found = { call, isUnsure: body.some((one) => isOfSomebody(source, one)) };
    else if (depth > 0) {
      const place = definitionOf(source, node.callee);
      const inner =
        place && isFunction(place.node) && place.node !== work ? onceOnly(place.source, place.node, depth - 1) : null;
      // What another function sends may be known there for the same.
      if (inner) found = { call, isUnsure: true };
    }
  });
  return found;
}

/** `headers`, made before what is repeated, with the key in them: all rounds send the same. */
function hasKeyOutside(source: Source, work: Syntax): boolean {
  if (!/idempoten/i.test(source.text)) return false;
  let has = false;
  everyNode(work, (node) => {
    const binding = has || node.type !== 'Identifier' ? null : bindingOf(source, node);
    if (!binding?.init || (binding.init.start >= work.start && binding.init.end <= work.end)) return;
    const set = new RegExp(`\\b${binding.name.replace(/\$/g, '\\$')}(\\.|\\[['"\`])[^\\n]{0,9}idempoten`, 'i');
    has = /idempoten/i.test(source.textOf(binding.init)) || set.test(source.text.slice(0, work.start));
  });
  return has;
}

/** A call that makes something, and that what it sends may name a record that is known outside. */
interface Once {
  call: string;
  isUnsure: boolean;
}

const surely = ({ isUnsure }: Once): { confidence?: 'hint' } => (isUnsure ? { confidence: 'hint' } : {});

/** Made of what the function is given as a whole, by callers that are not known: it may have an id, or none. */
function isOfSomebody(source: Source, body: Syntax, depth = 3): boolean {
  let unknown = false;
  everyOf(body, ['Identifier'], (node) => {
    if (unknown || node.type !== 'Identifier') return;
    const holder = source.parentOf(node);
    if (holder?.type === 'Property' || (holder?.type === 'MemberExpression' && node !== holder.object)) return;
    const binding = bindingOf(source, node);
    if (binding?.init) unknown = depth > 0 && isOfSomebody(source, binding.init, depth - 1);
    else if (binding?.kind === 'parameter' && binding.path.length === 0 && isFunction(binding.scope))
      unknown = holder?.type !== 'MemberExpression' && callsOf(source, binding.scope).length === 0;
  });
  return unknown;
}

const states =
  /\/(cancel|close|stop|start|disable|enable|archive|restore|complete|activate|deactivate|disconnect|(un)?lock|mark\w*)[`'"]?$/;

/** What a call sends: the value of `body` or `data`, or what stands behind the address. */
function bodyOf(source: Source, call: CallSyntax): Syntax[] {
  return call.arguments.slice(1, 2).flatMap((one): Syntax[] => {
    const values = optionsIn(source, one)?.values;
    const body = values?.get('body') ?? values?.get('data') ?? (values?.has('method') ? null : one);
    const inner = body && unwrap(body);
    return inner ? (inner.type === 'CallExpression' ? inner.arguments : [inner]) : [];
  });
}

/** `POST /runs/cancel` with ids alone: run twice, it sets the same state. */
function setsById(source: Source, call: CallSyntax): boolean {
  const [address] = call.arguments;
  if (!address || !states.test(addressOf(source, address))) return false;
  return bodyOf(source, call).every((one) => {
    const keys = [...(optionsIn(source, one)?.values.keys() ?? [])];
    return keys.length > 0 && keys.every((key) => /ids?$/i.test(key));
  });
}

/** A record with an `id` that is made outside of what is repeated: the other side knows the second for the first. */
function namesRecord(source: Source, body: Syntax, work: Syntax, depth = 3): boolean {
  let names = false;
  const isOutside = (node: Syntax): boolean => node.start < work.start || node.end > work.end;
  everyNode(body, (node) => {
    if (names) return;
    if (node.type === 'Property' && keyOf(node) === 'id') {
      const value = unwrap(node.value);
      const made = value.type === 'Identifier' ? (bindingOf(source, value)?.init ?? source.program) : value;
      names = /^(Identifier|CallExpression)$/.test(value.type) && isOutside(made);
    }
    if (node.type !== 'Identifier' || depth === 0) return;
    const binding = bindingOf(source, node);
    if (binding?.init) names ||= namesRecord(source, binding.init, work, depth - 1);
    else if (binding?.kind === 'parameter' && binding.path.length === 0 && isFunction(binding.scope)) {
      const { scope, declaration } = binding;
      const index = scope.params.findIndex((one: Syntax) => one === declaration);
      const calls = callsOf(source, scope);
      names ||=
        calls.length > 0 &&
        calls.every(({ source: from, call }) => {
          const given = call.arguments[index];
          return given !== undefined && namesRecord(from, given, work, depth - 1);
        });
    }
  });
  return names;
}

/** What an address says, also where a name stands for it. */
function addressOf(source: Source, node: Syntax): string {
  const inner = unwrap(node);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  return source.textOf(binding?.init && binding.path.length === 0 ? binding.init : node);
}

/** `throw new AbortError(…)` for all but what the other side refused (429): what was refused was not done. */
const isRefused = (text: string): boolean =>
  /\b(AbortError|bail)\b/.test(text) && /\b429\b|rate.?limit|too.?many/i.test(text);

function isMaking(source: Source, call: CallSyntax): boolean {
  const origin = originOf(source, call.callee);
  if (origin === null || (call.arguments[0] && reads.test(addressOf(source, call.arguments[0])))) return false;
  if (makes.test(origin)) return true;
  if (
    !/^(#fetch|undici#(fetch|request)|node-fetch#default|axios#(default)?(\.request)?|got#default|ky#default)$/.test(
      origin,
    )
  )
    return false;
  return call.arguments.some((argument) => {
    const method = optionsIn(source, argument)?.values.get('method');
    return method !== undefined && /^(post|patch)$/i.test(stringValue(method) ?? '');
  });
}

/** `axiosRetry(axios, { retryCondition: () => true })`, `got.extend({ retry: { methods: ['POST'] } })`. */
function retriesAll(source: Source, call: CallSyntax): string | null {
  const origin = originOf(source, call.callee) ?? '';
  if (/^axios-retry#default$/.test(origin)) {
    const condition = optionsIn(source, call.arguments[1])?.values.get('retryCondition');
    const inner = condition && unwrap(condition);
    if (!inner || /idempoten|method/i.test(source.textOf(inner))) return null;
    const isAll =
      /\b(isNetworkError|isRetryableError)$/.test(source.textOf(inner)) || (isFunction(inner) && inner.body !== null);
    return isAll ? 'This configuration of axios-retry' : null;
  }
  if (!/^(got|ky)#(default|got|ky)?\.?(extend|create)$/.test(origin)) return null;
  const retry = optionsIn(source, call.arguments[0])?.values.get('retry');
  const methods = retry && optionsIn(source, retry)?.values.get('methods');
  return methods && /['"](post|patch)['"]/i.test(source.textOf(methods)) && !/idempoten/i.test(source.text)
    ? 'This client'
    : null;
}

/** `axiosRetry(axios, …)` in a file that sends no POST by it: what other programs send goes through another instance. */
function isSeldomSent(source: Source, call: CallSyntax): boolean {
  const [instance] = call.arguments;
  if (!instance || originOf(source, instance) !== 'axios#default') return false;
  const name = source.textOf(instance).replace(/\$/g, '\\$');
  return !new RegExp(`\\b${name}(\\.request)?\\.?(post|patch)\\w*\\(|method\\s*:\\s*['"](post|patch)`, 'i').test(
    source.text,
  );
}
