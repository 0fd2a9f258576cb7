import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { functionAround, type Source } from '../code/source.ts';
import type { Words } from '../rule.ts';
import { apiFile } from './routes.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/** `req.on('data', (chunk) => { body += chunk; })` in a function that never looks at how much there is. */
export function collected(source: Source, node: Call): Words | null {
  const callee = unwrap(node.callee);
  const [event, listener] = node.arguments;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.property.name !== 'on')
    return null;
  if (
    !event ||
    !listener ||
    stringValue(event) !== 'data' ||
    !/^_?(req|request)(\.raw|\.req)?$/.test(source.textOf(callee.object))
  )
    return null;
  if (!/\+=|\.push\(|concat\(/.test(source.textOf(listener))) return null;
  const scope = functionAround(source, node) ?? source.program;
  if (/length|size|limit|max|destroy|413/i.test(source.textOf(scope))) return null;
  // Raw bytes for a signature, on a route of Next, whose platform or proxy has a limit.
  const isOfNext = source.project.has('next') && apiFile.test(source.path);
  return {
    ...(isOfNext ? { confidence: 'hint' as const, severity: 'info' as const } : {}),
    message:
      'The body is collected piece by piece, however much comes: one client that goes on sending fills the memory.',
    fix: 'Count the bytes, and answer 413 and destroy the request above a limit.',
  };
}
