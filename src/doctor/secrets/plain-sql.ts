import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { wordsOf } from '../code/reach.ts';
import { functionAround, type Source } from '../code/source.ts';
import { isSent, taintOf } from '../flow/taint.ts';
import type { Tell } from '../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

const asking = /^\s*select\b[^;]*\bwhere\b/i;
/** The end of a text behind which the password stands, and nothing that hashes it. */
const before = /(^|[\s.,("`[])(password|passwd|pwd|pass)["`\]]?\s*=\s*['"]?$/i;
const hashing = /hash|crypt|md5|sha\d|digest|argon|scrypt|pbkdf/i;

/** `"SELECT … AND password = '" + req.body.password + "'"`: what is kept is the password itself. */
export function soughtInText(source: Source, node: Syntax, tell: Tell): void {
  const parts = partsOf(source, node);
  const [first] = parts;
  if (typeof first !== 'string' || !asking.test(parts.filter((one) => typeof one === 'string').join(' '))) return;
  for (const [index, part] of parts.entries()) {
    const text = parts[index - 1];
    if (typeof part === 'string' || typeof text !== 'string' || !before.test(text)) continue;
    if (isPlain(source, part)) say(source, node, tell);
  }
}

/** `query('SELECT … WHERE mail = ? AND password = ?', [mail, password])`, with `?` or `$2`. */
export function soughtByPlace(source: Source, node: Call, tell: Tell): void {
  const [query, given] = node.arguments;
  const text = query ? stringValue(constantOf(source, query) ?? unwrap(query)) : null;
  const values = given ? (constantOf(source, given) ?? unwrap(given)) : null;
  if (text === null || values?.type !== 'ArrayExpression' || !asking.test(text)) return;
  let at = 0;
  let rest = 0;
  for (const { 0: mark, 1: number, index } of text.matchAll(/\?|\$(\d+)/g)) {
    const value = values.elements[number === undefined ? at : Number(number) - 1];
    const isOfPassword = before.test(text.slice(rest, index));
    at++;
    rest = index + mark.length;
    if (value && isOfPassword && isPlain(source, value)) say(source, node, tell);
  }
}

function isPlain(source: Source, value: Syntax): boolean {
  const around = functionAround(source, value);
  return !(around && hashing.test(wordsOf(around))) && isSent(taintOf(source, value));
}

const say = (source: Source, node: Syntax, tell: Tell): void =>
  tell(node, {
    message: `${node.type === 'CallExpression' ? `${source.textOf(node.callee)}()` : 'This query'} looks for the password as it was sent: passwords are kept unhashed, and whoever reads the table or a backup has them all.`,
    fix: 'Find the user by name, keep a hash by crypto.scrypt, argon2 or bcrypt, and compare with the function of that library.',
  });

/** The texts and values of a template or a sum, in their order; nothing for a part of a larger sum. */
function partsOf(source: Source, node: Syntax): (string | Syntax)[] {
  if (node.type === 'TemplateLiteral')
    return node.quasis.flatMap((one, index) => {
      const value = node.expressions[index];
      return [one.value.cooked ?? '', ...(value ? [value] : [])];
    });
  const parent = source.parentOf(node);
  return node.type !== 'BinaryExpression' || (parent?.type === 'BinaryExpression' && parent.operator === '+')
    ? []
    : summands(node);
}

function summands(outer: Syntax): (string | Syntax)[] {
  const node = unwrap(outer);
  if (node.type === 'BinaryExpression' && node.operator === '+')
    return [...summands(node.left), ...summands(node.right)];
  return [stringValue(node) ?? node];
}
