import { keyOf, literal, stringValue, type Syntax, unwrap } from '../../../text/syntax.ts';
import { placeOf } from '../../definition.ts';
import { isOpen, namesAround, objectAt, option, optionValue, type Written } from '../../objects.ts';
import { originOf } from '../../origin.ts';
import { wordsOf } from '../../reach.ts';
import { handlerAround } from '../../roles.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { secretVariableIn } from '../../secrets.ts';
import { everyNode, functionAround, type Source } from '../../source.ts';
import { isSent, taintOf } from '../../taint.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

const decoders =
  /^(jsonwebtoken#decode|jwt-decode#(default|jwtDecode)|jose#decodeJwt|jwt-simple#decode|hono\/jwt#decode|jws#decode)$/;
/** Middlewares and modules that hold the key in their options, under these names. */
const holders: readonly (readonly [RegExp, string])[] = [
  [/^@nestjs\/jwt#JwtModule\.register$/, 'secret'],
  [/^hono\/jwt#jwt$/, 'secret'],
  [/^express-jwt#(default|expressjwt|jwt)$/, 'secret'],
  [/^koa-jwt#default$/, 'secret'],
  [/^passport-jwt#Strategy$/, 'secretOrKey'],
];

export const jwtMisuse = defineRule({
  id: 'sec/jwt-misuse',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A token is believed that anybody could have written.',
  why: 'A JWT proves something only after its signature was checked with a key that nobody else has, by an algorithm of your choice, and while it lasts. `decode` checks nothing; `none` is no signature; a key in the code is known to everybody who can read the repository, or its copies; a token without an end opens the door for ever once it has leaked.',
  hidesCode: true,
  remedy: 'words',
  owasp: 'API2',
  securitySeverity: 9.1,
  mentions: /jsonwebtoken|jwt|jose\b|jws\b/i,
  file: (source, tell) => {
    const look = (node: Call): void => {
      const origin = originOf(source, node.callee);
      if (node.type === 'CallExpression') {
        if (origin === 'jsonwebtoken#verify') verified(source, node, tell);
        else if (origin === 'jsonwebtoken#sign') signed(source, node, tell);
        else if (origin !== null && decoders.test(origin)) decoded(source, node, tell);
        else if (
          origin === 'jwt-simple#encode' ||
          origin === 'jwt-simple#decode' ||
          /^hono\/jwt#(sign|verify)$/.test(origin ?? '')
        )
          keyed(source, node.arguments[1], tell);
        else if (/^@nestjs\/jwt#JwtService\(\)\.(sign|verify)(Async)?$/.test(origin ?? ''))
          held(source, node, objectAt(source, node.arguments[1]), 'secret', '@nestjs/jwt', tell);
        else if (origin === '@nestjs/jwt#JwtModule.registerAsync') factory(source, node, tell);
        else registered(source, node, tell);
      }
      for (const [holder, key] of holders) {
        const isHolder = origin !== null && holder.test(origin);
        if (isHolder) held(source, node, objectAt(source, node.arguments[0]), key, origin, tell);
      }
      if (node.callee.type === 'Super' && /passport-jwt/.test(source.text))
        held(source, node, objectAt(source, node.arguments[0]), 'secretOrKey', 'passport-jwt', tell);
    };
    return { CallExpression: look, NewExpression: look };
  },
});

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
  if (!options) return;
  const algorithms = option(options, 'algorithms');
  if (algorithms && /['"]none['"]/i.test(options.source.textOf(algorithms)))
    tell(node, {
      message: "With 'none' among the algorithms a token without a signature is believed.",
      fix: "Name the one algorithm that you sign with: algorithms: ['HS256'].",
    });
  if (
    optionValue(options, 'ignoreExpiration') === true &&
    !/refresh|expired/i.test([...namesAround(source, node)].join(' '))
  )
    tell(node, {
      message: 'This believes tokens whose time is over: one that has leaked opens the door for ever.',
      fix: 'Delete ignoreExpiration; give short tokens and refresh them.',
    });
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
  const claims = objectAt(source, payload);
  if (given && !none) return;
  if (none && none.node !== given && /expiresIn/.test(none.source.text)) return;
  if (none && (isOpen(none) || option(none, 'expiresIn'))) return;
  // Claims that come from elsewhere may carry their end.
  if (!claims || isOpen(claims) || option(claims, 'exp')) return;
  if (!/user|account|auth|session|login|sub\b|email|_?id\b/i.test(wordsOf(claims.node))) return;
  tell(node, {
    message: 'This token has no end: one that has leaked is good for ever.',
    fix: "Give it one: expiresIn: '15m', and a refresh token that can be taken back.",
    severity: 'warning',
    confidence: 'likely',
  });
}

/** Reports a key that is written in the code, or that is taken where the environment has none. */
function keyed(source: Source, key: Syntax | undefined, tell: Tell, at?: Syntax): void {
  if (!key) return;
  const place = placeOf(source, key);
  const value = place?.node;
  if (!place || !value || /\.(test|spec)\./.test(place.source.path)) return;
  const isFallback = value.type === 'LogicalExpression' && value.operator !== '&&';
  // sec/hardcoded-secret finds that, once, where it stands.
  if (isFallback && secretVariableIn(place.source.textOf(value.left)) !== null) return;
  const inner = isFallback ? value.right : value;
  const text = textIn(place.source, inner);
  if (text === null || text === '' || /BEGIN [A-Z ]*PUBLIC KEY/.test(text)) return;
  tell(at ?? key, {
    message: isFallback
      ? `Where ${place.source.textOf(value.left).replace(/\s+/g, ' ')} is not set, tokens are signed with a key that stands in the code: who has read it signs in as anybody.`
      : `The key of these tokens stands in the code (${place.source.path}): who has read it signs in as anybody.`,
    fix: isFallback
      ? 'Stop at the start where the variable is missing, and change the key if that ever ran.'
      : 'Read it from the environment, stop at the start where it is missing, and change it: it is known.',
    confidence: isFallback ? 'likely' : 'certain',
  });
}

/** The key as it stands there: a text, or the bytes of one. */
function textIn(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  const text = stringValue(inner);
  if (text !== null) return text;
  if (
    inner.type !== 'CallExpression' ||
    !/^(#Buffer\.from|#TextEncoder\(\)\.encode)$/.test(originOf(source, inner.callee) ?? '')
  )
    return null;
  const [first] = inner.arguments;
  return first ? stringValue(first) : null;
}

function held(source: Source, node: Call, options: Written | null, key: string, origin: string, tell: Tell): void {
  if (options === null) return;
  const value = option(options, key);
  if (value) keyed(options.source, value, tell, options.source === source ? value : node);
  if (optionValue(options, 'ignoreExpiration') === true)
    tell(node, {
      message: 'This believes tokens whose time is over: one that has leaked opens the door for ever.',
      fix: 'Delete ignoreExpiration; give short tokens and refresh them.',
    });
  const isOld =
    origin.startsWith('express-jwt#') && /^[~^]?[0-5]\./.test(source.project.dependencies.get('express-jwt') ?? '');
  const algorithms = option(options, 'algorithms');
  if (algorithms && /['"]none['"]/i.test(options.source.textOf(algorithms)))
    tell(node, {
      message: "With 'none' among the algorithms a token without a signature is believed.",
      fix: 'Name the one algorithm that you sign with.',
    });
  if (isOld && !algorithms && !isOpen(options))
    tell(node, {
      message:
        'express-jwt below 6 takes the algorithm that the token names: with a public key as `secret`, whoever has that key signs tokens with it.',
      fix: "Name the one algorithm that you sign with: algorithms: ['RS256'], and take a current express-jwt.",
    });
}

/** `JwtModule.registerAsync({ useFactory: () => ({ secret: 'x' }) })`. */
function factory(source: Source, node: Call, tell: Tell): void {
  everyNode(node, (one) => {
    if (one.type === 'Property' && keyOf(one) === 'secret') keyed(source, one.value, tell);
  });
}

/** `app.register(jwt, { secret: 'x' })`. */
function registered(source: Source, node: Call, tell: Tell): void {
  const callee = unwrap(node.callee);
  if (
    callee.type !== 'MemberExpression' ||
    callee.property.type !== 'Identifier' ||
    callee.property.name !== 'register'
  )
    return;
  const [plugin, given] = node.arguments;
  if (!plugin || !/^(@fastify\/jwt|fastify-jwt)#/.test(originOf(source, plugin) ?? '')) return;
  const options = objectAt(source, given);
  const value = options && option(options, 'secret');
  if (options && value) keyed(options.source, value, tell, options.source === source ? value : node);
}

/** What a client sent, read without a look at the signature, in code that decides who it is. */
function decoded(source: Source, node: Call, tell: Tell): void {
  const [token] = node.arguments;
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
  const decides = /\b(user|userId|currentUser|auth|isAdmin|role|roles|session|account)\b/.test(words);
  if (decides && isSent(taintOf(source, token)))
    tell(node, {
      message: `${source.textOf(node.callee)}() reads the token that the client sent and does not check who signed it: anybody writes one for any user.`,
      fix: 'Verify it with the key and the algorithm that you sign with.',
      confidence: 'likely',
    });
}

function option0(source: Source, node: Call, key: string): boolean {
  const options = objectAt(source, node.arguments[1]);
  const value = options && option(options, key);
  return value ? literal(value) === true : false;
}
