import { keyOf, literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { isOpen, memberName, namesAround, objectAt, option, optionValue, type Written } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { everyOf, type Source } from '../../code/source.ts';
import { defineRule, type Spot, type Tell, type Words } from '../../rule.ts';
import { algorithms, chosen, decoded, decoders, partOfToken, unread, unsigned } from '../../secrets/jwt-believed.ts';
import { endsAnyhow, isEndless, isWithoutEnd, mayEnd, mayGiveEnds } from '../../secrets/jwt-ends.ts';
import { ignored } from '../../secrets/jwt-ignored.ts';
import { isShared, keyed } from '../../secrets/jwt-keys.ts';
import { onceFor } from '../../together.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/** Middlewares and modules that hold the key in their options, under these names. */
const holders: readonly (readonly [RegExp, string])[] = [
  [/^@nestjs\/jwt#JwtModule\.register$/, 'secret'],
  [/^hono\/jwt#jwt$/, 'secret'],
  [/^express-jwt#(default|expressjwt|jwt)$/, 'secret'],
  [/^koa-jwt#default$/, 'secret'],
  [/^passport-jwt#Strategy$/, 'secretOrKey'],
  [/^fast-jwt#create(Signer|Verifier)$/, 'key'],
  [/^@elysiajs\/jwt#(default|jwt)$/, 'secret'],
  [/^@nestjs\/jwt#JwtService$/, 'secret'],
];

/** Libraries whose options give every token its end: one that is signed without, and that there is such an option somewhere. And a key that another file holds. */
type Note =
  | { endless: Spot; by: Library }
  | { ends: Library }
  | { key: Extract<Spot, { start: number }>; words: Words };
type Library = 'nest' | 'fastify';

export const jwtMisuse = defineRule<Note>({
  id: 'sec/jwt-misuse',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A token is believed that anybody could have written.',
  why: 'A JWT proves something only after its signature was checked with a key that nobody else has, by an algorithm of your choice, and while it lasts. `decode` checks nothing; `none` is no signature; a key in the code is known to everybody who can read the repository, or its copies; a token without an end opens the door for ever once it has leaked.',
  hidesCode: true,
  remedy: 'codemod',
  running: true,
  owasp: 'API2',
  securitySeverity: 9.1,
  mentions: /jsonwebtoken|jwt|jose\b|jws\b|\.split\(['"]\.['"]\)\[1\]/i,
  file: (source, tell, note) => ({
    Program(program) {
      const once = onceFor(source.path, tell);
      const telling: Tell = (at, words) => {
        if ('start' in at && 'path' in at && at.path !== source.path) note({ key: at, words });
        else once(at, words);
      };
      everyOf(program, ['CallExpression', 'NewExpression', 'IfStatement'], (node) => {
        if (node.type === 'CallExpression' || node.type === 'NewExpression') look(source, node, telling, note);
        else if (node.type === 'IfStatement') unsigned(node, telling);
      });
    },
  }),
  project(_project, tell, notes) {
    for (const { note } of notes)
      if ('endless' in note && !notes.some(({ note: other }) => 'ends' in other && other.ends === note.by))
        tell(note.endless, endless);
    const told = new Set<string>();
    for (const { note } of notes) {
      if (!('key' in note) || told.has(`${note.key.path}:${note.key.start}`)) continue;
      told.add(`${note.key.path}:${note.key.start}`);
      tell(note.key, note.words);
    }
  },
});

/** Words for a token without an end, with the way in which its library gives one. */
const endlessBy = (how: string): Words => ({
  message: 'This token has no end: one that has leaked is good for ever.',
  fix: `Give it one: ${how}, and a refresh token that can be taken back.`,
  severity: 'warning',
  confidence: 'likely',
});
const endless = endlessBy("expiresIn: '15m'");

function look(source: Source, node: Call, tell: Tell, note: (note: Note) => void): void {
  const origin = originOf(source, node.callee);
  for (const [holder, key] of holders)
    if (origin !== null && holder.test(origin))
      held(source, node, objectAt(source, node.arguments[0]), key, origin, tell);
  if (node.callee.type === 'Super' && /passport-jwt/.test(source.text))
    held(source, node, objectAt(source, node.arguments[0]), 'secretOrKey', 'passport-jwt', tell);
  if (origin !== null && /^@nestjs\/jwt#JwtModule\./.test(origin) && mayGiveEnds(source, node.arguments[0]))
    note({ ends: 'nest' });
  if (node.type !== 'CallExpression') return;
  const [first, second, third, fourth] = node.arguments;
  if (origin === 'jsonwebtoken#verify') verified(source, node, tell);
  else if (origin === 'jsonwebtoken#sign') signed(source, node, tell);
  else if (origin === 'jose#jwtVerify') {
    keyed(source, second, tell);
    algorithms(objectAt(source, third), node, tell);
  } else if (origin === 'jwt-simple#decode') {
    keyed(source, second, tell);
    if (third && literal(third) === true) tell(node, unread(source, node));
    if (fourth && memberName(unwrap(fourth)) === 'alg') tell(node, chosen);
  } else if (origin === 'jwt-simple#encode' || origin === 'hono/jwt#sign') {
    keyed(source, second, tell);
    if (first && isWithoutEnd(source, first)) tell(node, endlessBy('exp: Math.floor(Date.now() / 1000) + 15 * 60'));
  } else if (origin === 'hono/jwt#verify') keyed(source, second, tell);
  else if (origin === '@nestjs/jwt#JwtModule.registerAsync') factory(source, node, tell);
  else others(source, node, origin, tell, note);
}

function others(
  source: Source,
  node: Extract<Call, { type: 'CallExpression' }>,
  origin: string | null,
  tell: Tell,
  note: (note: Note) => void,
): void {
  const [first, second] = node.arguments;
  if (origin !== null && decoders.test(origin)) decoded(source, node, first, tell);
  else if (origin !== null && /^(#atob|#Buffer\.from)$/.test(origin))
    decoded(source, node, partOfToken(source, first), tell);
  else if (origin !== null && /^jose#SignJWT\(\)(\.\w+\(\))*\.sign$/.test(origin)) made(source, node, tell);
  else if (/^@nestjs\/jwt#JwtService\(\)\.(sign|verify)(Async)?$/.test(origin ?? '')) {
    held(source, node, objectAt(source, second), 'secret', '@nestjs/jwt', tell);
    const isSigned =
      /\.sign(Async)?$/.test(origin ?? '') && !mayEnd(source, second) && first && isWithoutEnd(source, first);
    if (isSigned) note({ endless: spotOf(source, node), by: 'nest' });
  } else registered(source, node, tell, note);
}

const spotOf = ({ path }: Source, { start, end }: Syntax): Spot => ({ path, start, end });

function verified(source: Source, node: Call, tell: Tell): void {
  const [, key, given] = node.arguments;
  keyed(source, key, tell);
  const options = objectAt(source, given);
  if (
    /^[~^]?[0-3]\./.test(source.project.dependencies.get('jsonwebtoken') ?? '') &&
    !(options && option(options, 'algorithms'))
  )
    tell(node, {
      message:
        'jsonwebtoken below 4.2 takes the algorithm that the token names: a token of `none`, or one signed with the public key, is believed.',
      fix: "Take a current jsonwebtoken, and name the one algorithm that you sign with: algorithms: ['RS256'].",
    });
  if (/^[~^]?[4-8]\./.test(source.project.dependencies.get('jsonwebtoken') ?? '') && key && isPublic(source, key))
    if (options === null ? !given : option(options, 'algorithms') === null && !isOpen(options))
      tell(node, {
        message: `jsonwebtoken below 9 also takes HS256 here, with ${source.textOf(key)} as its secret: whoever has the public key signs tokens with it.`,
        fix: "Name the one algorithm that you sign with: algorithms: ['RS256'].",
        confidence: 'likely',
      });
  if (!options) return;
  algorithms(options, node, tell);
  if (
    optionValue(options, 'ignoreExpiration') === true &&
    !/refresh|expired/i.test([...namesAround(source, node)].join(' '))
  )
    tell(node, {
      message: 'This believes tokens whose time is over: one that has leaked opens the door for ever.',
      fix: 'Delete ignoreExpiration; give short tokens and refresh them.',
      confidence: 'likely',
    });
}

/** A key that everybody may have, by its name or its words. */
function isPublic(source: Source, key: Syntax): boolean {
  const inner = unwrap(key);
  const name = inner.type === 'Identifier' ? inner.name : (memberName(inner) ?? '');
  return /public_?key|pub_?key|publicCert/i.test(name) || /BEGIN (RSA )?PUBLIC KEY/.test(source.textOf(inner));
}

function signed(source: Source, node: Call, tell: Tell): void {
  const [payload, key, given] = node.arguments;
  keyed(source, key, tell);
  const none = objectAt(source, given);
  if (none && String(optionValue(none, 'algorithm')).toLowerCase() === 'none')
    tell(node, {
      message: "algorithm: 'none' signs nothing: everybody can write such a token.",
      fix: 'Sign with HS256 or EdDSA.',
    });
  if (isEndless(source, payload, given))
    tell(node, endsAnyhow(source, node, payload) ? { ...endless, severity: 'info', confidence: 'hint' } : endless);
}

/** `new SignJWT(claims).setProtectedHeader(…).sign(key)`. */
function made(source: Source, node: Extract<Call, { type: 'CallExpression' }>, tell: Tell): void {
  keyed(source, node.arguments[0], tell);
  let start: Syntax = node;
  while (start.type === 'CallExpression' || start.type === 'MemberExpression')
    start = unwrap(start.type === 'CallExpression' ? start.callee : start.object);
  const [claims] = start.type === 'NewExpression' ? start.arguments : [];
  if (claims && !/setExpirationTime/.test(source.text) && isWithoutEnd(source, claims))
    tell(node, endlessBy(".setExpirationTime('15m')"));
}

function held(source: Source, node: Call, options: Written | null, key: string, origin: string, tell: Tell): void {
  if (options === null) return;
  const value = option(options, key);
  if (value) keyed(options.source, value, tell, options.source === source ? value : node);
  if (optionValue(options, 'ignoreExpiration') === true) ignored(source, node, tell);
  const isOld =
    origin.startsWith('express-jwt#') && /^[~^]?[0-5]\./.test(source.project.dependencies.get('express-jwt') ?? '');
  algorithms(options, node, tell);
  const isDrawn = /random/i.test(value ? options.source.textOf(value) : '');
  if (isOld && !isDrawn && !option(options, 'algorithms') && !isOpen(options))
    tell(node, {
      ...(value && isShared(options.source, value) ? { severity: 'info', confidence: 'hint' } : {}),
      message:
        'express-jwt below 6 takes the algorithm that the token names: with a public key as `secret`, whoever has that key signs tokens with it.',
      fix: "Name the one algorithm that you sign with: algorithms: ['RS256'], and take a current express-jwt.",
    });
}

/** `JwtModule.registerAsync({ useFactory: () => ({ secret: 'x' }) })`. */
function factory(source: Source, node: Call, tell: Tell): void {
  everyOf(node, ['Property'], (one) => {
    if (one.type === 'Property' && keyOf(one) === 'secret') keyed(source, one.value, tell);
  });
}

/** `app.register(jwt, { secret: 'x' })`, `app.jwt.sign(claims)`, `reply.jwtSign(claims)`. */
function registered(source: Source, node: Call, tell: Tell, note: (note: Note) => void): void {
  const callee = unwrap(node.callee);
  const name = memberName(callee);
  const [first, given] = node.arguments;
  if (name === null || !first) return;
  if (name === 'jwtSign' || (name === 'sign' && /\.jwt\.sign$/.test(source.textOf(callee)))) {
    const isOwn = source.project.has('@fastify/jwt') || source.project.has('fastify-jwt');
    if (isOwn && !mayEnd(source, given) && isWithoutEnd(source, first))
      note({ endless: spotOf(source, node), by: 'fastify' });
    return;
  }
  if (name !== 'register' || !/^(@fastify\/jwt|fastify-jwt)#/.test(originOf(source, first) ?? '')) return;
  const options = objectAt(source, given);
  const value = options && option(options, 'secret');
  if (!options || isOpen(options) || option(options, 'sign') !== null) note({ ends: 'fastify' });
  if (options && value) keyed(options.source, value, tell, options.source === source ? value : node);
}
