import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { lastResortOf } from '../../calls/last-resort.ts';
import { type CallSyntax, calledName, uncaughtIn } from '../../calls/waits.ts';
import { routerWrapped } from '../../routes/wrapped-routers.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { majorOf, rangeAt } from '../../code/packages.ts';
import { everyOf, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { isHandler, rolesOf } from '../../routes/roles.ts';
import { methods } from '../../routes/routes.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { defineRule } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';
import { grouped } from '../../together.ts';

interface Handler {
  at: At;
  name: string;
  waits: string;
  /** Its router went through what may wait for its handlers. */
  isUnsure: boolean;
}
/** A handler whose rejection nobody sees; that the project makes Express see them all, or keeps the process alive. */
type Note = Handler | 'patched' | 'goes on';

/** In so many handlers of a file each is told of by itself. */
const most = 3;
/** In more of a package one answer mends them, wherever they are. */
const mostOfPackage = 8;

const patches =
  /['"](express-async-errors|express-promise-router|@awaitjs\/express|express-async-router|express\/lib\/router\/layer(\.js)?)['"]/;

/** `for (const layer of app._router.stack) layer.handle = wrap(layer.handle)`: each handler of the router is put into another. */
const isPatched = ({ text }: Source): boolean =>
  patches.test(text) || (/\.stack\b/.test(text) && /\.handle\s*=(?![=>])/.test(text));

export const expressAsyncError = defineRule<Note>({
  id: 'res/express-async-error',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'An async handler of Express 4 can reject, and Express does not see it.',
  why: 'Express 4 calls a handler and forgets what it returns. Where an `async` handler throws or awaits something that fails, no error middleware runs and no answer is sent: the client waits until it gives up, and since Node 15 the unhandled rejection ends the whole process, with every other request in it. Wrap async handlers in a function that passes the rejection to `next`, catch in the handler, or move to Express 5, which waits for the promise.',
  remedy: 'words',
  running: true,
  mentions:
    /\.(get|post|put|patch|delete|all|use|route|param)\s*\(|express-async-errors|express-promise-router|router\/layer|\.handle\s*=|unhandledRejection|uncaughtException/,
  applies: (project) =>
    project.files.some((path) => /(^|\/)package\.json$/.test(path) && majorOf(rangeAt(project, path, 'express')) === 4),
  file(source, _tell, note) {
    if (isPatched(source)) note('patched');
    if (majorOf(rangeAt(source.project, source.path, 'express')) !== 4) return {};
    return {
      CallExpression(node) {
        if (lastResortOf(source, node)?.goesOn) return note('goes on');
        if (!registers(source, node) || isForDevelopment(source, node)) return;
        for (const argument of node.arguments.flatMap(flat)) {
          const place = handlerIn(source, argument);
          const waits = place && uncaughtIn(place.source, place.node);
          if (!place || !waits) continue;
          const wrapped = routerWrapped(source, node);
          if (wrapped === 'waits') return;
          note({
            at: atNode(place.source, place.node),
            name: isFunction(unwrap(argument)) ? '' : source.textOf(argument).replace(/\s+/g, ' ').slice(0, 60),
            waits: place.source.textOf(waits).replace(/\s+/g, ' ').slice(0, 60),
            isUnsure: wrapped === 'may wait',
          });
        }
      },
    };
  },
  project(_project, tell, notes) {
    if (notes.some(({ note }) => note === 'patched')) return;
    const lives = notes.some(({ note }) => note === 'goes on');
    const handlers = notes.flatMap(({ note }) => (note === 'patched' || note === 'goes on' ? [] : [note]));
    const once = grouped(handlers, ({ at }) => `${at.path}:${at.start}`).flatMap(([first]) => (first ? [first] : []));
    for (const inFile of grouped(once, ({ at, isUnsure }) => `${at.path} ${isUnsure}`))
      for (const { at, name, waits, isUnsure } of inFile) {
        const isEverywhere = once.filter((one) => one.isUnsure === isUnsure).length > mostOfPackage;
        const isOneOfMany = isEverywhere || inFile.length > most;
        tell(at, {
          message: `Express 4 does not see the rejection of this async handler${name ? ` (${name})` : ''}: where \`${waits}\` fails, the request is never answered${lives ? '' : ' and the unhandled rejection ends the process'}.`,
          ...(isOneOfMany ? { together: isEverywhere ? 'package' : at.path } : {}),
          fix: !isOneOfMany
            ? 'Wrap the handler so that its rejection goes to next(), catch the error in it, or move to Express 5.'
            : 'Move to Express 5, which waits for handlers, or wrap them all so that their rejections go to next().',
          ...(lives ? { severity: 'warning' as const } : {}),
          ...(isUnsure ? { confidence: 'hint' as const } : {}),
        });
      }
  },
});

const flat = (node: Syntax): Syntax[] => {
  const inner = unwrap(node);
  return inner.type === 'ArrayExpression' ? inner.elements.flatMap((one) => (one ? flat(one) : [])) : [inner];
};

/** `router.get(…)`, `app.use(…)` on a router of Express; where its origin cannot be told, by the path or the handler's shape. */
function registers(source: Source, call: CallSyntax): boolean {
  const name = calledName(call);
  if (name === null || !(methods.has(name) || name === 'use' || name === 'param')) return false;
  if (call.callee.type !== 'MemberExpression') return false;
  const origin = originOf(source, call.callee.object);
  if (origin !== null && /^express#/.test(origin)) return true;
  if (origin !== null && !/^\//.test(origin)) return false;
  return (
    /^(\w*router|app|\w*[aA]pi|server|routes?|expressApp|this\.(app|router|express))$/i.test(
      source.textOf(call.callee.object).split(/[.(]route\(/)[0] ?? '',
    ) && call.arguments.length > 0
  );
}

/** The async function that handles requests behind an argument: written there, named, or given back by a factory that is called there. */
function handlerIn(source: Source, argument: Syntax): { source: Source; node: FunctionSyntax } | null {
  const inner = unwrap(argument);
  if (isFunction(inner)) return inner.async ? { source, node: inner } : null;
  if (inner.type === 'Identifier' || inner.type === 'MemberExpression') return asyncAt(definitionOf(source, inner));
  if (inner.type !== 'CallExpression') return null;
  const bind = calledName(inner) === 'bind' && inner.callee.type === 'MemberExpression' ? inner.callee.object : null;
  if (bind) return handlerIn(source, bind);
  const factory = definitionOf(source, inner.callee);
  const given = factory && isFunction(factory.node) && !factory.node.async ? givenBack(factory.node) : null;
  return factory && given ? asyncAt({ source: factory.source, node: given }) : null;
}

const asyncAt = (place: { source: Source; node: Syntax } | null): { source: Source; node: FunctionSyntax } | null =>
  place && isFunction(place.node) && place.node.async && isRequestHandler(place.source, place.node)
    ? { source: place.source, node: place.node }
    : null;

const isRequestHandler = (source: Source, node: FunctionSyntax): boolean =>
  isHandler(source, node) || rolesOf(source, node).length === 0 || node.params.length >= 2;

/** The function that a factory returns. */
function givenBack(factory: FunctionSyntax): FunctionSyntax | null {
  const { body } = factory;
  if (!body) return null;
  if (body.type !== 'BlockStatement') {
    const value = unwrap(body);
    return isFunction(value) ? value : null;
  }
  let found: FunctionSyntax | null = null;
  for (const statement of body.body) {
    everyOf(statement, ['ReturnStatement'], (node) => {
      if (node.type !== 'ReturnStatement' || !node.argument || found !== null) return;
      const value = unwrap(node.argument);
      if (isFunction(value)) found = value;
    });
  }
  return found;
}
