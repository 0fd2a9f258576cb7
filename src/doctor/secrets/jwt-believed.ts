import { literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { memberName, objectAt, option, type Written } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import { wordsOf } from '../code/reach.ts';
import { functionAround, type Source } from '../code/source.ts';
import { isSent, taintOf } from '../flow/taint.ts';
import { withoutNone } from '../mends/algorithms.ts';
import { handlerAround } from '../routes/roles.ts';
import type { Tell } from '../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/** What reads a token and checks nothing of it. */
export const decoders =
  /^(jsonwebtoken#decode|jwt-decode#(default|jwtDecode)|jose#decodeJwt|jwt-simple#decode|hono\/jwt#decode|jws#decode)$/;
/** Words for a token that chooses how it is checked. */
export const chosen = {
  message:
    'This takes the algorithm that the token itself names: with a public key as the secret, whoever has that key signs tokens with it.',
  fix: "Name the one algorithm that you sign with: algorithms: ['RS256'].",
  confidence: 'likely',
} as const;

/** What `algorithms` lets in: tokens without a signature, or whatever the token says. */
export function algorithms(options: Written | null, node: Call, tell: Tell): void {
  const value = options && option(options, 'algorithms');
  if (!options || !value) return;
  const text = options.source.textOf(value);
  if (/['"]none['"]/i.test(text))
    tell(node, {
      message:
        "With 'none' among the algorithms a token without a signature is believed as soon as the key is missing: a variable that is not set is enough.",
      fix: "Name the one algorithm that you sign with: algorithms: ['HS256'].",
      edits: withoutNone(options.source, value),
    });
  else if (/^\[\s*\w*[hH]eader\.alg\b|\.header\.alg\s*\]$/.test(text)) tell(node, chosen);
}

/** `if (header.alg === 'none') return payload`: a token that nobody signed, let through. */
export function unsigned({ test, consequent }: Extract<Syntax, { type: 'IfStatement' }>, tell: Tell): void {
  const inner = unwrap(test);
  if (inner.type !== 'BinaryExpression' || !/^===?$/.test(inner.operator)) return;
  const isNone = [inner.left, inner.right].some((side) => String(literal(side)).toLowerCase() === 'none');
  const isAlgorithm = [inner.left, inner.right].some((side) => /^alg$/.test(memberName(unwrap(side)) ?? ''));
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  const given = last?.type === 'ReturnStatement' && last.argument ? unwrap(last.argument) : null;
  const isGiven = given?.type === 'Identifier' && given.name !== 'undefined';
  if (isNone && isAlgorithm && isGiven)
    tell(test, {
      message: "A token that names the algorithm 'none' is believed here: anybody writes one for any user.",
      fix: 'Refuse it: verify every token with the key and the algorithm that you sign with.',
    });
}

/** What a client sent, read without a look at the signature, in code that decides who it is. */
export function decoded(source: Source, node: Call, token: Syntax | null | undefined, tell: Tell): void {
  const around = functionAround(source, node);
  if (!token || !around || handlerAround(source, node) === null) return;
  const words = wordsOf(around);
  if (
    /verify|authenticate|introspect|validateToken|jwtVerify|createRemoteJWKSet|getSigningKey|jwks|\bkid\b|header/i.test(
      words.replace(/\bheaders?\b|authorization/gi, '').replace(/verifyEmail/g, ''),
    )
  )
    return;
  if (option0(source, node, 'complete')) return;
  const decides = /\b(users?|userId|currentUser|auth|isAdmin|roles?|sessions?|accounts?|members?|customers?)\b/i.test(
    words,
  );
  if (decides && (isSent(taintOf(source, token)) || isCookie(source, token))) tell(node, unread(source, node));
}

/** A cookie by Hono's or Next's own function. */
const isCookie = (source: Source, token: Syntax): boolean =>
  /^(hono\/cookie#getCookie\(\)|next\/headers#cookies\(\)\.get\(\)\.value)$/.test(originOf(source, token) ?? '');

/** Words for a token that nobody verifies. */
export const unread = (source: Source, node: Call) =>
  ({
    message: `${source.textOf(node.callee)}() reads the token that the client sent and does not check who signed it: anybody writes one for any user.`,
    fix: 'Verify it with the key and the algorithm that you sign with.',
    confidence: 'likely',
  }) as const;

/** `token.split('.')[1]`: the token whose claims are read by hand. */
export function partOfToken(source: Source, node: Syntax | undefined): Syntax | null {
  const inner = node ? unwrap(node) : null;
  if (inner?.type !== 'MemberExpression' || !inner.computed || literal(inner.property) !== 1) return null;
  const call = unwrap(inner.object);
  const isSplit = call.type === 'CallExpression' && /\.split\(\s*['"`]\.['"`]\s*\)$/.test(source.textOf(call));
  return isSplit && call.callee.type === 'MemberExpression' ? call.callee.object : null;
}

function option0(source: Source, node: Call, key: string): boolean {
  const options = objectAt(source, node.arguments[1]);
  const value = options && option(options, key);
  return value ? literal(value) === true : false;
}
