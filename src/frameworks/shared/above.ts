import type { Above, Host, Op } from '../../model.ts';
import { dotted, stringValue } from '../../text/syntax.ts';
import { locateApp, type Manner } from './locate.ts';
import type { Reach } from './reach.ts';
import { type AppCall, arity, callOn, handlerNames, kindOf } from './rules.ts';
import { lineAt, statementAround, textAt } from './source.ts';

/**
 * The first statement above a line of ours, in the same block and run unconditionally, that parses the bodies of its
 * requests (for a `raw` line) or answers every request. Null where nothing surely does.
 */
export function aboveIn(op: Extract<Op, { op: 'statement' }>, host: Host, manner: Manner): Above | null {
  const located = locateApp(host, manner);
  if ('unplaced' in located) return null;
  const { reach, role } = located;
  const calls = role.uses.flatMap((use) => {
    const call = use.source.path === op.file ? callOn(use) : null;
    const around = call && statementAround(use.source, call.spot.node);
    return call && around?.statement.type === 'ExpressionStatement' ? [{ call, ...around }] : [];
  });
  const words = new Set(op.text.match(/[\w$]+/g));
  const ours = calls.find(({ call }) => call.arguments.some((one) => words.has(dotted(one) ?? '')));
  if (!ours) return null;
  const mount = pathOf(ours.call) ?? '/';
  for (const { call, statement, block } of calls) {
    if (block !== ours.block || statement.start >= ours.statement.start) continue;
    const kind = kindOf(reach, call, manner.rules);
    const covers = isBelow(mount, pathOf(call));
    const found =
      kind === 'parser' && op.slot === 'raw' && covers
        ? ('body-parser' as const)
        : kind === 'last' && answersAll(reach, call, manner.framework)
          ? ('catch-all' as const)
          : null;
    const spot = { source: ours.call.spot.source, node: statement };
    if (found !== null) return { kind: found, line: lineAt(spot), text: textAt(spot).split('\n')[0]?.trimEnd() ?? '' };
  }
  return null;
}

const pathOf = ({ arguments: [first] }: AppCall): string | null => (first ? stringValue(first) : null);

/** True where a handler at a path is given the requests below the mount; without a path it is given all. */
const isBelow = (mount: string, path: string | null): boolean =>
  path === null || `${mount}/`.startsWith(`${path.replace(/\/+$/, '')}/`);

/** Surely a handler that gives no request on: it declares no `next`, or is called as those are. Error handlers are none. */
function answersAll(reach: Reach, call: AppCall, framework: string): boolean {
  if (call.method !== 'use' && call.method !== 'all') return false;
  const path = pathOf(call);
  if (path !== null && !/^\/?\*$|^\/\{?\*\w*\}?$|^\/?\(\.\*\)$/.test(path)) return false;
  const last = call.arguments.at(-1);
  const count = last ? arity(reach, { ...call.spot, node: last }) : -1;
  const isNamed = handlerNames(call).some((name) => /not.?found|404|catch.?all/i.test(name));
  return count === (framework === 'hono' ? 1 : 2) || (isNamed && count < 3);
}
