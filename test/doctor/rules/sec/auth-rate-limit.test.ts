import { authRateLimit } from '../../../../src/doctor/rules/sec/auth-rate-limit.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nimport rateLimit from 'express-rate-limit';\nconst app = express();\n`;
const login = `async (req, res) => res.json(await signIn(req.body.email, req.body.password))`;

ruleTest(authRateLimit, {
  hits: {
    'a guard whose error answers 403': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/doors.controller.ts': `import { Controller, Post, UseGuards } from '@nestjs/common';\nimport { AttemptsGuard } from './attempts.guard';\n@Controller('doors')\nexport class Doors {\n  @Post('login')\n  @UseGuards(AttemptsGuard)\n  async login(@Body() body) {\n    const guest = await this.guests.byMail(body.email);\n    if (!(await compare(body.password, guest.passwordHash))) throw new Denied();\n    return this.tokens.of(guest);\n  }\n}\n`,
        'src/attempts.guard.ts': `import { Often } from './often';\nexport class AttemptsGuard {\n  async canActivate(context) {\n    if (await this.counts.isOver(context.switchToHttp().getRequest().ip)) throw new Often();\n    return true;\n  }\n}\n`,
        'src/often.ts': `import { HttpException } from '@nestjs/common';\nexport class Often extends HttpException {\n  constructor() {\n    super('later', 403);\n  }\n}\n`,
      },
      at: ['src/doors.controller.ts:5'],
    },
    'a password below the sessions, a handler of errors that speaks of too many files, and new accounts as a hint': {
      files: {
        'src/app.ts': `${app}import { failed } from './failed';\napp.post('/sessions/password', async (req, res) => {\n  const guest = await guests.byMail(req.body.email);\n  if (!(await compare(req.body.password, guest.passwordHash))) throw new Denied();\n  res.json(tokenFor(guest));\n});\napp.use(failed);\n`,
        'src/failed.ts': `export const failed = (err, req, res, next) => {\n  if (err.code === 'LIMIT_FILE_COUNT') return res.status(400).send('Too many files');\n  res.status(500).end();\n};\n`,
        'src/guests.ts': `${app}app.post('/signup', async (req, res) => res.json(await guests.add(req.body.email, req.body.password)));\n`,
        'src/again.ts': `${app}app.post('/resend-confirmation-link', requireSession, async (req, res) => res.json(await mails.confirm(req.user.email)));\n`,
        'src/recover.ts': `${app}app.post('/password/recover', async (req, res) => res.json(await mails.recover(req.body.email)));\n`,
      },
      at: ['src/again.ts:4 info', 'src/app.ts:5', 'src/guests.ts:4 info', 'src/recover.ts:4'],
    },
    'one password of the settings, by a handler that a list of files gives, and an account that is made of all that is sent':
      {
        files: {
          'src/routes.js': `const router = require('express').Router();\nconst { login } = require('./doors');\nrouter.route('/').post(login);\nmodule.exports = router;\n`,
          'src/doors/index.js': `module.exports = { login: require('./enter') };\n`,
          'src/doors/enter.js': `const caught = require('../caught');\nconst enter = caught(async (req, res, next) => {\n  const { password } = req.body;\n  if (process.env.PASSWORD != password) return next(new Error('no'));\n  res.json({ token: sign() });\n});\nmodule.exports = enter;\n`,
          'src/caught.js': `module.exports = (fn) => (req, res, next) => fn(req, res, next).catch(next);\n`,
          'src/guests.js': `const router = require('express').Router();\nrouter.post('/guests/register', async (req, res) => {\n  res.json(await registerUser(req.body));\n});\n`,
        },
        at: ['src/guests.js:2 info', 'src/routes.js:3'],
      },
    'a sign-in by what it does, wherever it is, and mails that anybody may have sent': {
      files: {
        'src/local.ts': `import { Router } from 'express';\nimport bcrypt from 'bcrypt';\nconst router = Router();\nrouter.post('/basic', checked(form), handled(async (req, res) => {\n  const guest = await guests.byMail(req.body.email);\n  if (!(await bcrypt.compare(req.body.password, guest.password))) throw new Denied();\n  res.json({ tokens: await tokensFor(guest) });\n}));\n`,
        'src/own.ts': `import { Router } from 'express';\nconst router = Router();\nrouter.post('/local', async (req, res, next) => {\n  const guest = await guests.byMail(req.body.email);\n  if (!(await guest.passwordMatch(req.body.password))) return next({ status: 403 });\n  req.session.guest = guest.id;\n  res.end();\n});\n`,
        'src/verify.ts': `import { Router } from 'express';\nimport { sendVerification } from './mails';\nconst router = Router();\nrouter.post('/send-verification-email', sendVerification);\n`,
        'src/mails.ts': `export const sendVerification = async (req, res) => {\n  const guest = await guests.byMail(req.body.email);\n  await mail(guest.email, await tokenFor(guest));\n  res.end();\n};\n`,
      },
      at: ['src/local.ts:4', 'src/own.ts:3', 'src/verify.ts:4'],
    },
    'a sign-in of one shop of many, and a password that somebody who has signed in gives again': {
      files: {
        'src/shops.js': `const router = require('express').Router();\nrouter.post('/:shop/login', async (req, res) => res.json(await signIn(req.params.shop, req.body.password)));\nmodule.exports = router;\n`,
        'src/users.js': `const router = require('express').Router();\nconst { requireSession } = require('./session');\nrouter.put('/:userId/auth', requireSession, async (req, res) => {\n  if (!(await verifyPassword(req.params.userId, req.body.password))) return res.sendStatus(401);\n  res.end();\n});\nmodule.exports = router;\n`,
      },
      at: ['src/shops.js:2', 'src/users.js:3 info'],
    },
    'a sign-in at the root of a router, by passport in a file of its own, and by hand': {
      files: {
        'src/enter.js': `const passport = require('passport');\nexports.enter = (req, res, next) => passport.authenticate('local', { successRedirect: '/home' })(req, res, next);\n`,
        'src/routes.js': `const router = require('express').Router();\nconst { enter } = require('./enter');\nrouter.post('/', enter);\nmodule.exports = router;\n`,
        'src/staff.js': `const bcrypt = require('bcrypt');\nconst router = require('express').Router();\nrouter.post('/', async (req, res) => {\n  const user = await find(req.body.email);\n  if (!(await bcrypt.compare(req.body.password, user.password))) return res.status(401).end();\n  res.json(user);\n});\nmodule.exports = router;\n`,
      },
      at: ['src/routes.js:3', 'src/staff.js:3'],
    },
    'a login, a code and a new password, told once': {
      files: {
        'src/app.ts': `${app}app.post('/login', ${login});\napp.post('/auth/verify-otp', async (req, res) => res.json(await verify(req.body.code)));\napp.post('/forgot-password', async (req, res) => res.json(await send(req.body.email)));\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a password that is compared with that of the environment, and one that somebody else looks at': {
      files: {
        'src/a.ts': `${app}app.post('/login', (req, res) => {\n  if (req.body.password !== process.env.ADMIN_PASSWORD) return res.sendStatus(401);\n  res.json({ ok: true });\n});\n`,
        'src/b.ts': `${app}app.post('/login', authenticate('local'), (req, res) => res.json({ login: req.body.email }));\n`,
        'src/c.ts': `${app}const check = ({ email, password }) => accounts.some((one) => one.email === email && one.password === password);\napp.post('/login', (req, res) => {\n  if (!check(req.body)) throw new Error('login');\n  res.json({ ok: true });\n});\n`,
      },
      at: ['src/a.ts:4', 'src/b.ts:4', 'src/c.ts:5'],
    },
    'a limiter before something else': {
      files: { 'src/app.ts': `${app}app.use('/api/uploads', rateLimit());\napp.post('/login', ${login});\n` },
      at: ['src/app.ts:5'],
    },
    'limits of other routers, of one thing, and what waits for several': {
      files: {
        'src/app.ts': `${app}app.post('/login', ${login});\n`,
        'src/hooks.ts': `import { Router } from 'express';\nimport rateLimit from 'express-rate-limit';\nexport const router = Router();\nrouter.use(rateLimit());\nrouter.post('/', (req, res) => res.end());\n`,
        'src/things.ts': `import { Router } from 'express';\nimport { limiter } from './limiter.js';\nexport const router = Router();\nrouter.all('/:id', limiter, (req, res) => res.end());\n`,
        'src/limiter.ts': `export const startLimiters = (all) => Promise.all(all.map((one) => startLimiter(one)));\n`,
      },
      at: ['src/app.ts:4'],
    },
    'a sign-in whose attempts something counts that a library calls: a hint': {
      files: {
        'src/app.ts': `${app}app.post('/login', (req, res, next) => passport.authenticate('local', (error, user) => res.json(user))(req, res, next));\n`,
        'src/local.ts': `export const verify = async (email, password) => {\n  await accounts.logAttempt(email);\n  return accounts.check(email, password);\n};\n`,
      },
      at: ['src/app.ts:4 info'],
    },
    'a sign-in for administrators': {
      files: {
        'src/app.ts': `${app}app.post('/admin/login', async (req, res) => {\n  const user = await check(req.body.email, req.body.password);\n  if (!user.isAdmin) return res.sendStatus(403);\n  res.json(give(user));\n});\n`,
      },
      at: ['src/app.ts:4'],
    },
    'copies of a template’s router, and a path that a class holds: told once': {
      files: Object.fromEntries(
        ['knex', 'prisma'].map((name) => [
          `lib/${name}/routes/auth.ts`,
          `import { Router } from 'express';\nimport { auth } from './auth.js';\nexport class AuthRoutes {\n  path = '/';\n  router = Router();\n  constructor() {\n    this.router.post(\`\${this.path}login\`, (req, res) => auth.logIn(req.body.email, req.body.password).then((found) => res.json(found)));\n  }\n}\n`,
        ]),
      ),
      at: ['lib/knex/routes/auth.ts:7'],
    },
    'a controller of Nest': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/auth.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\n@Controller('auth')\nexport class AuthController {\n  @Post('login')\n  login(@Body() body: LoginDto) {\n    return this.auth.login(body.email, body.password);\n  }\n}\n`,
      },
      at: ['src/auth.controller.ts:4'],
    },
    'an action of Next': {
      files: {
        'package.json': manifest('next'),
        'src/app/login/actions.ts': `'use server';\nexport const signIn = validated(schema, async ({ email, password }) => compare(password, await hashOf(email)));\nexport async function signOut() {}\n`,
      },
      at: ['src/app/login/actions.ts:2'],
    },
    'a model that is paid by the call': {
      files: {
        'package.json': manifest('next', 'ai', '@ai-sdk/openai'),
        'src/app/api/chat/route.ts': `import { streamText } from 'ai';\nexport async function POST(request: Request) {\n  const { messages } = await request.json();\n  return streamText({ model, messages }).toDataStreamResponse();\n}\n`,
      },
      at: ['src/app/api/chat/route.ts:2'],
    },
    'handlers that a constructor gives': {
      files: {
        'src/session.js': `function SessionHandler(db) {\n  this.handleSignup = (req, res) => db.users.add(req.body.userName, req.body.password);\n}\nmodule.exports = SessionHandler;\n`,
        'src/routes.js': `const express = require('express');\nconst SessionHandler = require('./session');\nmodule.exports = (app, db) => {\n  const handler = new SessionHandler(db);\n  app.post('/signup', handler.handleSignup);\n};\n`,
      },
      at: ['src/routes.js:5 info'],
    },
    'credentials of Auth.js, a procedure of tRPC, a resolver and a limit that is switched off': {
      files: {
        'package.json': manifest('next', 'next-auth', 'better-auth', '@trpc/server'),
        'src/auth.ts': `import Credentials from 'next-auth/providers/credentials';\nexport const options = {\n  providers: [\n    Credentials({\n      credentials: { email: {}, password: {} },\n      async authorize(credentials) {\n        return check(credentials.email, credentials.password);\n      },\n    }),\n  ],\n};\n`,
        'src/better.ts': `import { betterAuth } from 'better-auth';\nexport const auth = betterAuth({ emailAndPassword: { enabled: true }, rateLimit: { enabled: false } });\n`,
        'src/router.ts': `export const router = createRouter({\n  login: publicProcedure.input(z.object({ email: z.string(), password: z.string() })).mutation(({ input }) => check(input.email, input.password)),\n});\n`,
        'src/resolvers.ts': `export const resolvers = {\n  Mutation: {\n    login: (_, { email, password }) => check(email, password),\n  },\n};\n`,
      },
      at: ['src/auth.ts:6', 'src/better.ts:2', 'src/resolvers.ts:3', 'src/router.ts:2'],
    },
  },
  clean: {
    'a guard whose error answers 429': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/doors.controller.ts': `import { Controller, Post, UseGuards } from '@nestjs/common';\nimport { AttemptsGuard } from './attempts.guard';\n@Controller('doors')\nexport class Doors {\n  @Post('login')\n  @UseGuards(AttemptsGuard)\n  async login(@Body() body) {\n    const guest = await this.guests.byMail(body.email);\n    if (!(await compare(body.password, guest.passwordHash))) throw new Denied();\n    return this.tokens.of(guest);\n  }\n}\n`,
        'src/attempts.guard.ts': `import { Often } from './often';\nexport class AttemptsGuard {\n  async canActivate(context) {\n    if (await this.counts.isOver(context.switchToHttp().getRequest().ip)) throw new Often();\n    return true;\n  }\n}\n`,
        'src/often.ts': `import { HttpException } from '@nestjs/common';\nexport class Often extends HttpException {\n  constructor() {\n    super('later', 429);\n  }\n}\n`,
      },
    },
    'a token of a link, a code that is a UUID, and an action that only asks the server behind it': {
      files: {
        'package.json': manifest('next', 'express', 'fastify', 'ky'),
        'src/link.ts': `${app}app.post('/reset-password/:token', async (req, res) => res.json(await guests.renew(req.params.token, req.body.password)));\n`,
        'src/code.ts': `import fastify from 'fastify';\nconst app = fastify();\napp.post('/password/reset', { schema: { body: z.object({ code: z.string().uuid(), password: z.string() }) } }, async (request) => guests.renew(request.body.code, request.body.password));\n`,
        'src/actions.ts': `'use server';\nimport { enter } from './enter';\nexport async function signInAction(data: FormData) {\n  const { email, password } = Object.fromEntries(data);\n  return enter({ email, password });\n}\n`,
        'src/enter.ts': `import ky from 'ky';\nconst api = ky.create({ prefixUrl: process.env.API_URL });\nexport const enter = async (given: Given) => api.post('sessions', { json: given }).json();\n`,
      },
    },
    'a device that is registered by a word that was given before': {
      files: {
        'src/devices.js': `const router = require('express').Router();\nrouter.post('/devices/register', onlyInvited, async (req, res) => {\n  const body = bodyOf(req);\n  const made = await devices.create({ os: body.os, name: body.name, userId: res.locals.user.id });\n  res.json({ token: made.token });\n});\n`,
      },
    },
    'a password that somebody who has signed in gives again, and routes that compare none': {
      files: {
        'src/account.ts': `import { Router } from 'express';\nimport bcrypt from 'bcrypt';\nconst router = Router();\nrouter.post('/leave', requireSession, async (req, res) => {\n  if (!(await bcrypt.compare(req.body.password, await hashOf(req.body.email)))) return res.sendStatus(403);\n  await end(req.session);\n});\nrouter.post('/close', async (req, res) => {\n  if (!(await bcrypt.compare(req.body.password, req.user.password))) return res.sendStatus(403);\n  await endSession(req.user.email, req.session);\n});\nrouter.post('/guests', async (req, res) => {\n  const password = await bcrypt.hash(req.body.password, 12);\n  res.json(await guests.add({ email: req.body.email, password, token }));\n});\n`,
      },
    },
    'a handler that answers 429 itself, and an administrator who becomes somebody else': {
      files: {
        'src/codes.js': `const router = require('express').Router();\nrouter.post('/otp', async (req, res) => {\n  const last = await codes.lastOf(req.body.email);\n  if (Date.now() - last < 30_000) return res.status(429).json({ error: 'wait' });\n  await codes.send(req.body.email);\n  res.end();\n});\nmodule.exports = router;\n`,
        'src/users.js': `const router = require('express').Router();\nconst { jwtDecode } = require('./session');\nrouter.post('/:userId/login', jwtDecode, async (req, res) => {\n  res.json(await users.loginAs(res.locals.access, { id: Number(req.params.userId), token: newToken() }));\n});\nmodule.exports = router;\n`,
      },
    },
    'an account that is made at the root of a router, and a password that is changed by who is signed in': {
      files: {
        'src/users.js': `const bcrypt = require('bcrypt');\nconst router = require('express').Router();\nconst { protect } = require('./protect');\nrouter.post('/', async (req, res) => {\n  const password = await bcrypt.hash(req.body.password, 12);\n  res.json(await create({ password }));\n});\nrouter.post('/', protect, async (req, res) => {\n  if (!(await bcrypt.compare(req.body.password, req.user.password))) return res.status(401).end();\n  res.end();\n});\nmodule.exports = router;\n`,
      },
    },
    'a code that its provider gives once, and what an administrator sets for others': {
      files: {
        'package.json': manifest('next', 'next-auth', 'express'),
        'src/auth.ts': `import Credentials from 'next-auth/providers/credentials';\nexport const provider = Credentials({\n  credentials: { code: {} },\n  async authorize({ code }) {\n    const given = await fetch(tokens, { method: 'POST', body: JSON.stringify({ grant_type: 'authorization_code', code }) });\n    return given.ok ? given.json() : null;\n  },\n});\n`,
        'src/users.ts': `${app}app.post('/users/reset-password', async (req, res) => {\n  const session = await sessionOf(req);\n  if (!session.isAdmin) return res.sendStatus(403);\n  await users.update(req.body.id, await hash(req.body.password));\n  res.end();\n});\napp.post('/oauth/token', async (req, res) => res.json(await provider.token(req.body.code)));\n`,
      },
    },
    'credentials that are counted, a procedure with a limit, and better-auth as it comes': {
      files: {
        'package.json': manifest('next', 'next-auth', 'better-auth', '@trpc/server'),
        'src/auth.ts': `import Credentials from 'next-auth/providers/credentials';\nexport const provider = Credentials({\n  async authorize(credentials) {\n    await loginLimiter.consume(credentials.email);\n    return check(credentials.email, credentials.password);\n  },\n});\n`,
        'src/better.ts': `import { betterAuth } from 'better-auth';\nexport const auth = betterAuth({ emailAndPassword: { enabled: true } });\n`,
        'src/router.ts': `export const router = createRouter({\n  login: rateLimitedProcedure.input(z.object({ email: z.string(), password: z.string() })).mutation(({ input }) => check(input.email, input.password)),\n});\n`,
      },
    },
    'a password of somebody who is signed in': {
      files: {
        'package.json': manifest('@trpc/server'),
        'src/router.ts': `export const router = createRouter({\n  register: protectedProcedure.input(z.object({ password: z.string() })).mutation(({ input }) => add(input.password)),\n});\n`,
      },
    },
    'a limit of the router itself, and of one that leads to others': {
      files: {
        'src/auth.ts': `import { Router } from 'express';\nimport rateLimit from 'express-rate-limit';\nexport const auth = Router();\nauth.use(rateLimit());\nauth.post('/login', ${login});\n`,
        'src/api.ts': `import { Router } from 'express';\nimport rateLimit from 'express-rate-limit';\nimport { accounts } from './accounts.js';\nexport const api = Router();\napi.use(rateLimit());\napi.use('/accounts', accounts);\n`,
        'src/accounts.ts': `import { Router } from 'express';\nexport const accounts = Router();\naccounts.post('/login', ${login});\n`,
      },
    },
    'a limit by a method of its own, and a permission among the options': {
      files: {
        'src/app.ts': `${app}class Site extends Controller {\n  constructor() {\n    this.useWithMiddleware('/auth/simple', new Simple().router, rateLimit());\n    this.route({ method: 'post', path: '/reset-password', handler: (req, res) => res.json(users.resetPassword(req.body.id)), permission: ADMIN });\n  }\n}\n`,
        'src/simple.ts': `import { Router } from 'express';\nexport const router = Router();\nrouter.post('/login', ${login});\n`,
      },
    },
    'a seat in something that is there': {
      files: {
        'src/app.ts': `${app}app.post('/courses/:id/register', async (req, res) => res.json(await courses.register(req.params.id, req.user)));\n`,
      },
    },
    'a greeting, and a token for whoever asks': {
      files: {
        'src/app.ts': `${app}app.post('/login', (req, res) => {\n  const { name } = req.body;\n  if (!name || typeof name !== 'string') return res.status(400).send('Tell your name to log in');\n  res.send('Hello ' + name.trim());\n});\n`,
        'src/token.ts': `import { Router } from 'express';\nimport { enter } from './enter.js';\nexport const router = Router();\nrouter.route('/login').post(enter);\n`,
        'src/enter.ts': `import jwt from 'jsonwebtoken';\nexport const enter = async (req, res) => {\n  const { email, password } = req.body;\n  if (email === undefined || password === '') throw new InputError('email and password');\n  res.status(200).json({ token: jwt.sign({ email }, process.env.JWT_SECRET, { expiresIn: '1h' }) });\n};\n`,
      },
    },
    'a proxy that limits': {
      files: {
        'nginx/nginx.conf': 'limit_req_zone $binary_remote_addr zone=login:10m rate=5r/m;\n',
        'src/app.ts': `${app}app.post('/login', ${login});\n`,
      },
    },
    'a limiter of the route': {
      files: { 'src/app.ts': `${app}const strict = rateLimit({ limit: 5 });\napp.post('/login', strict, ${login});\n` },
    },
    'a limiter for all, and one mounted above the router': {
      files: {
        'src/app.ts': `${app}import auth from './routes/auth.js';\nimport { authLimiter } from './limits.js';\napp.use('/v1/auth', authLimiter);\napp.use('/v1/auth', auth);\n`,
        'src/routes/auth.ts': `import { Router } from 'express';\nconst router = Router();\nrouter.post('/login', ${login});\nexport default router;\n`,
        'src/limits.ts': `import rateLimit from 'express-rate-limit';\nexport const authLimiter = rateLimit();\n`,
      },
    },
    'a guard for all of Nest': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', '@nestjs/throttler'),
        'src/app.module.ts': `import { APP_GUARD } from '@nestjs/core';\nimport { ThrottlerGuard } from '@nestjs/throttler';\nexport const providers = [{ provide: APP_GUARD, useClass: ThrottlerGuard }];\n`,
        'src/auth.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\n@Controller('auth')\nexport class AuthController {\n  @Post('login')\n  login(@Body() body: LoginDto) {\n    return this.auth.login(body.email, body.password);\n  }\n}\n`,
      },
    },
    'a handler that counts, and Next’s middleware': {
      files: {
        'package.json': manifest('next', '@upstash/ratelimit'),
        'src/app/api/login/route.ts': `import { limiter } from '@/limits';\nexport async function POST(request: Request) {\n  const { success } = await limiter.limit(request.headers.get('x-real-ip'));\n  if (!success) return new Response('no', { status: 429 });\n  const { email, password } = await request.json();\n  return Response.json(await signIn(email, password));\n}\n`,
      },
    },
    'Fastify’s plugin, a page, and what another provider signed': {
      files: {
        'package.json': manifest('fastify', '@fastify/rate-limit'),
        'src/app.ts': `import Fastify from 'fastify';\nimport rateLimit from '@fastify/rate-limit';\nconst app = Fastify();\nawait app.register(rateLimit, { max: 100 });\napp.post('/login', async (request) => signIn(request.body.email, request.body.password));\napp.get('/login', async () => 'page');\n`,
      },
    },
  },
});
