import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { taintOf } from '../../flow/taint.ts';
import { defineRule } from '../../rule.ts';

const instruments = /^prom-client#(Counter|Gauge|Histogram|Summary)\(\)\.(inc|dec|set|observe|startTimer|labels)$/;
/** Values of which there are as many as requests, users or objects. */
const unbounded = /(^|\.)(originalUrl|url|path|ip|userId|user_id|sessionId|requestId|email|query|id)$/;

export const labelCardinality = defineRule({
  id: 'obs/label-cardinality',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A metric has a label with as many values as there are requests.',
  why: 'Each value of a label is a time series of its own, in the memory of the program and in the database of metrics, for ever. A path with ids in it, a user or an address makes millions of them. Label with the route’s pattern (`/users/:id`), the method and the status; ids belong in logs and traces.',
  remedy: { skill: 'health' },
  mentions: /prom-client/,
  file: (source, tell) => ({
    CallExpression(node) {
      if (!instruments.test(originOf(source, node.callee) ?? '')) return;
      for (const argument of node.arguments) {
        const value = labelIn(source, unwrap(argument));
        if (value === null) continue;
        tell(value, {
          message: `${source.textOf(value)} as a label makes a time series of each value that it ever has.`,
          fix: "Label with the route's pattern instead, as req.route?.path.",
        });
        return;
      }
    },
  }),
});

function labelIn(source: Source, node: Syntax): Syntax | null {
  if (node.type === 'ObjectExpression') {
    for (const property of node.properties) {
      if (property.type !== 'Property') continue;
      const found = isUnbounded(source, property.value, keyOf(property)) ? property.value : null;
      if (found) return found;
    }
    return null;
  }
  return node.type === 'MemberExpression' && isUnbounded(source, node, null) ? node : null;
}

function isUnbounded(source: Source, outer: Syntax, key: string | null): boolean {
  const node = unwrap(outer);
  if (node.type === 'LogicalExpression')
    return !/route/.test(source.textOf(node)) && isUnbounded(source, node.right, key);
  const text = source.textOf(node);
  if (/\broute\b|baseUrl|routerPath|routeOptions|\.method$|status/i.test(text)) return false;
  if (node.type === 'MemberExpression')
    return (
      unbounded.test(text) && (taintOf(source, node) === 'request' || /user|session|request|req\b|ctx\b/i.test(text))
    );
  return node.type === 'Identifier' && /^(userId|email|url|ip|requestId|sessionId)$/.test(node.name);
}
