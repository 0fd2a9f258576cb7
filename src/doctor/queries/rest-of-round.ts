import { type Syntax, stringValue } from '../../text/syntax.ts';
import { roundOf } from '../calls/rounds.ts';
import { everyOf, functionAround, isFunction, type Source } from '../code/source.ts';

/** True where what else a round does keeps its query from being many, or from being put together with the others. */
export const isSpared = (source: Source, at: Syntax, loop: Syntax): boolean =>
  remembers(source, loop) || isForFew(source, at, loop) || writesRow(source, loop) || isSaidToBe(source, loop);

/** True where rounds keep what they were told, and ask only for what is new: `seen.get(id)` with `seen.set(id, …)`. */
function remembers(source: Source, loop: Syntax): boolean {
  const text = source.textOf(roundOf(loop));
  for (const [, name] of text.matchAll(/\b([\w$.]+)\.set\(/g))
    if (name !== undefined && new RegExp(`(^|[^\\w.])${name.replace(/[.$]/g, '\\$&')}\\.(get|has)\\(`).test(text))
      return true;
  return false;
}

/** `if (!row.isOurs) continue; … if (found) return …`: rounds that come as far as the query are picked out before, and the first that fits ends the loop. */
function isForFew(source: Source, at: Syntax, loop: Syntax): boolean {
  if (loop.type === 'CallExpression') return false;
  const own = functionAround(source, loop);
  let [isPicked, isEnded] = [false, false];
  everyOf(roundOf(loop), ['ContinueStatement', 'BreakStatement', 'ReturnStatement'], (node) => {
    if (functionAround(source, node) !== own) return;
    if (node.type === 'ContinueStatement') isPicked ||= node.end <= at.start;
    else isEnded ||= node.start >= at.end && !isWithinAnother(source, node, loop);
  });
  return isPicked && isEnded;
}

/** In a loop or `switch` within the round, which `break` ends in its place. */
function isWithinAnother(source: Source, node: Syntax, loop: Syntax): boolean {
  if (node.type !== 'BreakStatement') return false;
  for (const parent of source.above(node)) {
    if (parent === loop) return false;
    if (/^(For\w*|While|DoWhile|Switch)Statement$/.test(parent.type) || isFunction(parent)) return true;
  }
  return false;
}

const writing = /^\s*(update\s+\S+\s+set|delete\s+from)\b/i;

/** A row that each round writes in words of SQL, whoever sends them: as many queries as rows whatever is read at once. */
function writesRow(source: Source, loop: Syntax): boolean {
  let isIt = false;
  everyOf(roundOf(loop), ['CallExpression', 'TaggedTemplateExpression'], (node) => {
    const given =
      node.type === 'CallExpression' ? node.arguments[0] : node.type === 'TaggedTemplateExpression' && node.quasi;
    if (isIt || !given) return;
    const words =
      given.type === 'TemplateLiteral' ? source.textOf(given).replace(/^`|\$\{[^}]*\}/g, 'x ') : stringValue(given);
    isIt = words !== null && writing.test(words.replace(/^x /, ''));
  });
  return isIt;
}

/** Lines of a comment that are looked at. */
const most = 10;
const reasons =
  /\b(sequential(ly)?|one[ -](by[ -]one|at a time)|in (turn|sequence)|serially|on purpose|intentional(ly)?|deliberate(ly)?)\b/i;

/** A comment above the loop, or at the head of its round, that says so. */
function isSaidToBe(source: Source, loop: Syntax): boolean {
  const above = source.text.slice(0, loop.start).split('\n').slice(-most, -1).reverse();
  const head = source.text.slice(roundOf(loop).start, roundOf(loop).end).split('\n').slice(1, most);
  return [above, head].some((lines) => {
    const end = lines.findIndex((line) => !/^\s*(\/[/*]|\*)/.test(line));
    return reasons.test(lines.slice(0, end === -1 ? lines.length : end).join(' '));
  });
}
