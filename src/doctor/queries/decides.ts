import type { Syntax } from '../../text/syntax.ts';
import { everyOf, type Source } from '../code/source.ts';

/** True where the answer of a look decides about an insert: `if (found) throw …; … create`, `if (!found) { … create }`, or the look itself in the condition. */
export function decides(
  source: Source,
  body: Syntax,
  { node: look, name: given, from }: { node: Syntax; name: string | null; from: number },
  made: Syntax,
): boolean {
  let decided = false;
  const names = given === null ? [] : [given, ...partsOf(source, body, given)];
  everyOf(body, ['IfStatement'], (node) => {
    if (decided || node.type !== 'IfStatement' || node.start > made.start) return;
    const test = plainTest(source.textOf(node.test));
    const name = names.find((one) => new RegExp(`^!?!?\\(?${one.replace(/\W/g, '\\$&')}\\b`).test(test)) ?? null;
    const isWithin = node.test.start <= look.start && node.test.end >= look.end;
    if (!isWithin) {
      if (name === null || node.start < from) return;
    }
    // A limit is counted, not a row looked for: another race, and another way out of it.
    if (/[<>]=?\s*(?![01]\b)[\w.]/.test(test)) return;
    const isInside = node.end >= made.end;
    const isAbsent = /^!(?!!)|===?\s*(null|undefined|0)\b|<\s*1\b/.test(test);
    // What is asked of the row is another question than whether it is there: `if (token.revoked)`.
    if (!isWithin && !isAbsent && name !== null && asksMore(test, name)) return;
    decided = isInside
      ? isAbsent || (node.alternate !== null && node.alternate.start <= made.start)
      : !isAbsent && leaves(node.consequent);
  });
  return decided;
}

/** `isEmpty(user)`, `!_.isNil(user)`, `helper.isValid(user)` as code says it by itself: `!user`, `user`. */
const plainTest = (test: string): string =>
  test
    .replace(
      /^(!?)(?:\w+\.)*is(?:Empty|Nil|Null|Undefined|NullOrUndefined)\((\w+)\)$/,
      (_, not: string, name: string) => (not === '' ? `!${name}` : name),
    )
    .replace(/^(!?)(?:\w+\.)*(?:is(?:Valid|Defined|Present|NotEmpty|NotNil|Object)|Boolean)\((\w+)\)$/, '$1$2');

/** Names of a part of the answer: `const id = found?.id`. */
function partsOf(source: Source, body: Syntax, name: string): string[] {
  const parts: string[] = [];
  everyOf(body, ['VariableDeclarator'], (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return;
    const text = source.textOf(node.init);
    if (text.startsWith(name) && /^\?\.(_?id|uuid|length)$/.test(text.slice(name.length))) parts.push(node.id.name);
  });
  return parts;
}

const asksMore = (test: string, name: string): boolean => {
  const part = new RegExp(`^!?!?\\(?${name.replace(/\W/g, '\\$&')}\\s*\\??\\.(?:\\[0\\]\\??\\.?)?(\\w+)`).exec(
    test,
  )?.[1];
  // `user.id === 1`: which row it is.
  const isOfValue = /[!=]==?\s*(\d|['"`])/.test(test) && !/^(length|rows|rowCount|count|size)$/.test(part ?? '');
  return (
    part !== undefined && (isOfValue || !/^(length|id|_id|rows|rowCount|count|size|email|username|name)$/.test(part))
  );
};

function leaves(node: Syntax): boolean {
  let left = false;
  everyOf(node, ['ReturnStatement', 'ThrowStatement'], (inner) => {
    if (inner.type === 'ReturnStatement' || inner.type === 'ThrowStatement') left = true;
  });
  return left;
}
