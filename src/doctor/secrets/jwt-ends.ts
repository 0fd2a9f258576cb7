import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { bindingOf } from '../code/names.ts';
import { isOpen, namesAround, objectAt, option, type Written } from '../code/objects.ts';
import { wordsOf } from '../code/reach.ts';
import { everyNode, everyOf, functionAround, isFunction, type Source } from '../code/source.ts';

/** Claims by which a token's end can be told: the standard's, and those that programs look at themselves. */
const ends = /^(exp|exp(ires|iry|iration)?\w*|valid_?until|not_?after|created_?at|issued_?at|timestamp|ts)$/im;
const ofSomebody = /user|account|auth|session|login|\bsub\b|email|\broles?\b|admin/i;
const anId = /(^|_)id$/im;

/** True for a token of somebody that has no end, by what it is signed with: neither its claims nor the options tell of one. */
export function isEndless(source: Source, claims: Syntax | undefined, given: Syntax | undefined): boolean {
  return claims !== undefined && !mayEnd(source, given) && isWithoutEnd(source, claims);
}

/** True where options tell of an end, or may. */
export function mayEnd(source: Source, given: Syntax | undefined): boolean {
  if (!given) return false;
  const options = objectAt(source, given);
  if (!options) return true;
  const isNamed = options.node !== unwrap(given) && /expiresIn|expiration/.test(options.source.text);
  return isNamed || isOpen(options) || option(options, 'expiresIn') !== null;
}

/** True for the options of Nest's module unless they are written there in full, without an end. */
export const mayGiveEnds = (source: Source, given: Syntax | undefined): boolean => {
  const options = objectAt(source, given);
  if (!options || isOpen(options)) return true;
  const maker = option(options, 'useFactory');
  if (option(options, 'useClass') || option(options, 'useExisting')) return true;
  if (maker !== null && !/secret|privateKey/i.test(source.textOf(maker))) return true;
  let tells = false;
  everyNode(options.node, (one) => {
    const key = one.type === 'Property' ? keyOf(one) : null;
    if (one.type !== 'Property' || key === null) return;
    const value = unwrap(one.value);
    const isPlain =
      value.type === 'ObjectExpression' && value.properties.every((part) => part.type === 'Property' && !part.computed);
    if (key === 'expiresIn' || (key === 'signOptions' && !isPlain)) tells = true;
  });
  return tells;
};

/** Claims that are written down, here or where the function that signs is called, and hold nothing of an end. */
export function isWithoutEnd(source: Source, claims: Syntax): boolean {
  const written = objectAt(source, claims);
  const about = [...namesAround(source, claims), source.path].join(' ');
  if (written) return saysNoEnd(written, about);
  const inner = unwrap(claims);
  const binding = bindingOf(source, inner);
  const around = functionAround(source, claims);
  if (binding?.kind !== 'parameter' || binding.path.length > 0 || around === null || binding.scope !== around)
    return false;
  if (!isFunction(binding.scope) || /\bexp\b|expir/i.test(source.textOf(around))) return false;
  const index = binding.scope.params.findIndex((one: Syntax) => one === binding.declaration);
  const calls = callsOf(source, around);
  return (
    calls.length > 0 &&
    calls.every(({ source: from, call }) => {
      const object = objectAt(from, call.arguments[index]);
      return object !== null && saysNoEnd(object, about);
    })
  );
}

/** Of somebody by the claims' own names, or by an id and the name of what makes the token. */
function saysNoEnd(claims: Written, about: string): boolean {
  if (isOpen(claims)) return false;
  const words = wordsOf(claims.node);
  const isOfSomebody = ofSomebody.test(words) || (anId.test(words) && ofSomebody.test(about));
  return !ends.test(words) && isOfSomebody;
}

/** Claims that name what the server keeps of a sign-in: with that record the token can be taken back. */
const keptRecord = /^(jti|sid)$|session_?id|device_?id|token_?id/im;

const hashing = /hash|sha\d|shake|md5|digest|hmac|fingerprint/i;

/** `{ h: sha256(user.password) }`: claims that end with the password. */
const holdsPasswordHash = ({ source, node }: Written): boolean =>
  node.type === 'ObjectExpression' &&
  node.properties.some((one) => {
    const value = one.type === 'Property' ? unwrap(one.value) : null;
    const text = value?.type === 'CallExpression' ? source.textOf(value) : '';
    return hashing.test(text) && /passw|pwd/i.test(text);
  });

/** True for a token without an end that ends all the same: it is used at once elsewhere, its claims name such a record, or change with the password. */
export function endsAnyhow(source: Source, signed: Syntax, claims: Syntax | undefined): boolean {
  const written = objectAt(source, claims);
  const isKept = written !== null && (keptRecord.test(wordsOf(written.node)) || holdsPasswordHash(written));
  return isKept || isHandedOver(source, signed);
}

/** True for a token that goes to somebody else's host by a redirect and nowhere else: it is used at once, and nothing here believes it. */
function isHandedOver(source: Source, signed: Syntax): boolean {
  const around = functionAround(source, signed);
  const given = around
    ? callsOf(source, around).filter(({ call }) => !(call.start <= signed.start && signed.end <= call.end))
    : [];
  const uses = [{ source, call: signed }, ...given].flatMap(({ source: from, call }) => nameGiven(from, call));
  return uses.length > 0 && uses.every(({ source: from, name }) => isRedirected(from, name));
}

/** The name of the variable that holds what a call gives. */
function nameGiven(source: Source, call: Syntax): { source: Source; name: string }[] {
  const parent = source.parentOf(call);
  const holder = parent?.type === 'AwaitExpression' ? source.parentOf(parent) : parent;
  return holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier'
    ? [{ source, name: holder.id.name }]
    : [];
}

const foreign = /^https:\/\/(?!localhost)[\w-]+\.[\w.-]+/;

function isRedirected(source: Source, name: string): boolean {
  let [found, isElsewhere] = [false, false];
  everyOf(source.program, ['Identifier'], (node) => {
    if (node.type !== 'Identifier' || node.name !== name) return;
    const parent = source.parentOf(node);
    if (parent?.type === 'VariableDeclarator' && parent.id === node) return;
    const isIn =
      parent?.type === 'TemplateLiteral' && foreign.test(parent.quasis[0]?.value.raw ?? '') && isGoneTo(source, parent);
    if (isIn) found = true;
    else isElsewhere = true;
  });
  return found && !isElsewhere;
}

/** `redirect: { destination: url }`, `res.redirect(url)`. */
const isGoneTo = (source: Source, url: Syntax): boolean => {
  const user = source.parentOf(url);
  if (user?.type === 'CallExpression') return /(^|\.)redirect$/.test(source.textOf(user.callee));
  return user?.type === 'Property' && keyOf(user) === 'destination';
};
