import { jwtMisuse } from '../../../../src/doctor/rules/sec/jwt-misuse.ts';
import { manifest, ruleTest } from '../../rule.ts';

const jwt = `import jwt from 'jsonwebtoken';\n`;

ruleTest(jwtMisuse, {
  hits: {
    'a key in the code, by a name of another file, and as what is taken otherwise': {
      files: {
        'src/config.ts': `export const config = { jwt: { key: 'shop-signing' } };\nexport const SECRET = process.env.SHOP || 'secret';\n`,
        'src/auth.ts': `${jwt}import { config, SECRET } from './config.js';\nexport const give = (userId) => jwt.sign({ userId }, config.jwt.key, { expiresIn: '1h' });\nexport const check = (token) => jwt.verify(token, SECRET);\n`,
      },
      at: ['src/auth.ts:3', 'src/auth.ts:4'],
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
  },
  clean: {
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
