import { literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { callsOf } from '../../code/callers.ts';
import { placeOf } from '../../code/definition.ts';
import { namesAround } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { wordsOf } from '../../code/reach.ts';
import { everyOf, functionAround, type Source } from '../../code/source.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { cost, iterations } from '../../secrets/hash-costs.ts';
import { comparedPlain, soughtPlain } from '../../secrets/plain-passwords.ts';
import { soughtByPlace, soughtInText } from '../../secrets/plain-sql.ts';
import { drawn, secretName } from '../../secrets/random-secrets.ts';
import { onceFor } from '../../together.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

const password = /passw(or)?d|passphrase|(^|[^a-z])pwd/i;
/** Protocols that prescribe such a hash: the other side asks for it. */
const prescribed = /realm|cnonce|\bha1\b|digest_?auth|ntlm|ucs2|mschap|gravatar/i;
/** What the program is told by whoever runs it: a password of its own. */
const settings = /\benv\b|config/i;
const fastHash = /^(md5|md4|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|sha3-\d+|ripemd160|rmd160)$/i;
const brokenHash = /^(md5|md4|sha-?1)$/i;
/** Packages that are one hash: `md5(text)`, `CryptoJS.MD5(text)`. */
const hashCall =
  /^(md5#default|sha1#default|js-md5#(default|md5)|js-sha256#(default|sha256)|sha256#default|blueimp-md5#default|ts-md5#Md5\.hashStr|crypto-js#(MD5|SHA1|SHA256|SHA512)|crypto-js\/(md5|sha1|sha256|sha512)#default)$/;

export const weakCrypto = defineRule({
  id: 'sec/weak-crypto',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'Cryptography that can be broken protects a password, a token or data.',
  why: 'A leaked table of passwords that went through one fast hash is read within hours: graphics cards try billions a second. Use scrypt, argon2 or bcrypt (cost 10 and above), each with its salt. `Math.random()` is a sequence that can be computed from a few of its values: tokens, codes and identifiers that must not be guessed come from `crypto.randomBytes` or `randomUUID`. Encrypt with AES-256-GCM and a new IV for each text.',
  remedy: 'codemod',
  running: true,
  owasp: 'API2',
  securitySeverity: 7.5,
  mentions:
    /createHash|createHmac|createCipher|createDecipher|Math\.random|md5|sha1|sha256|bcrypt|genSalt|pbkdf2|passw|\bpass\b/i,
  file: (source, tell) => ({
    Program(program) {
      const once = onceFor(source.path, tell);
      everyOf(program, ['CallExpression', 'BinaryExpression', 'TemplateLiteral'], (node) => {
        if (node.type === 'CallExpression') look(source, node, once);
        else if (node.type === 'BinaryExpression') comparedPlain(source, node, once);
        if (node.type === 'BinaryExpression' || node.type === 'TemplateLiteral') soughtInText(source, node, once);
      });
    },
  }),
});

function look(source: Source, node: Call, tell: Tell): void {
  const origin = originOf(source, node.callee);
  if (origin === '#Math.random') drawn(source, node, tell);
  else {
    soughtPlain(source, node, tell);
    soughtByPlace(source, node, tell);
  }
  if (origin === null) return;
  if (/^crypto#create(C|Dec)ipher$/.test(origin))
    tell(node, {
      message: `${source.textOf(node.callee)}() derives its key by MD5 without a salt, and was taken out of Node 22.`,
      fix: "Use createCipheriv('aes-256-gcm', key, iv) with a new IV for each text.",
      confidence: 'certain',
    });
  else if (origin === 'crypto#createCipheriv') cipher(source, node, tell);
  else if (origin === 'crypto#createHash().update') hashed(source, node, algorithmOf(source, node), tell);
  else if (hashCall.test(origin))
    hashed(source, node, /md5/i.test(origin) ? 'md5' : /sha1/i.test(origin) ? 'sha1' : 'sha256', tell);
  else if (origin === 'crypto#createHmac') byPassword(source, node, tell);
  else if (/^(bcrypt|bcryptjs|bcrypt-nodejs|@node-rs\/bcrypt)#(hash|hashSync|genSalt|genSaltSync)$/.test(origin))
    cost(source, node, origin, tell);
  else if (/^crypto#pbkdf2(Sync)?$/.test(origin)) iterations(source, node, tell);
}

/** `createHmac('sha256', password)`: a hash of the password alone, or with one salt for all. */
function byPassword(source: Source, node: Call, tell: Tell): void {
  const [algorithm, key] = node.arguments;
  const name = algorithm ? text(source, algorithm) : null;
  if (
    name === null ||
    !key ||
    !/^[\w.]*passw(or)?d$/i.test(source.textOf(key)) ||
    /env|config/i.test(source.textOf(key)) ||
    isHashAlready(source, key)
  )
    return;
  const around = functionAround(source, node);
  const words = around ? wordsOf(around) : '';
  if (/signature|challenge|scram|client_?key|webhook/i.test(`${words} ${source.path}`)) return;
  tell(node, spokenOf(`HMAC-${name}`, source.textOf(key)));
}

/** `createHash('md5').update(x)`: the algorithm, where it is written down. */
function algorithmOf(source: Source, node: Call): string | null {
  let inner: Syntax = unwrap(node.callee);
  for (let step = 0; step < 6; step++) {
    if (inner.type === 'MemberExpression') inner = unwrap(inner.object);
    else if (inner.type === 'CallExpression') {
      if (originOf(source, inner.callee) === 'crypto#createHash')
        return inner.arguments[0] ? text(source, inner.arguments[0]) : null;
      inner = unwrap(inner.callee);
    } else if (inner.type === 'Identifier') inner = placeOf(source, inner)?.node ?? source.program;
    else return null;
  }
  return null;
}

const text = (source: Source, node: Syntax): string | null => {
  const place = placeOf(source, node);
  return place ? stringValue(place.node) : null;
};

function hashed(source: Source, node: Call, algorithm: string | null, tell: Tell): void {
  const [input] = node.arguments;
  if (algorithm === null || !input || !fastHash.test(algorithm)) return;
  const words = wordsOf(input);
  const around = functionAround(source, node);
  const code = around ? wordsOf(around) : '';
  // Asking a list of leaked passwords, which is done by SHA-1; what a slow hash is given then; what another side prescribes, or has given as its secret.
  if (isForLeakList(source, node, `${code} ${source.path}`)) return;
  if (/bcrypt|argon2|scrypt|\brounds\b/i.test(source.text) && /sha-?(256|384|512)/i.test(algorithm)) return;
  if (prescribed.test(`${code} ${source.path}`) || /merchant|terminal/i.test(words)) return;
  if (
    settings.test(words) &&
    !partsOf(input).some((part) => password.test(wordsOf(part)) && !settings.test(wordsOf(part)))
  )
    return;
  if (isHashAlready(source, input)) return;
  if (password.test(words) && !/token|reset/i.test(words)) {
    tell(node, spokenOf(algorithm, source.textOf(input)));
    return;
  }
  const names = [...namesAround(source, node)];
  if (names.some((name) => /^(hash(ify)?|encrypt|make|digest)_?passw(or)?d$/i.test(name))) {
    tell(node, spokenOf(algorithm, 'a password'));
    return;
  }
  if (
    brokenHash.test(algorithm) &&
    isToken(source, node, names) &&
    /login|email|user|name|id\b|date|now/i.test(words)
  ) {
    tell(node, {
      message: `${algorithm} of ${source.textOf(input)} is no secret: whoever knows the value can compute the token.`,
      fix: 'Take crypto.randomBytes(32), keep its hash with the user and an end of its life.',
    });
    return;
  }
  if (around === null) return;
  const parameter =
    input.type === 'Identifier' && around.params.some((one) => one.type === 'Identifier' && one.name === input.name);
  if (!parameter) return;
  // A key that is made of the name and the password, as protocols prescribe it, is kept nowhere.
  const call = callsOf(source, around).find((one) =>
    one.call.arguments.some((given) => password.test(wordsOf(given)) && !/user|name|login|mail/i.test(wordsOf(given))),
  );
  if (call) tell(node, spokenOf(algorithm, `a password (${call.source.path})`));
}

/** The first five letters of an SHA-1 are what lists of leaked passwords are asked by: here, or by who calls this. */
function isForLeakList(source: Source, node: Call, code: string): boolean {
  const list = /pwned|hibp|haveibeen|breach|leaked/i;
  const around = functionAround(source, node);
  if (list.test(code) || (around && /\.(slice|substr(ing)?)\(0,\s*5\)/.test(source.textOf(around)))) return true;
  return (
    around !== null &&
    callsOf(source, around).some(({ source: from, call }) => list.test(wordsOf(functionAround(from, call) ?? call)))
  );
}

/** What is put together to be hashed: `password + config.salt` is the password and one salt for all. */
function partsOf(outer: Syntax): Syntax[] {
  const node = unwrap(outer);
  if (node.type === 'TemplateLiteral') return node.expressions;
  return node.type === 'BinaryExpression' ? [...partsOf(node.left), ...partsOf(node.right)] : [node];
}

/** `user.encryptedPassword`, `row.password_hash`: what is kept of a password is no password any more. */
const isHashAlready = (source: Source, input: Syntax): boolean =>
  /(^|\.)((encrypted|hashed|crypted|digested)_?\w+|\w+_?(Hash|hash|Digest|digest))$/.test(
    source.textOf(unwrap(input)).replace(/[?!]/g, ''),
  );

const spokenOf = (algorithm: string, what: string): { message: string; fix: string } => ({
  message: `${algorithm} of ${what}: a fast hash, of which graphics cards try billions a second.`,
  fix: 'Hash passwords with crypto.scrypt, argon2 or bcrypt, and anew when the user signs in next.',
});

/** True where the hash is compared with, or kept as, a token. */
function isToken(source: Source, node: Call, names: readonly string[]): boolean {
  if (names.some((name) => secretName.test(name))) return true;
  let outer: Syntax = node;
  for (const parent of source.above(node)) {
    if (parent.type === 'BinaryExpression')
      return /token/i.test(source.textOf(parent.left === outer ? parent.right : parent.left));
    if (parent.type !== 'MemberExpression' && parent.type !== 'CallExpression') return false;
    outer = parent;
  }
  return false;
}

function cipher(source: Source, node: Call, tell: Tell): void {
  const [algorithm, , iv] = node.arguments;
  const name = algorithm ? text(source, algorithm) : null;
  if (prescribed.test(source.path)) return;
  if (name !== null && /^(des|rc2|rc4|bf|blowfish|cast)|-ecb$/i.test(name)) {
    tell(node, {
      message: `${name} is broken: ${/ecb/i.test(name) ? 'equal blocks of the text are equal blocks of the result' : 'its keys can be searched'}.`,
      fix: "Use createCipheriv('aes-256-gcm', key, iv) with a new IV for each text.",
    });
    return;
  }
  const place = iv ? placeOf(source, iv) : null;
  const value = place?.node;
  const isFixed =
    value?.type === 'CallExpression' &&
    /^#Buffer\.(alloc|from)$/.test(originOf(place?.source ?? source, value.callee) ?? '') &&
    value.arguments.every((one) => literal(one) !== undefined) &&
    !/randomFill|\.copy\(/.test(source.text);
  // A key that is derived for this text alone, with a salt of its own, needs no other IV.
  const around = functionAround(source, node);
  const derived = around ? /(scrypt|pbkdf2|hkdf)\w*\(\s*[^,()]+,\s*([^,)]*)/i.exec(source.textOf(around)) : null;
  if (derived && !/^['"`]|^Buffer\.from\(['"`]/.test(derived[2] ?? '')) return;
  if (isFixed || (value && stringValue(value) !== null && stringValue(value) !== ''))
    tell(node, {
      message:
        'The IV is always the same: equal texts give equal results, and with GCM or CTR the key stream can be read.',
      fix: 'Take crypto.randomBytes(12) for each text and keep it with the result.',
    });
}
