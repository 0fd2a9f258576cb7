import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { importersOf } from '../code/browser.ts';
import { callsOf, ownName } from '../code/callers.ts';
import { definitionOf } from '../code/origin.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';
import { type CallSyntax, calledName } from './waits.ts';

/** A listener for what nothing else has caught. */
export interface LastResort {
  event: 'uncaughtException' | 'unhandledRejection';
  /** True where it is known in full and lets the process go on. */
  goesOn: boolean;
}

/** The listener that a call adds to the process for good; null for every other call. */
export function lastResortOf(source: Source, call: CallSyntax): LastResort | null {
  if (!/^(process|this\.process)\.(on|once|addListener|prependListener)$/.test(source.textOf(call.callee))) return null;
  const [event, listener] = call.arguments;
  const name = event ? stringValue(event) : null;
  if (!listener || (name !== 'uncaughtException' && name !== 'unhandledRejection')) return null;
  if (isInDeadCode(source, call)) return null;
  const isTakenBack = new RegExp(`\\b(removeListener|off)\\(\\s*['"]${name}['"]`).test(source.text);
  return { event: name, goesOn: !isTakenBack && goesOn(source, listener) };
}

/** In a function that the file gives away, and that nothing of the project imports or calls; `register` is called by Next. */
function isInDeadCode(source: Source, call: CallSyntax): boolean {
  const outer = [...source.above(call)].filter(isFunction).at(-1);
  if (!outer || source.parentOf(outer)?.type !== 'ExportNamedDeclaration' || ownName(outer) === 'register')
    return false;
  // Another package may call it.
  if (source.project.around !== null) return false;
  return importersOf(source.project, source.path).length === 0 && callsOf(source, outer).length === 0;
}

/** Names of functions that end the process, at once or in order. */
const ending = /exit|shut|stop|clos|fatal|terminat|kill|abort|die|crash|quit|cleanup|rethrow|exception.?handler/i;
/** What only says that it happened: a logger, a service that gathers errors. */
const telling =
  /^(console|res|JSON|String|util|chalk|colors?|debug)\b|(^|\.)(\w*log(ger)?|\w*log(ger|ging)?(service|provider|adapter|client)|sentry|winston|pino|\w*telemetry|newrelic|rollbar|bugsnag|\w*metrics?|appInsights|datadog|tracer|span)\.\w+$|(^|\.)(logError|capture(Exception|Error|Message)|track(Exception|Error)|sendError|reportError|noticeError|recordException|notifyError)$/i;

/** True for a listener that is known in full and neither ends the process nor throws. */
function goesOn(source: Source, listener: Syntax): boolean {
  const inner = unwrap(listener);
  // `process.on('unhandledRejection', console.error)`.
  if (inner.type === 'MemberExpression' && telling.test(source.textOf(inner))) return true;
  const place = isFunction(inner) ? { source, node: inner } : definitionOf(source, inner);
  if (!place || !isFunction(place.node)) return false;
  if (inner.type === 'Identifier' && ending.test(inner.name)) return false;
  let [ends, unknown] = [false, false];
  everyNode(place.node, (node) => {
    if (node.type === 'ThrowStatement') ends = true;
    if (node.type === 'AssignmentExpression' && /process\.exitCode/.test(place.source.textOf(node.left))) ends = true;
    if (node.type !== 'CallExpression') return;
    const text = place.source.textOf(node.callee);
    if (telling.test(text) || isSaid(place.source, node)) return;
    if (ending.test(calledName(node) ?? '') || ending.test(text)) ends = true;
    else unknown ||= !isHarmless(place.source, node);
  });
  return !ends && !unknown;
}

/** `log.error({ error: shorten(error) })`: what makes the words that are logged. */
function isSaid(source: Source, call: CallSyntax): boolean {
  if (ending.test(source.textOf(call))) return false;
  for (const parent of source.above(call)) {
    if (isFunction(parent)) return false;
    if (parent.type === 'CallExpression' && telling.test(source.textOf(parent.callee))) return true;
  }
  return false;
}

/** A function of the project that is known, and ends nothing either. */
function isHarmless(source: Source, call: CallSyntax): boolean {
  const place = definitionOf(source, call.callee);
  return (
    place !== null &&
    isFunction(place.node) &&
    !ending.test(place.source.textOf(place.node)) &&
    !/\bthrow\b/.test(place.source.textOf(place.node))
  );
}
