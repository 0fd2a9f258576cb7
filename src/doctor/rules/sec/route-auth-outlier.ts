import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { mayImport } from '../../code/browser.ts';
import { memberName } from '../../code/objects.ts';
import { reachedFrom, wordsOf } from '../../code/reach.ts';
import { everyNode, everyOf, isFunction, type Source, sourceAt } from '../../code/source.ts';
import { modelFields } from '../../queries/model-fields.ts';
import { queryAt } from '../../queries/queries.ts';
import { actionsOf } from '../../routes/actions.ts';
import { hasGuardedMount, isGuardedRoute } from '../../routes/guarded.ts';
import { type Route, routesOf } from '../../routes/routes.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** Routes that are for those who are not signed in. */
const open =
  /(log|sign)-?(in|out|up)|regist|forgot|reset|password|verify|confirm|activate|auth|token|refresh|oauth|callback|web-?hook|health|status|ping|public|contact|newsletter|subscribe|unsubscribe|otp|csrf|consent|track|collect|feedback|invite|captcha|metrics/i;
/** What an action asks for who is there by, or what only the server's own know. */
const askedFor = /auth|session|currentUser|getUser|permission|guard|protect|cookies|secret|verif/im;
const changing = /^(POST|PUT|PATCH|DELETE)$/;

/** A server action that writes, and whether it asks who is there. */
type Note = Extract<Spot, { start: number }> & { name: string; asks: boolean };

export const routeAuthOutlier = defineRule<Note>({
  id: 'sec/route-auth-outlier',
  since: '0.1.0',
  severity: 'info',
  confidence: 'hint',
  title: 'A route that changes something has no guard, and its neighbours have one.',
  why: 'Most holes in authorisation are one line that somebody forgot, or took out to try something. Where nearly all routes of a file ask who is there and one does not, look whether that is meant.',
  remedy: 'words',
  owasp: 'API5',
  securitySeverity: 6.5,
  mentions: /\b(post|put|patch|delete|Post|Put|Patch|Delete)\b|use server/,
  file: (source, tell, note) => ({
    Program() {
      for (const one of actionsOf(source))
        if (isFunction(one.node) && !open.test(one.name) && writes(source, one.node))
          note({
            path: source.path,
            start: one.node.start,
            end: one.node.end,
            name: one.name,
            asks: asks(source, one.node),
          });
      const routes = routesOf(source).filter(
        ({ method, path }) => changing.test(method) && path !== null && !open.test(path),
      );
      const guarded = routes.filter((route) => isGuardedRoute(source, route));
      const unguarded = routes.filter((one) => isForAnybody(source, one, guarded));
      const forAnybody = unguarded.length === 0 || isGuardedAbove(source) ? [] : unguarded;
      for (const { node, method, path } of forAnybody)
        tell(node, {
          message: `${method} ${path} asks nobody who is there and changes whatever row its address names: everybody's. ${guarded[0]?.method} ${guarded[0]?.path} beside it asks.`,
          fix: 'Put the guard before it, and let the query find only rows of who asks.',
          severity: 'warning',
          confidence: 'likely',
          together: `${source.path}: open to anybody`,
        });
      if (routes.length < 3 || guarded.length / routes.length < 0.7) return;
      for (const route of routes) {
        if (guarded.includes(route) || forAnybody.includes(route) || asksItself(route)) continue;
        tell(route.node, {
          message: `${route.method} ${route.path} asks nobody who is there; ${guarded.length} of the ${routes.length} routes that change something here do.`,
          fix: 'Put the guard of its neighbours before it, or say in a comment that it is open.',
        });
      }
      for (const { index, 0: text } of source.text.matchAll(
        /^[ \t]*\/\/[ \t]*(@UseGuards\(.*|(?:router|app|fastify)\.use\(\s*(?:\w+\.)*\w*(?:auth|guard|protect|isLoggedIn|requireUser)\w*.*)$/gim,
      ))
        tell(
          { path: source.path, start: index + text.search(/\S/), end: index + text.length },
          { message: `A guard is commented out: ${text.trim().slice(0, 80)}`, fix: 'Put it back, or delete the line.' },
        );
    },
  }),
  project(_project, tell, notes) {
    const asking = notes.find(({ note }) => note.asks)?.note;
    if (!asking) return;
    for (const { note } of notes)
      if (!note.asks)
        tell(note, {
          message: `${note.name}, which any client may call by itself, asks nobody who is there; ${asking.name} (${asking.path}) does.`,
          fix: 'Ask for the session in the action itself: a page before it guards nothing. Look whose row it is, too.',
          together: note.path,
        });
  },
});

const writes = (source: Source, node: Syntax): boolean => {
  let found = false;
  everyNode(node, (one) => {
    found ||= /^(create|update|delete)$/.test(queryAt(source, one)?.kind ?? '');
  });
  return found;
};

const asks = (source: Source, node: Syntax): boolean =>
  [node, ...reachedFrom(source, [node]).map((place) => place.node)].some((one) => askedFor.test(wordsOf(one)));

const asksItself = ({ handler }: Route): boolean =>
  handler !== null &&
  /^user$|userId|session|isAuthenticated|currentUser|authori[sz]ation|unauthori[sz]ed|forbidden/im.test(
    wordsOf(handler),
  );

const byId = /^(find(One|ById)And(Update|Delete|Remove|Replace)|(update|delete|replace)One|destroy)$/;

/** A route without a guard that changes one row of a model whose rows have an owner, where a new row is made behind one. */
function isForAnybody(source: Source, route: Route, guarded: readonly Route[]): boolean {
  const isOpen = /^(PUT|PATCH|DELETE)$/.test(route.method) && /\/[:{]\w+/.test(route.path ?? '');
  const { handler } = route;
  if (!isOpen || !handler || !isFunction(handler) || guarded.includes(route) || asksItself(route)) return false;
  if (!guarded.some(({ method }) => method === 'POST')) return false;
  let found = false;
  everyOf(handler, ['CallExpression'], (node) => {
    const callee = node.type === 'CallExpression' && !found ? unwrap(node.callee) : null;
    if (callee?.type !== 'MemberExpression' || !byId.test(memberName(callee) ?? '')) return;
    found = modelFields(source, callee.object)?.some(({ name, isOwner }) => isOwner && name !== 'status') ?? false;
  });
  return found;
}

const deepest = 3;

/** True where a file that imports this one, or one that imports that, mounts something behind a guard: `app.use('/api', signedIn, routes)`. */
function isGuardedAbove({ project, path }: Source): boolean {
  const seen = new Set([path]);
  for (let depth = 0, level = [path]; depth < deepest; depth++) {
    level = level.flatMap((one) => mayImport(project, one)).filter((one) => !seen.has(one));
    for (const one of level) {
      const from = seen.has(one) ? undefined : sourceAt(project, one);
      seen.add(one);
      if (from === null || (from && hasGuardedMount(from))) return true;
    }
  }
  return false;
}
