import { keyOf, type ObjectExpression, propertyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { memberName, objectAt, option } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import { functionAround, type Source } from '../code/source.ts';
import type { Tell } from '../rule.ts';
import { isPlaceholder, redacted } from './secrets.ts';

const own = 'Read it from the environment, stop at the start where it is missing, and change it: it is known.';
const word = /^(password|passwd|pass|pwd)$/i;

/** `{ user: 'shop', pass: 'secret' }`, `{ host, user, password: 'secret' }`: what a server elsewhere is entered with. */
export function ofServer(source: Source, node: Extract<Syntax, { type: 'Property' }>, tell: Tell): void {
  if (!word.test(keyOf(node) ?? '')) return;
  const object = source.parentOf(node);
  const text = stringValue(unwrap(node.value));
  if (object?.type !== 'ObjectExpression' || text === null || !isCredential(text)) return;
  const keys = object.properties.map((one) => keyOf(one) ?? '');
  const hasUser = keys.some((key) => /^(user|username|userName|login)$/.test(key));
  const isMail = keyOf(node) === 'pass' && hasUser && nameOfHolder(source, object) === 'auth';
  const isServer = hasUser && keys.some((key) => /^(host|hostname|server|database|connectString|service)$/.test(key));
  const host = stringValue(propertyOf(object, 'host') ?? propertyOf(object, 'server') ?? node) ?? '';
  const isElsewhere = /^[\w-]+(\.[\w-]+)+$/.test(host) && !/^(127|10|192\.168)\./.test(host);
  if (!isMail && !isServer && !isElsewhere) return;
  // Inboxes that anybody is given to try things out, and from which nothing is sent on.
  if (/(^|\.)ethereal\.email$/i.test(nextTo(source, object))) return;
  const isHere = /^(localhost|127\.|0\.0\.0\.0|db$|mysql$|postgres$|mongo$|redis$)/.test(host);
  tell(node.value, {
    message: `The ${isMail ? 'password of the mail account' : 'password of a server'} (${redacted(text)}) stands in the code.`,
    fix: own,
    confidence: 'likely',
    ...(isHere ? { severity: 'warning' } : {}),
  });
}

/** The host beside a user and a password, or beside the object that they stand in; '' for none. */
function nextTo(source: Source, object: ObjectExpression): string {
  const holder = source.parentOf(source.parentOf(object) ?? object);
  const hosts = [object, holder].map((one) => (one?.type === 'ObjectExpression' ? propertyOf(one, 'host') : null));
  return hosts.map((one) => (one ? stringValue(unwrap(one)) : null)).find((one) => one !== null) ?? '';
}

function nameOfHolder(source: Source, object: ObjectExpression): string | null {
  const parent = source.parentOf(object);
  return parent?.type === 'Property' ? keyOf(parent) : null;
}

const isCredential = (text: string): boolean =>
  text.length >= 6 &&
  !isPlaceholder(text) &&
  !/^[a-z]+([.:][\w-]+)+$/i.test(text) &&
  !/^[A-Z][A-Z0-9_]*$|^(root|test|guest|demo|sa|pg|app)\d*$/i.test(text);

/** `req.body.password === 'opensesame'`: the password of everybody who has read the code. */
export function comparedWith(source: Source, node: Extract<Syntax, { type: 'BinaryExpression' }>, tell: Tell): void {
  if (!/^===?$/.test(node.operator) || functionAround(source, node) === null) return;
  const sides = [unwrap(node.left), unwrap(node.right)];
  // A name such as `pass` may count rounds: it says something as a part of what was sent only.
  const name = sides.find((side) =>
    side.type === 'Identifier' ? /^(password|passwd|pwd)$/i.test(side.name) : word.test(memberName(side) ?? ''),
  );
  const text = sides.map((side) => textAt(source, side)).find((one) => one !== null);
  if (
    !name ||
    text === undefined ||
    text === null ||
    text.length < 4 ||
    /^(password|undefined|string|true|false|null)$|^[*•x.]+$|^[/~]/i.test(text)
  )
    return;
  tell(node, {
    message: `${source.textOf(name)} is compared with a text that stands in the code: who has read it signs in.`,
    fix: 'Keep a hash of the password with the user (scrypt, argon2, bcrypt), and compare with that.',
    confidence: 'likely',
  });
}

/** A text as it stands, or as a property of a constant: `const user = { password: 'opensesame' }`. */
function textAt(source: Source, side: Syntax): string | null {
  if (side.type !== 'MemberExpression' || !word.test(memberName(side) ?? '')) return stringValue(side);
  const place = placeOf(source, side);
  return place?.source === source ? stringValue(place.node) : null;
}

/** `basicAuth({ users: { admin: 'secret' } })`. */
export function ofBasicAuth(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  if (originOf(source, node.callee) !== 'express-basic-auth#default') return;
  const options = objectAt(source, node.arguments[0]);
  const users = options && objectAt(options.source, option(options, 'users'));
  for (const one of users?.node.properties ?? []) {
    const text = one.type === 'Property' ? stringValue(unwrap(one.value)) : null;
    if (text === null || text === '' || one.type !== 'Property') continue;
    tell(users?.source === source ? one.value : node, {
      message: `The password of ${keyOf(one) ?? 'a user'} (${redacted(text)}) stands in the code.`,
      fix: own,
    });
  }
}
