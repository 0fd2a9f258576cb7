import { jwtMisuse } from '../../../../src/doctor/rules/sec/jwt-misuse.ts';
import { manifest, ruleTest } from '../../rule.ts';

const jwt = `import jwt from 'jsonwebtoken';\n`;

ruleTest(jwtMisuse, {
  hits: {
    'options of Nest’s module that say how it is signed, and nothing of an end': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/jwt'),
        'src/auth.module.ts': `import { JwtModule } from '@nestjs/jwt';\nJwtModule.registerAsync({ inject: [ConfigService], useFactory: (config) => ({\n  privateKey: config.get('JWT_KEY'),\n  signOptions: {\n    algorithm: 'RS256',\n    // expiresIn: config.get('JWT_END'),\n  },\n}) });\n`,
        'src/auth.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  give(user) {\n    return this.jwt.signAsync({ userId: user.id, role: user.role });\n  }\n}\n`,
      },
      at: ['src/auth.service.ts:5 warning'],
    },
    'a key of another file, told once, there, and what is taken otherwise': {
      files: {
        'src/config.ts': `export const config = { jwt: { key: 'shop-signing' } };\nexport const SECRET = process.env.SHOP || 'secret';\n`,
        'src/auth.ts': `${jwt}import { config, SECRET } from './config.js';\nexport const give = (userId) => jwt.sign({ userId }, config.jwt.key, { expiresIn: '1h' });\nexport const check = (token) => jwt.verify(token, SECRET);\nexport const again = (token) => jwt.verify(token, config.jwt.key);\n`,
        'src/other.ts': `${jwt}import { config } from './config.js';\nexport const check = (token) => jwt.verify(token, config.jwt.key);\n`,
      },
      at: ['src/config.ts:1', 'src/config.ts:2'],
    },
    'a token for a redirect to another host, and one that is mailed': {
      files: {
        'src/board.ts': `${jwt}export const board = (req, res) => {\n  const pass = make(req.user);\n  res.redirect(\`https://board.example.com/in?pass=\${pass}\`);\n};\nconst make = (user) => jwt.sign({ userId: user.id }, process.env.BOARD_KEY);\n`,
        'src/mail.ts': `${jwt}export const reset = (req, res) => {\n  const pass = jwt.sign({ userId: req.user.id }, process.env.JWT_SECRET);\n  mail(req.user, \`https://shop.example.com/reset?pass=\${pass}\`);\n};\n`,
        'src/both.ts': `${jwt}export const board = (req, res) => {\n  const pass = jwt.sign({ userId: req.user.id }, process.env.JWT_SECRET);\n  res.cookie('pass', pass);\n  res.redirect(\`https://board.example.com/in?pass=\${pass}\`);\n};\n`,
      },
      at: ['src/board.ts:6 info', 'src/both.ts:3 warning', 'src/mail.ts:3 warning'],
    },
    'an old express-jwt with a secret of its own, and with a key that may be public': {
      files: {
        'package.json': manifest('express', 'express-jwt@^5.3.1'),
        'src/own.ts': `import expressJwt from 'express-jwt';\nconst secret = process.env.JWT_SECRET;\nexport const asks = expressJwt({ secret });\n`,
        'src/public.ts': `import expressJwt from 'express-jwt';\nimport { keyOf } from 'keys';\nexport const asks = expressJwt({ secret: keyOf('board') });\n`,
      },
      at: ['src/own.ts:3 info', 'src/public.ts:3'],
    },
    'a strategy for refreshing alone, as a hint, one that guards more, and a callback that does not look at the end': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/passport', 'passport-jwt'),
        'src/again.ts': `import { Strategy } from 'passport-jwt';\nexport class Again extends PassportStrategy(Strategy, 'again') {\n  constructor(config) {\n    super({ jwtFromRequest: fromHeader, ignoreExpiration: true, secretOrKey: config.get('JWT') });\n  }\n  validate(payload) {\n    return { id: payload.sub };\n  }\n}\n`,
        'src/wide.ts': `import { Strategy } from 'passport-jwt';\nexport class Wide extends PassportStrategy(Strategy, 'wide') {\n  constructor(config) {\n    super({ jwtFromRequest: fromHeader, ignoreExpiration: true, secretOrKey: config.get('JWT') });\n  }\n}\n`,
        'src/guards.ts': `export class AgainGuard extends AuthGuard('again') {}\nexport class WideGuard extends AuthGuard('wide') {}\n`,
        'src/auth.controller.ts': `@Controller('auth')\nexport class AuthController {\n  @UseGuards(AgainGuard)\n  @Post('refresh')\n  again() {}\n  @UseGuards(WideGuard)\n  @Post('refresh-all')\n  all() {}\n  @UseGuards(WideGuard)\n  @Get('me')\n  me() {}\n}\n`,
        'src/plain.ts': `import { Strategy } from 'passport-jwt';\npassport.use(new Strategy({ jwtFromRequest: fromHeader, ignoreExpiration: true, secretOrKey: key }, (payload, done) => done(null, payload.exp)));\n`,
      },
      at: ['src/again.ts:4 info', 'src/plain.ts:2', 'src/wide.ts:4'],
    },
    'read, and believed': {
      files: {
        'src/auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = (req, res, next) => {\n  const token = req.headers.authorization.split(' ')[1];\n  req.user = jwt.decode(token);\n  next();\n};\n`,
      },
      at: ['src/auth.js:4'],
    },
    'no signature, no end, an end that does not count': {
      files: {
        'src/auth.ts': `${jwt}jwt.verify(token, key, { algorithms: ['HS256', 'none'] });\njwt.sign({ userId: user.id }, process.env.JWT_SECRET);\njwt.verify(token, key, { algorithms: ['HS256'], ignoreExpiration: true });\n`,
      },
      at: ['src/auth.ts:2', 'src/auth.ts:3 warning', 'src/auth.ts:4'],
    },
    'a token that ends with the password, and one that holds a hash of something else': {
      files: {
        'src/auth.ts': `${jwt}export const give = (user) => jwt.sign({ username: user.name, h: sha256(user.password) }, key);\nexport const other = (user) => jwt.sign({ username: user.name, h: sha256(user.email) }, key);\n`,
      },
      at: ['src/auth.ts:2 info', 'src/auth.ts:3 warning'],
    },
    'a key of an example that says that it must not stay, and the same in a program': {
      files: {
        'src/examples/sessions.ts': `${jwt}const key = '-- change this key --';\njwt.verify(token, key, { algorithms: ['HS256'] });\n`,
        'src/auth.ts': `${jwt}const key = '-- change this key --';\njwt.verify(token, key, { algorithms: ['HS256'] });\n`,
      },
      at: ['src/auth.ts:3', 'src/examples/sessions.ts:3 info'],
    },
    'a session that is kept, whose token has no end: a hint': {
      files: {
        'src/auth.ts': `${jwt}export async function give(id) {\n  const opened = await sessions.open(id);\n  const claims = { id, did: opened.session_id };\n  return jwt.sign(claims, key);\n}\nexport const plain = (user) => jwt.sign({ userId: user.id }, key);\n`,
      },
      at: ['src/auth.ts:5 info', 'src/auth.ts:7 warning'],
    },
    'Nest’s module and strategy, Fastify’s plugin, Hono’s middleware': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/jwt', 'hono', 'fastify', '@fastify/jwt'),
        'src/auth.module.ts': `import { JwtModule } from '@nestjs/jwt';\nJwtModule.register({ secret: 'shop', signOptions: { expiresIn: '1h' } });\n`,
        'src/jwt.strategy.ts': `import { PassportStrategy } from '@nestjs/passport';\nimport { Strategy } from 'passport-jwt';\nexport class JwtStrategy extends PassportStrategy(Strategy) {\n  constructor() {\n    super({ jwtFromRequest: fromHeader(), ignoreExpiration: false, secretOrKey: 'shop' });\n  }\n}\n`,
        'src/plugin.ts': `import jwt from '@fastify/jwt';\nserver.register(jwt, { secret: 'supersecret' });\n`,
        'src/hono.ts': `import { jwt } from 'hono/jwt';\napp.use(jwt({ secret: 'it-is-very-secret' }));\n`,
      },
      at: ['src/auth.module.ts:2', 'src/hono.ts:2', 'src/jwt.strategy.ts:5', 'src/plugin.ts:2'],
    },
    'Nest’s service and its factory': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/jwt'),
        'src/auth.module.ts': `import { JwtModule } from '@nestjs/jwt';\nJwtModule.registerAsync({ useFactory: () => ({ secret: 'shop' }) });\n`,
        'src/auth.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  give(id) {\n    return this.jwt.signAsync({ id }, { secret: 'secret', expiresIn: '30d' });\n  }\n}\n`,
      },
      at: ['src/auth.module.ts:2', 'src/auth.service.ts:5'],
    },
    'middlewares and libraries that take the algorithm of the token': {
      files: {
        'package.json': manifest('express', 'express-jwt@0.1.3', 'jsonwebtoken@0.4.0'),
        'src/auth.ts': `import expressJwt from 'express-jwt';\n${jwt}export const asks = () => expressJwt({ secret: publicKey });\njwt.verify(token, publicKey, done);\n`,
      },
      at: ['src/auth.ts:3', 'src/auth.ts:4'],
    },
    'the same key at many places of a file, told once': {
      files: {
        'src/auth.ts': `${jwt}export const give = (userId) => jwt.sign({ userId }, 'shop', { expiresIn: '1h' });\nexport const check = (token) => jwt.verify(token, 'shop');\nexport const again = (token) => jwt.verify(token, 'shop');\n`,
      },
      at: ['src/auth.ts:2'],
    },
    'jose: a key in the code, no end, the algorithm of the token': {
      files: {
        'src/auth.ts': `import { jwtVerify, SignJWT } from 'jose';\nconst key = new TextEncoder().encode('shop');\nexport const give = (userId) => new SignJWT({ userId }).setProtectedHeader({ alg: 'HS256' }).sign(privateKey);\nexport const check = (token) => jwtVerify(token, key);\nexport const other = (token, header) => jwtVerify(token, publicKey, { algorithms: [header.alg] });\n`,
      },
      at: ['src/auth.ts:3 warning', 'src/auth.ts:4', 'src/auth.ts:5'],
    },
    'a token without a signature, let through by hand': {
      files: {
        'src/token.ts': `import { decode } from 'jwt-simple';\nexport function check(token, key) {\n  const [header, payload] = parse(token);\n  if (header.alg === 'none') return payload;\n  return decode(token, key, false, header.alg);\n}\n`,
      },
      at: ['src/token.ts:4', 'src/token.ts:5'],
    },
    'a public key, by a library that would take it for a secret': {
      files: {
        'package.json': manifest('express', 'jsonwebtoken@^8.5.1'),
        'src/auth.ts': `${jwt}export const check = (token) => jwt.verify(token, publicKey);\nexport const right = (token) => jwt.verify(token, publicKey, { algorithms: ['RS256'] });\nexport const other = (token) => jwt.verify(token, config.secret);\n`,
      },
      at: ['src/auth.ts:2'],
    },
    'Nest’s service signs without an end, and its module gives none': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/jwt'),
        'src/auth.module.ts': `import { JwtModule } from '@nestjs/jwt';\nJwtModule.register({ secret: process.env.JWT_SECRET });\n`,
        'src/auth.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  give(user) {\n    return { token: this.jwt.sign({ sub: user.id, email: user.email }) };\n  }\n}\n`,
      },
      at: ['src/auth.service.ts:5 warning'],
    },
    'claims that the callers give': {
      files: {
        'src/token.js': `const jwt = require('jsonwebtoken');\nconst createToken = (payload) => jwt.sign(payload, process.env.JWT_SECRET);\nexports.login = async (req, res) => res.json({ token: createToken({ userId: req.user.id }) });\n`,
      },
      at: ['src/token.js:2 warning'],
    },
    'a token of Hono’s cookie, read and believed': {
      files: {
        'package.json': manifest('hono'),
        'src/me.ts': `import { decode } from 'hono/jwt';\nimport { getCookie } from 'hono/cookie';\nexport const me = async (c) => {\n  const token = getCookie(c, 'session');\n  const { payload } = decode(token);\n  const user = await find(payload.sub);\n  return c.json({ user, q: c.req.query('q') });\n};\n`,
      },
      at: ['src/me.ts:5'],
    },
    'a token of a new password, read and believed': {
      files: {
        'src/reset.js': `const jwt = require('jsonwebtoken');\nexports.reset = async (req, res) => {\n  const { id } = jwt.decode(req.params.token);\n  await User.updateOne({ _id: id }, { password: await hash(req.body.password) });\n  res.end();\n};\nexports.admin = () => jwt.sign({ role: 'admin' }, process.env.JWT_SECRET);\n`,
      },
      at: ['src/reset.js:3', 'src/reset.js:7 warning'],
    },
    'claims that are read out of the token by hand': {
      files: {
        'src/jwt.ts': `export const requireUser = (req, res, next) => {\n  const token = req.headers.authorization.split(' ')[1];\n  req.user = JSON.parse(Buffer.from(token.split('.')[1], 'base64').toString());\n  next();\n};\n`,
      },
      at: ['src/jwt.ts:3'],
    },
  },
  clean: {
    'a key that is found by its name, where it stands': {
      files: {
        'src/state.ts': `import jwt from 'jsonwebtoken';\nconst secret = '~xK3m!pt#Q~B;7.aZ';\nexport const stateOf = (given: Given) => jwt.sign(given, secret, { expiresIn: '1h' });\n`,
      },
    },
    'a strategy that looks at the end itself': {
      files: {
        'package.json': manifest('express', 'passport-jwt'),
        'src/keys.js': `class Keys {\n  async look(payload, done) {\n    if (payload.exp && payload.exp < Date.now() / 1000) return done(null, null);\n    done(null, await owner(payload.sub));\n  }\n}\nmodule.exports = Keys;\n`,
        'src/auth.js': `const { Strategy } = require('passport-jwt');\nconst Keys = require('./keys');\nclass Auth {\n  constructor() {\n    this.keys = new Keys();\n  }\n  start() {\n    passport.use(new Strategy({ jwtFromRequest: fromHeader, secretOrKey: key, ignoreExpiration: true }, this.keys.look.bind(this)));\n  }\n}\n`,
      },
    },
    'an end that the program looks at itself': {
      files: {
        'src/user.ts': `${jwt}export const give = (user) => jwt.sign({ id: user.id, expiresAt: tomorrow().toISOString() }, user.jwtSecret);\nexport const mail = (user) => jwt.sign({ id: user.id, createdAt: now() }, user.jwtSecret);\n`,
      },
    },
    'options of Nest’s module that another file holds': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/jwt'),
        'src/auth.module.ts': `import { JwtModule } from '@nestjs/jwt';\nJwtModule.registerAsync({ useFactory: (config) => ({ secret: config.get('JWT_SECRET'), signOptions: signing(config) }) });\nJwtModule.registerAsync({ useClass: JwtOptions });\n`,
        'src/auth.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  give(user) {\n    return this.jwt.sign({ sub: user.id });\n  }\n}\n`,
      },
    },
    'an end that Nest’s module gives to all': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/jwt'),
        'src/auth.module.ts': `import { JwtModule } from '@nestjs/jwt';\nJwtModule.registerAsync({ inject: [ConfigService], useFactory: (config) => ({ secret: config.get('JWT_SECRET'), signOptions: { expiresIn: '1h' } }) });\n`,
        'src/auth.service.ts': `import { JwtService } from '@nestjs/jwt';\nexport class AuthService {\n  constructor(private readonly jwt: JwtService) {}\n  give(user) {\n    return this.jwt.sign({ sub: user.id });\n  }\n}\n`,
      },
    },
    'a link that is good for ever': {
      files: {
        'src/invoice.ts': `${jwt}export const linkTo = (invoice) => jwt.sign({ id: invoice.number }, process.env.INVOICE_KEY);\n`,
      },
    },
    'a token of none that is refused, and a key that comes from elsewhere': {
      files: {
        'src/token.ts': `import { jwtVerify, SignJWT } from 'jose';\nconst key = new TextEncoder().encode(process.env.JWT_SECRET);\nexport const give = (userId) => new SignJWT({ userId }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);\nexport async function check(token, header) {\n  if (header.alg === 'none') throw new Error('unsigned');\n  if (header.alg === 'none') return null;\n  return jwtVerify(token, key, { algorithms: ['HS256'] });\n}\n`,
      },
    },
    'a key that is found where it stands': {
      files: {
        'src/auth.ts': `${jwt}jwt.verify(token, process.env.JWT_SECRET || 'secret', { algorithms: ['HS256'] });\n`,
      },
    },
    'as it should be': {
      files: {
        'src/auth.ts': `${jwt}import { config } from './config.js';\nexport const give = (userId) => jwt.sign({ userId }, config.key, { expiresIn: '15m' });\nexport const check = (token) => jwt.verify(token, config.key, { algorithms: ['HS256'] });\n`,
        'src/config.ts': `export const config = { key: process.env.JWT_SECRET };\n`,
      },
    },
    'decoded to find the key, then verified': {
      files: {
        'src/auth.ts': `${jwt}export const check = async (req, res) => {\n  const { header } = jwt.decode(req.headers.authorization, { complete: true });\n  req.user = jwt.verify(req.headers.authorization, await keyOf(header.kid), { algorithms: ['RS256'] });\n};\n`,
      },
    },
    'a token of somebody who just gave it': {
      files: {
        'src/oauth.ts': `import { decodeJwt } from 'jose';\nexport async function finish(code: string) {\n  const { id_token } = await exchange(code);\n  return decodeJwt(id_token).sub;\n}\n`,
      },
    },
    'claims that carry their end, and an end that is given later': {
      files: {
        'src/token.js': `const jwt = require('jsonwebtoken');\nconst give = (userId, expires, secret) => {\n  const payload = { sub: userId, exp: expires.unix() };\n  return jwt.sign(payload, secret);\n};\nconst link = (userId, days) => {\n  const options = { algorithm: 'HS256' };\n  if (days) options.expiresIn = days + 'd';\n  return jwt.sign({ userId }, process.env.KEY, options);\n};\n`,
      },
    },
    'a public key in the code': {
      files: {
        'src/auth.ts': `${jwt}const key = '-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEA\\n-----END PUBLIC KEY-----';\njwt.verify(token, key, { algorithms: ['EdDSA'] });\n`,
      },
    },
  },
});
