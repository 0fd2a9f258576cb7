import { asString, readJson } from '../../detect/json.ts';
import { resolveImport } from '../../detect/modules.ts';
import { isCode } from '../../detect/paths.ts';
import { requiredBy, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { memberName, objectAt, option } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import type { Project } from '../project.ts';
import type { Tell } from '../rule.ts';
import { isRandom, redacted, secretVariableIn } from './secrets.ts';

/** What to do about a secret of one's own. */
export const own = 'Read it from the environment, stop at the start where it is missing, and change it: it is known.';
/** Names of secrets that the program itself signs or encrypts with: whatever stands there is the secret. */
export const strong =
  /(^|_|[a-z])((cookie|session|jwt|auth|signing|token|access_?token|refresh_?token|csrf|app)_?secret|(crypto|encryption|encrypt|signing|secret|master)_?key)$/i;

const sessions =
  /^(express-session|cookie-session|iron-session|@fastify\/(session|secure-session|cookie)|koa-session|next-auth|better-auth)#/;

/** True for an option of those libraries, which is looked at by itself. */
export function isGiven(source: Source, node: Syntax): boolean {
  const object = source.parentOf(node);
  const call = object ? source.parentOf(object) : null;
  return (
    call?.type === 'CallExpression' &&
    ((call.arguments[0] === object && sessions.test(originOf(source, call.callee) ?? '')) ||
      (call.arguments[1] === object && sessions.test(originOf(source, call.arguments[0] ?? call) ?? '')))
  );
}

/** Secrets that libraries are given: of sessions, of signed cookies, of HMACs. */
export function given(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  const origin = originOf(source, node.callee) ?? '';
  const [first, second] = node.arguments;
  // `app.register(cookie, { secret: 'x' })`
  const isPlugin =
    memberName(unwrap(node.callee)) === 'register' && first && sessions.test(originOf(source, first) ?? '');
  const options = sessions.test(origin) ? objectAt(source, first) : isPlugin ? objectAt(source, second) : null;
  const secret = options ? (option(options, 'secret') ?? option(options, 'keys') ?? option(options, 'password')) : null;
  if (options && secret) {
    const ofCookies = /^@fastify\/cookie#/.test(isPlugin ? (originOf(source, first) ?? '') : origin);
    const at = options.source === source ? secret : node;
    if (!ofCookies) signing(options.source, secret, tell, at, 'sessions');
    else signing(options.source, secret, asUsed(source, tell), at, 'cookies');
    return;
  }
  if (origin === 'cookie-parser#default' && first) {
    signing(source, first, asUsed(source, tell), first, 'cookies');
    return;
  }
  if (origin === 'crypto#createHmac' && second) {
    const place = placeOf(source, second);
    const text = place ? stringValue(place.node) : null;
    if (text !== null && isRandom(text)) signing(source, second, tell, second, 'signatures');
    return;
  }
  const key = ciphers.test(origin) ? second : deriving.test(origin) ? first : undefined;
  if (key) ofCipher(source, key, tell);
}

/** Cookies that are signed, or asked for their signature; what keeps sessions or forms by the same secret. */
const signs =
  /\bsigned\s*[:=]\s*true\b|\b(un)?signCookie\b|\bsignedCookies?\b|\.session\b|['"][@\w/-]*session[\w-]*['"]\s*[:;),]|csrf|csurf|\bsigned\s*[,}]|connect-flash/i;

const known = new WeakMap<Project, boolean>();

/** As it is where the project signs a cookie, or keeps a session; else as a hint: the secret signs nothing. */
function asUsed({ project }: Source, tell: Tell): Tell {
  const isUsed =
    known.get(project) ??
    project.files.some((path) => {
      const text = isCode(path) || path.endsWith('package.json') ? project.tree.read(path) : null;
      return text !== null && signs.test(text);
    });
  known.set(project, isUsed);
  return isUsed ? tell : (at, words) => tell(at, { ...words, severity: 'info', confidence: 'hint' });
}

/** Ciphers, with the key as the second that they are given; and what makes a key of a text. */
const ciphers =
  /^(crypto#create(C|Dec)ipheriv|crypto-js#(AES|DES|TripleDES|Rabbit|RC4)\.(en|de)crypt|crypto-js\/\w+#(en|de)crypt)$/;
const deriving = /^crypto#(scrypt|scryptSync|pbkdf2|pbkdf2Sync)$/;

/** A key that is a text of the code, or the bytes of one. */
function ofCipher(source: Source, key: Syntax, tell: Tell): void {
  const inner = unwrap(key);
  const place = placeOf(source, inner);
  const value = place?.node;
  const isBytes =
    value?.type === 'CallExpression' && originOf(place?.source ?? source, value.callee) === '#Buffer.from';
  const [first] = isBytes ? value.arguments : [];
  const text = value ? (stringValue(value) ?? (first ? stringValue(first) : null)) : null;
  const isNamed =
    inner.type !== 'Literal' && strong.test(lastName(inner)) && (text?.length ?? 0) >= 12 && !/\s/.test(text ?? '');
  if (text === null || text === '' || (isNamed && !isBytes)) return;
  tell(key, {
    message: `The key of this cipher (${redacted(text)}) stands in the code: who has read it reads what is encrypted.`,
    fix: own,
  });
}

function signing(source: Source, node: Syntax, tell: Tell, at: Syntax, what: string): void {
  const inner = unwrap(node);
  if (inner.type === 'ArrayExpression') {
    const [first] = inner.elements;
    if (first) signing(source, first, tell, at === node ? first : at, what);
    return;
  }
  const kept = textInJson(source, inner);
  if (kept !== null) {
    tell(at, {
      message: `The secret of the ${what} (${redacted(kept)}) stands in a file of the repository: who has read it makes its own.`,
      fix: own,
    });
    return;
  }
  const place = placeOf(source, inner);
  const value = place?.node;
  const isFallback = value?.type === 'LogicalExpression' && value.operator !== '&&';
  const text = value ? stringValue(isFallback ? value.right : value) : null;
  // Found where it stands, once.
  if (isFallback && place && secretVariableIn(place.source.textOf(value)) !== null) return;
  // A name that says what it is, with the text beside it, is found where it stands.
  if (
    text === null ||
    text === '' ||
    (inner.type !== 'Literal' && !isFallback && strong.test(lastName(inner)) && text.length >= 12)
  )
    return;
  tell(at, {
    message: isFallback
      ? `Where the environment has no secret, ${what} are signed with one that stands in the code (${redacted(text)}): who has read it makes its own.`
      : `The secret of the ${what} (${redacted(text)}) stands in the code: who has read it makes its own.`,
    fix: own,
    confidence: isFallback ? 'likely' : 'certain',
  });
}

/** `pkg.name` of a JSON file that is imported: what stands there; null for anything else. */
function textInJson(source: Source, node: Syntax): string | null {
  if (node.type !== 'MemberExpression') return null;
  const binding = bindingOf(source, unwrap(node.object));
  const from = binding?.imported?.from ?? (binding?.init ? requiredBy(binding.init) : null) ?? '';
  const path = from.endsWith('.json') ? resolveImport(source.project.tree, source.path, from) : null;
  return (path && asString(readJson(source.project.tree, path)?.[memberName(node) ?? ''])) || null;
}

const lastName = (node: Syntax): string => (node.type === 'Identifier' ? node.name : (memberName(node) ?? ''));
