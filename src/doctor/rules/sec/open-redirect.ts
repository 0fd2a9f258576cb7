import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { choiceAround } from '../../code/choices.ts';
import { definitionOf } from '../../code/definition.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { everyOf, functionAround, isFunction, type Source } from '../../code/source.ts';
import { isFieldOfRecord, isKeyOfFound } from '../../flow/found.ts';
import { isOfLink } from '../../flow/link.ts';
import { leadingOf } from '../../flow/leading.ts';
import { givesOwnAddress, isGivenBack, isOwnAddress } from '../../flow/own-address.ts';
import { objectProperty } from '../../flow/parameters.ts';
import { roleAt } from '../../flow/request.ts';
import type { Following } from '../../flow/search.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { defineRule, type Words } from '../../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Functions that redirect to their first argument. */
const redirects =
  /^next\/navigation#(redirect|permanentRedirect)$|^next\/server#NextResponse\.redirect$|^#Response\.redirect$|^@remix-run\/\w+#redirect$|^@sveltejs\/kit#redirect$/;
/** Results of functions that hold this server's own address are none of the client's choice. */
const following: Following = { cleans: (call, _origin, source) => givesOwnAddress(source, call) };

export const openRedirect = defineRule({
  id: 'sec/open-redirect',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The client chooses where it is redirected to.',
  why: 'A link to your own domain that leads anywhere is what a phishing mail needs: people check the domain, log in, and land on a page that looks like yours; tokens in the URL go with them. Allow paths of your own only: parse the value with `new URL(value, origin)` and compare its `origin`. Neither `startsWith("/")` (`//evil.example` is another host) nor `url.includes("example.com")` (`evil.example/?example.com`) does it.',
  remedy: 'words',
  running: true,
  owasp: 'API8',
  securitySeverity: 6.1,
  mentions: /redirect|location/i,
  file: (source, tell) => ({
    CallExpression(node) {
      const weak = weakAllowList(source, node);
      if (weak) tell(node, weak);
      // What a server action is called with comes from the page itself: no link leads to it.
      const target = targetOf(source, node);
      const words = target && !isServerAction(source) ? wordsFor(source, target, node, calleeOf(source, node)) : null;
      if (words) tell(node, words);
    },
    NewExpression(node) {
      if (originOf(source, node.callee) !== '#Response' && originOf(source, node.callee) !== 'next/server#NextResponse')
        return;
      const target = locationIn(propertyOf(node.arguments[1], 'headers'));
      const words = target && wordsFor(source, target, node, source.textOf(node.callee));
      if (words) tell(node, words);
    },
    ReturnStatement(node) {
      const target = node.argument && isRedirecting(source, node) ? propertyOf(node.argument, 'url') : null;
      const words = target && wordsFor(source, target, node, '@Redirect');
      if (words) tell(node, words);
    },
  }),
});

/** Nest: what a method with `@Redirect()` gives back says where to. */
function isRedirecting(source: Source, node: Syntax): boolean {
  const fn = functionAround(source, node);
  const method = fn && source.parentOf(fn);
  return (
    method?.type === 'MethodDefinition' && method.decorators.some((one) => /^@Redirect\(/.test(source.textOf(one)))
  );
}

function propertyOf(node: Syntax | undefined, name: string): Syntax | null {
  const object = node ? unwrap(node) : null;
  return object?.type === 'ObjectExpression' ? objectProperty(object, name) : null;
}

const isServerAction = ({ text }: Source): boolean =>
  text.includes('use server') && /^\s*['"]use server['"]/m.test(text);

function wordsFor(source: Source, target: Syntax, node: Syntax, callee: string): Words | null {
  const lead = leadingOf(source, target);
  if ('text' in lead || isOwnAddress(source.textOf(lead.node))) return null;
  if (lead.node.type === 'CallExpression' && definitionOf(source, lead.node.callee)) return null;
  const value = constantOf(source, lead.node);
  if (value && isOwnAddress(source.textOf(value))) return null;
  if (isFieldOfRecord(source, lead.node) || !isSent(taintOf(source, lead.node, following))) return null;
  const name = source.textOf(lead.node).replace(/\s+/g, ' ').slice(0, 50);
  const fix = 'Parse it with new URL(value, yourOrigin), and redirect only where its origin is your own.';
  if (isOnlySlash(source, lead.node, node) || isOnlySlash(source, target, node))
    return {
      message: `${name} may start with "//": it passes startsWith('/'), and the browser goes to another host.`,
      fix,
    };
  if (isGuarded(source, lead.node, node) || isGuarded(source, target, node)) return null;
  if (isKeyOfFound(source, lead.node, node)) return null;
  const isUnsure = isGivenBack(source, lead.node) || isForTests(source, node) || !isOfLink(source, lead.node, node);
  return {
    message: `${callee}() sends the client wherever ${name} says: a link to this server leads to any other site.`,
    fix,
    ...(isUnsure ? { confidence: 'hint' as const, severity: 'info' as const } : {}),
  };
}

/** True for a route that is there only where tests or development ask for it. */
function isForTests(source: Source, node: Syntax): boolean {
  const around = [node, ...source.above(node)].filter((one) => one === node || isFunction(one));
  return around.some((one) => choiceAround(source, one) === 'development');
}

const calleeOf = (source: Source, node: Call): string => source.textOf(node.callee).replace(/\s+/g, '').slice(-40);

/** The `Location` of headers that are written out. */
function locationIn(node: Syntax | null | undefined): Syntax | null {
  const headers = node ? unwrap(node) : null;
  if (headers?.type !== 'ObjectExpression') return null;
  const one = headers.properties.find((each) => keyOf(each)?.toLowerCase() === 'location');
  return one?.type === 'Property' ? one.value : null;
}

/** What a call redirects to; null where it does not redirect. */
function targetOf(source: Source, node: Call): Syntax | null {
  const [first, second] = node.arguments;
  const origin = originOf(source, node.callee);
  if (origin !== null && redirects.test(origin)) return /sveltejs/.test(origin) ? (second ?? null) : (first ?? null);
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || !first) return null;
  const method = callee.property.name;
  if (method === 'redirect' && isResponse(source, callee.object)) {
    if (second && isStatusFirst(source, callee.object, node)) return second;
    return typeof literal(first) === 'number' ? null : first;
  }
  if (!isResponse(source, callee.object) || isCreated(source, node)) return null;
  if (method === 'location') return first;
  if (method === 'writeHead') return locationIn(node.arguments.at(-1));
  const isHeader = /^(setHeader|header|set)$/.test(method) && stringValue(first)?.toLowerCase() === 'location';
  return isHeader ? (second ?? null) : null;
}

/** Express: `redirect(status, url)`; others put the status behind. */
function isStatusFirst(source: Source, object: Syntax, { arguments: [first, second] }: Call): boolean {
  if (!first || !second || typeof literal(second) === 'number') return false;
  return typeof literal(first) === 'number' || /^(res|resp|response)$/.test(source.textOf(object));
}

/** `res.status(201).location(…)` tells where the new thing is, and sends nobody there. */
const isCreated = (source: Source, node: Call): boolean => {
  const outer = source.parentOf(node);
  const text = outer?.type === 'MemberExpression' ? source.textOf(source.parentOf(outer) ?? node) : source.textOf(node);
  return /\bstatus\(\s*20\d\s*\)|\bcode\(\s*20\d\s*\)/.test(text);
};

/** A response of any framework, or a context that redirects. */
function isResponse(source: Source, object: Syntax): boolean {
  const inner = unwrap(object);
  if (inner.type === 'CallExpression' && inner.callee.type === 'MemberExpression')
    return isResponse(source, inner.callee.object);
  const role = roleAt(source, inner);
  return role === 'response' || role === 'context' || /^(res|resp|response|reply|c|ctx)$/.test(source.textOf(inner));
}

/** True where all that is asked of the value is whether it starts with a slash. */
function isOnlySlash(source: Source, value: Syntax, at: Syntax): boolean {
  const scope = functionAround(source, at);
  if (scope === null) return false;
  const text = source.textOf(scope);
  const name = source.textOf(value);
  if (!new RegExp(`${name.replace(/[^\w.]/g, '\\$&')}\\??\\.startsWith\\(\\s*['"\`]/['"\`]\\s*\\)`).test(text))
    return false;
  return !/['"`/]\/\/|\\\/\\\/|\[1\]|charAt\(1\)|new URL|\\\\|\^\\\/\(|includes\(|\.(test|match|some|has|every)\(|valid|allow|safe|trusted/i.test(
    text,
  );
}

/** `allowed.some((host) => url.includes(host))`, and the same in a loop, in what decides on a redirect. */
function weakAllowList(source: Source, node: Call): Words | null {
  const callee = unwrap(node.callee);
  if (
    callee.type !== 'MemberExpression' ||
    callee.property.type !== 'Identifier' ||
    callee.property.name !== 'includes'
  )
    return null;
  const [part] = node.arguments;
  const text = unwrap(callee.object);
  if (!part || text.type !== 'Identifier' || !/url|redirect|return|next|target|callback|destination/i.test(text.name))
    return null;
  const binding = bindingOf(source, text);
  if (binding?.init && /Array|\[/.test(source.textOf(binding.init).slice(0, 8))) return null;
  const inner = unwrap(part);
  const each = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  const isEach = each !== null && (each.kind === 'parameter' || each.path[0] === null);
  if (!isEach || !decidesRedirect(source, node)) return null;
  return {
    message: `${source.textOf(node)} is true for any address that holds the allowed one somewhere: https://evil.example/?${inner.type === 'Identifier' ? inner.name : ''}.`,
    fix: 'Parse the address with new URL() and compare its origin with those of the list.',
  };
}

function decidesRedirect(source: Source, node: Syntax): boolean {
  let found = false;
  for (const parent of source.above(node)) {
    const name =
      parent.type === 'FunctionDeclaration'
        ? parent.id?.name
        : parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier'
          ? parent.id.name
          : null;
    if (name && /redirect|returnTo|callbackUrl/i.test(name)) found = true;
  }
  const scope = functionAround(source, node);
  if (!found && scope)
    everyOf(scope, ['CallExpression'], (one) => {
      if (one.type === 'CallExpression' && /\bredirect$/.test(source.textOf(one.callee))) found = true;
    });
  return found;
}
