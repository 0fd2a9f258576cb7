import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf, originOf } from '../code/origin.ts';
import { reachedFrom, wordsOf } from '../code/reach.ts';
import { everyOf, isFunction, type Source } from '../code/source.ts';
import type { Project } from '../project.ts';
import type { Route } from './routes.ts';

/** Packages that limit how often something may be asked. */
export const limiterPackages =
  /['"](express-rate-limit|express-slow-down|express-brute|rate-limiter-flexible|@fastify\/rate-limit|fastify-rate-limit|@nestjs\/throttler|hono-rate-limiter|@hono-rate-limiter\/\w+|@upstash\/ratelimit|@arcjet\/[\w-]+|@vercel\/firewall|koa-ratelimit|koa2-ratelimit|limiter|bottleneck|next-rate-limit|lru-cache-rate-limit|@unkey\/ratelimit|nestjs-rate-limiter|express-limiter|ratelimiter|async-ratelimiter|svelte-kit-ratelimiter|@tanstack\/pacer|rate-limit-redis|nextjs-rate-limiter|@convex-dev\/rate-limiter)(\/[\w/]+)?['"]/;
const limiterOrigin =
  /^(express-rate-limit|express-slow-down|express-brute|rate-limiter-flexible|@fastify\/rate-limit|fastify-rate-limit|@nestjs\/throttler|hono-rate-limiter|@upstash\/ratelimit|@arcjet\/[\w-]+|koa-ratelimit|koa2-ratelimit)#/;
const limiterWord =
  /rate.?limit|limiter|limits?.?(control|guard)|check.?limits|throttl|ratelimit|arcjet|brute|slow.?down|too?.?many|lockout|login.?attempts|failed.?attempts|captcha|turnstile/i;

/** True for a folder of our own module that limits, as it stands in the project. */
function limiterFolders(project: Project): readonly string[] {
  const files = project.lock.skills['rate-limit']?.files ?? [];
  return [...new Set(files.map(({ path }) => path.replace(/\/[^/]*$/, '')))];
}

/** True where an expression is a limiter, or code that asks one: by what it names, where that comes from, and what it calls. */
export function isLimiting(source: Source, node: Syntax, depth = 2): boolean {
  if (limiterWord.test(wordsOf(node))) return true;
  const inner = unwrap(node.type === 'Decorator' ? node.expression : node);
  if (limiterOrigin.test(originOf(source, inner) ?? '')) return true;
  const folders = limiterFolders(source.project);
  const place = definitionOf(source, inner);
  if (place && folders.some((folder) => place.source.path.startsWith(`${folder}/`))) return true;
  return reachedFrom(source, [node], depth).some(
    (one) => limiterWord.test(wordsOf(one.node)) || folders.some((folder) => one.source.path.startsWith(`${folder}/`)),
  );
}

/** A call that puts a limiter before routes: `app.use(limiter)`, `app.use('/auth', limiter)`, `app.register(rateLimit)`; the path, '' for all. */
export function limiterMount(source: Source, node: Syntax): string | null {
  if (node.type !== 'CallExpression') return null;
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  if (!/^(use([A-Z]\w*)?|register|addHook|all)$/.test(callee.property.name)) return null;
  const [first, ...rest] = node.arguments;
  if (!first) return null;
  const path = stringValue(first);
  // `Promise.all(…)`
  if (path === null && callee.property.name === 'all') return null;
  const given = path === null || callee.property.name === 'addHook' ? node.arguments : rest;
  return given.some((one) => isLimiting(source, one, 1) && !isForErrors(source, one))
    ? path === null || !path.startsWith('/')
      ? ''
      : path
    : null;
}

/** `(err, req, res, next) => …`: what Express asks after something failed, an upload of too many files too. */
function isForErrors(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const fn = isFunction(inner) ? inner : definitionOf(source, inner)?.node;
  return fn !== undefined && isFunction(fn) && fn.params.length === 4;
}

/** True where a route is limited: by what stands before it or around it, or by its handler itself. */
export function isLimitedRoute(source: Source, { before, handler, options, node }: Route): boolean {
  if (before.some((one) => isLimiting(source, one)) || (handler && isLimiting(source, handler, 3))) return true;
  if (handler && limitsItself(source, handler)) return true;
  if (before.some((one) => refusesOften(source, one))) return true;
  if (options && /rateLimit/.test(source.textOf(options))) return true;
  // A wrapper around the handler, a guard of the class, an option of the route.
  for (const parent of source.above(node))
    if (parent.type === 'CallExpression' && parent.callee.type === 'Identifier' && isLimiting(source, parent.callee))
      return true;
  const inner = handler ? unwrap(handler) : null;
  return (
    inner?.type === 'CallExpression' &&
    definitionOf(source, inner.callee) === null &&
    /limit|throttl/i.test(source.textOf(inner.callee))
  );
}

/** A handler that answers 429, or counts how often somebody tried. */
function limitsItself(source: Source, handler: Syntax): boolean {
  return reachedFrom(source, [handler], 0).some(({ source: from, node }) => {
    const text = from.textOf(node);
    return /\b(status|sendStatus|code|writeHead)\(\s*429\b|\bstatus(Code)?\s*[:=]\s*429\b|max_?(log_?in_?|otp_?|code_?)?(attempts|tries)\b/i.test(
      text,
    );
  });
}

/** A guard, or a middleware, that throws an error of 429, also of a class of its own: `super('…', 429)`. */
function refusesOften(source: Source, guard: Syntax): boolean {
  return reachedFrom(source, [guard], 1).some(({ source: from, node }) => {
    let refuses = false;
    everyOf(node, ['ThrowStatement'], (one) => {
      const thrown = one.type === 'ThrowStatement' && !refuses ? unwrap(one.argument) : null;
      if (thrown?.type !== 'NewExpression') return;
      const place = definitionOf(from, thrown.callee);
      refuses = /,\s*429\b/.test(from.textOf(thrown)) || (place !== null && own.test(place.source.textOf(place.node)));
    });
    return refuses;
  });
}
const own = /\bsuper\([^()]*,\s*429\b|\bstatus(Code)?\s*[:=]\s*429\b/;
