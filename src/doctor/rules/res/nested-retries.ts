import type { Syntax } from '../../../text/syntax.ts';
import { type Loop, retriedBy, retriedIn } from '../../calls/retries.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { everyOf, isFunction, type Source } from '../../code/source.ts';
import { defineRule } from '../../rule.ts';

/** Libraries that retry by themselves, how often they call in all, and what turns it off. */
const retrying: readonly (readonly [RegExp, string, number, RegExp])[] = [
  [/^openai#(default|OpenAI|AzureOpenAI)\(\)\./, 'openai', 3, /maxRetries\s*:\s*0/],
  [/^@anthropic-ai\/sdk#(default|Anthropic)\(\)\./, '@anthropic-ai/sdk', 3, /maxRetries\s*:\s*0/],
  [/^groq-sdk#(default|Groq)\(\)\./, 'groq-sdk', 3, /maxRetries\s*:\s*0/],
  [/^stripe#(default|Stripe)\(\)\./, 'stripe', 3, /maxNetworkRetries\s*:\s*0/],
  [/^@aws-sdk\/[\w-]+#\w+\(\)\./, 'the AWS SDK', 3, /maxAttempts\s*:\s*1\b/],
  [
    /^got#(default|got)?(\.?(get|put|head|delete|extend\(\)(\.\w+)?))?$/,
    'got',
    3,
    /retry\s*:\s*(0|\{\s*limit\s*:\s*0)/,
  ],
  [
    /^ky#(default|ky)?(\.?(get|put|head|delete|create\(\)(\.\w+)?|extend\(\)(\.\w+)?))?$/,
    'ky',
    3,
    /retry\s*:\s*(0|\{\s*limit\s*:\s*0)/,
  ],
  [/^ai#(generate(Text|Object)|embed(Many)?)$/, 'ai', 3, /maxRetries\s*:\s*0/],
];

type Note =
  | { retries: string; path: string; start: number; end: number; called: string; times: number }
  | { off: string };

export const nestedRetries = defineRule<Note>({
  id: 'res/nested-retries',
  since: '0.1.0',
  severity: 'warning',
  // That the tries multiply is seen; whether the outer layer is run at all, and what it costs, is not.
  confidence: 'hint',
  title: 'A call is retried around a client that retries by itself.',
  why: 'Two layers of retries multiply: three tries around a client that tries three times are nine calls, each with its own waiting. When the other service is in trouble it gets nine times the load and does not come back, a request here hangs for minutes, and a bill for tokens is nine times as high. Keep one layer: turn the client’s own off (`maxRetries: 0`), or drop the outer.',
  remedy: { skill: 'api-client' },
  running: true,
  owasp: 'API10',
  mentions: /retr(y|ies)|backOff|cockatiel|maxAttempts|attempt/i,
  file(source, _tell, note) {
    for (const [, name, , off] of retrying) if (off.test(source.text)) note({ off: name });
    const look = (node: Syntax, work: { source: Source; node: Syntax } | null, called: string): void => {
      const inner = work && retryingIn(work.source, work.node, 1);
      if (!inner) return;
      const { path } = source;
      note({ retries: inner.library, times: inner.times, path, start: node.start, end: node.end, called });
    };
    const loop = (node: Loop): void => {
      const work = retriedIn(source, node);
      look(node, work && { source, node: work }, 'This loop');
    };
    return {
      CallExpression: (node) =>
        look(node, retriedBy(source, node), `${source.textOf(node.callee).replace(/\s+/g, '').slice(0, 60)}()`),
      ForStatement: loop,
      WhileStatement: loop,
      DoWhileStatement: loop,
    };
  },
  project(_project, tell, notes) {
    const off = new Set(notes.flatMap(({ note }) => ('off' in note ? [note.off] : [])));
    for (const { note } of notes) {
      if ('off' in note || off.has(note.retries)) continue;
      tell(note, {
        message: `${note.called} retries calls of ${note.retries}, which makes up to ${note.times} of each by itself: the tries multiply when the service is in trouble.`,
        fix: 'Keep one layer: turn the client’s own retries off, or drop this one.',
        together: `${note.path} ${note.called}`,
      });
    }
  },
});

/** The first call of the work that goes through such a library; in the project's functions too. */
function retryingIn(source: Source, work: Syntax, depth: number): { library: string; times: number } | null {
  let found: { library: string; times: number } | null = null;
  everyOf(work, ['CallExpression'], (node) => {
    if (found !== null || node.type !== 'CallExpression') return;
    const origin = originOf(source, node.callee) ?? '';
    const row = retrying.find(([pattern]) => pattern.test(origin));
    if (row) found = row[3].test(source.textOf(node)) ? null : { library: row[1], times: row[2] };
    else if (depth > 0) {
      const place = definitionOf(source, node.callee);
      if (place && isFunction(place.node) && place.node !== work)
        found = retryingIn(place.source, place.node, depth - 1);
    }
  });
  return found;
}
