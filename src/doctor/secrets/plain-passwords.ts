import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { memberName, namesAround } from '../code/objects.ts';
import { wordsOf } from '../code/reach.ts';
import { functionAround, type Source } from '../code/source.ts';
import { isSent, taintOf } from '../flow/taint.ts';
import type { Tell } from '../rule.ts';

const exact = /^(password|passwd|pwd|pass|passWord)$/i;
const given =
  /^(body|dto|input|credentials?|creds|args?|data|payload|form|values|params|login|auth|\w*(Dto|DTO|Input|Data|Request))$/;
const signsIn = /log_?in|sign_?in|auth|valid|jwt|token|session|credential/i;
const hashing = /hash|crypt|md5|sha\d|digest|argon|scrypt|pbkdf/i;
/** What hashes passwords and does nothing else: a file that takes it keeps no plain ones. */
const hashers = /(from|require\()\s*['"](bcrypt(js)?|argon2|@node-rs\/(argon2|bcrypt)|hash-wasm)['"]/;

/** By file: this is asked of each comparison. */
const knownHashers = new WeakMap<Source, boolean>();

function takesHasher(source: Source): boolean {
  const takes = knownHashers.get(source) ?? hashers.test(source.text);
  knownHashers.set(source, takes);
  return takes;
}

/** `user.password === body.password`: what is kept is the password itself. */
export function comparedPlain(source: Source, node: Extract<Syntax, { type: 'BinaryExpression' }>, tell: Tell): void {
  if (!/^[!=]==?$/.test(node.operator) || takesHasher(source)) return;
  const sides = [unwrap(node.left), unwrap(node.right)];
  if (comparesBoth(source, node, sides)) {
    tell(node, plainWords(source, node));
    return;
  }
  const kept = sides.find((side) => isKept(source, side));
  const other = sides.find((side) => side !== kept);
  const around = functionAround(source, node);
  if (!kept || !other || !around || !isGiven(source, other)) return;
  // A text of the code is no row of a table: it is told of as a secret.
  if (stringValue(placeOf(source, kept)?.node ?? kept) !== null) return;
  if (node.operator.startsWith('!') && !refuses(source, node)) return;
  const words = `${wordsOf(around)} ${source.path}`;
  if (!signsIn.test(words) || hashing.test(wordsOf(around)) || isSent(taintOf(source, kept))) return;
  tell(node, { ...plainWords(source, node), ...(isOfThing(kept) ? { confidence: 'hint', severity: 'warning' } : {}) });
}

const plainWords = (source: Source, node: Syntax) => ({
  message: `${source.textOf(node)} compares passwords as they are: they are kept unhashed, and whoever reads the table or a backup has them all.`,
  fix: 'Keep a hash by crypto.scrypt, argon2 or bcrypt, and compare with the function of that library.',
});

/** `const comparePassword = (kept, given) => kept === given`. */
function comparesBoth(source: Source, node: Syntax, sides: readonly Syntax[]): boolean {
  const around = functionAround(source, node);
  if (around === null || around.params.length !== 2 || hashing.test(wordsOf(around))) return false;
  const areParameters = sides.every(
    (side) =>
      side.type === 'Identifier' &&
      bindingOf(source, side)?.scope === around &&
      bindingOf(source, side)?.kind === 'parameter',
  );
  const [name = ''] = namesAround(source, node);
  return areParameters && /^(compare|check|verify|validate|match|is_?valid)_?passw/i.test(name);
}

/** `if (a !== b) throw …`: where nothing is refused, somebody only looks whether it has changed. */
function refuses(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent.type === 'IfStatement')
      return /\b(throw|return|reject|next|res|reply)\b/.test(source.textOf(parent.consequent));
    if (parent.type === 'ReturnStatement' || parent.type === 'ArrowFunctionExpression') return true;
    if (parent.type === 'ExpressionStatement' || parent.type === 'VariableDeclaration') return false;
  }
  return false;
}

/** `board.password`: what its owner made up for those who are given the link; nobody signs in elsewhere by it. */
const isOfThing = (kept: Syntax): boolean => {
  const object = kept.type === 'MemberExpression' ? unwrap(kept.object) : kept;
  const name = object.type === 'Identifier' ? object.name : (memberName(object) ?? '');
  return /(dashboard|board|link|share|room|meeting|note|paste|file|folder|document|event|channel|page|album|gallery|form|poll|survey)$/i.test(
    name,
  );
};

/** `user.password`: of something that was found, not of what the client sent. */
const isKept = (source: Source, node: Syntax): boolean => {
  if (!exact.test(memberName(node) ?? '') || node.type !== 'MemberExpression') return false;
  const object = unwrap(node.object);
  const name = object.type === 'Identifier' ? object.name : (memberName(object) ?? '');
  return (
    !given.test(name) &&
    !/env|config|settings|options|prev|next|old|original|state|props|this/i.test(source.textOf(object))
  );
};

/** The password as it was sent: `req.body.password`, `dto.password`, a parameter or a part of the body of that name. */
function isGiven(source: Source, node: Syntax): boolean {
  if (node.type === 'MemberExpression') {
    if (!exact.test(memberName(node) ?? '')) return false;
    const object = unwrap(node.object);
    const name = object.type === 'Identifier' ? object.name : (memberName(object) ?? '');
    return isSent(taintOf(source, node)) || given.test(name);
  }
  if (node.type !== 'Identifier' || !/passw(or)?d|pwd|^pass$/i.test(node.name)) return false;
  const binding = bindingOf(source, node);
  if (binding?.kind === 'parameter') return true;
  const value = constantOf(source, node);
  return isSent(taintOf(source, node)) && !(value && hashing.test(source.textOf(value)));
}

/** `User.findOne({ email, password })` with the password that was sent: what is kept is the password itself. */
export function soughtPlain(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  const method = memberName(unwrap(node.callee)) ?? '';
  if (!/^(find|findOne|findFirst|findUnique|findBy|findOneBy|findOneOrFail|findAll|where|getOne)$/.test(method)) return;
  const [first] = node.arguments;
  const properties = first ? conditionsIn(constantOf(source, first) ?? unwrap(first)) : [];
  if (!properties.some((one) => /mail|user|login|name|phone|^id$/i.test(keyOf(one) ?? ''))) return;
  for (const property of properties) {
    if (property.type !== 'Property' || !exact.test(keyOf(property) ?? '')) continue;
    const value = unwrap(property.value);
    const around = functionAround(source, node);
    if (!isGivenHere(source, value) || (around && hashing.test(wordsOf(around)))) continue;
    tell(property, {
      message: `${source.textOf(node.callee)}() looks for the password as it was sent: passwords are kept unhashed, and whoever reads the table or a backup has them all.`,
      fix: 'Find the user by name, keep a hash by crypto.scrypt, argon2 or bcrypt, and compare with the function of that library.',
    });
  }
}

const isGivenHere = (source: Source, value: Syntax): boolean =>
  isSent(taintOf(source, value)) && /passw(or)?d|pwd|pass\b/i.test(source.textOf(value));

/** The fields of a condition, those of `where` and of `$and: [{ mail }, { password }]` as well. */
function conditionsIn(node: Syntax): Syntax[] {
  if (node.type === 'ArrayExpression') return node.elements.flatMap((one) => (one ? conditionsIn(unwrap(one)) : []));
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((one): Syntax[] =>
    one.type === 'Property' && /^(where|\$and)$/.test(keyOf(one) ?? '') ? conditionsIn(unwrap(one.value)) : [one],
  );
}
