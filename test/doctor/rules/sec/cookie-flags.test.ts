import { cookieFlags } from '../../../../src/doctor/rules/sec/cookie-flags.ts';
import { manifest, ruleTest } from '../../rule.ts';

const session = `import session from 'express-session';\nimport { RedisStore } from 'connect-redis';\n`;

ruleTest(cookieFlags, {
  hits: {
    'the same options in several handlers of a file: once': {
      files: {
        'src/guests.js': `exports.enter = (req, res) => {\n  const options = { httpOnly: true };\n  res.cookie('token', sign(req.body), options).end();\n};\nexports.again = (req, res) => {\n  const options = { httpOnly: true };\n  res.cookie('token', sign(req.body), options).end();\n};\n`,
      },
      at: ['src/guests.js:2'],
    },
    'the text of a cookie, made in a service, that may travel over plain HTTP': {
      files: {
        'src/tokens.service.ts':
          'export class Tokens {\n  cookieFor(user) {\n    const token = this.jwt.sign({ id: user.id });\n    return `Renewal=${token}; HttpOnly; Path=/; Max-Age=${this.age}`;\n  }\n}\n',
      },
      at: ['src/tokens.service.ts:4'],
    },
    'one that a comment says must travel over plain HTTP, as a hint, and one whose comment is of something else': {
      files: {
        'src/app.js': `const session = require('express-session');\napp.use(session({ secret, store, cookie: {\n  // at home many have no certificate\n  secure: false,\n} }));\n`,
        'src/other.js': `const session = require('express-session');\napp.use(session({ secret, store, cookie: {\n  // a day\n  maxAge: 86400000,\n  secure: false,\n} }));\n`,
      },
      at: ['src/app.js:2 info', 'src/other.js:2'],
    },
    'what is called like the way of signing in, and is a token': {
      files: {
        'src/login.js': `export const login = (req, res) => {\n  res.cookie('auth_user', method.token, { httpOnly: true });\n  res.cookie('auth_token_method', method, { httpOnly: true });\n};\n`,
      },
      at: ['src/login.js:2', 'src/login.js:3'],
    },
    'a token that every script can read': {
      files: {
        'src/login.ts': `export const login = (req, res) => {\n  res.cookie('token', sign(req.body));\n  res.status(200).cookie('refreshToken', sign(req.body), { httpOnly: false, secure: true });\n  res.cookie('session', id, { httpOnly: true });\n};\n`,
      },
      at: ['src/login.ts:2', 'src/login.ts:3', 'src/login.ts:4'],
    },
    'one cookie that several handlers of a file set: told once': {
      files: {
        'src/login.ts': `export const login = (req, res) => res.cookie('token', sign(req.body));\nexport const renew = (req, res) => res.cookie('token', sign(req.user));\n`,
      },
      at: ['src/login.ts:1'],
    },
    'a session over plain HTTP, in memory': {
      files: {
        'src/app.js': `const session = require('express-session');\napp.use(session({ secret: process.env.SECRET, cookie: { secure: false } }));\n`,
      },
      at: ['src/app.js:2', 'src/app.js:2'],
    },
    'ids of sessions that can be computed': {
      files: {
        'src/app.ts': `${session}app.use(session({ secret, store, cookie: { secure: true }, genid: (req) => req.user + new Date().getTime() }));\n`,
      },
      at: ['src/app.ts:3 error'],
    },
    'a session whose id scripts may read': {
      files: {
        'src/app.ts': `${session}app.use(session({ secret, store: new RedisStore({ client }), cookie: { secure: true, httpOnly: false } }));\n`,
      },
      at: ['src/app.ts:3'],
    },
    'Next and Hono': {
      files: {
        'package.json': manifest('next', 'hono'),
        'src/app/login/actions.ts': `import { cookies } from 'next/headers';\nexport async function login() {\n  const jar = await cookies();\n  jar.set('session_id', id);\n  (await cookies()).set({ name: 'access_token', value: token, secure: true });\n}\n`,
        'src/hono.ts': `import { setCookie } from 'hono/cookie';\nexport const login = (c) => setCookie(c, 'jwt', token, { path: '/' });\n`,
      },
      at: ['src/app/login/actions.ts:4', 'src/app/login/actions.ts:5', 'src/hono.ts:2'],
    },
    'options that a function makes, and some that are spread: told once, there': {
      files: {
        'src/cookies.ts': `export const cookieOptions = () => ({ expires: nextYear(), ...(isHttps ? { secure: true } : {}) });\n`,
        'src/login.ts': `import { cookieOptions } from './cookies.js';\nexport const login = (req, res) => res.cookie('jwt', sign(req.body), cookieOptions());\nexport const renew = (req, res) => res.cookie('refresh_token', sign(req.body), cookieOptions());\n`,
      },
      at: ['src/cookies.ts:1'],
    },
    'headers by hand, and the words of a library': {
      files: {
        'src/login.ts': `import { serialize } from 'cookie';\nexport const login = (req, res) => {\n  res.setHeader('Set-Cookie', \`token=\${sign(req.body)}; Path=/\`);\n  res.append('x-cookie', serialize('session', id, { path: '/' }));\n  return new Response(null, { headers: { 'Set-Cookie': \`sid=\${id}; Path=/\` } });\n};\n`,
      },
      at: ['src/login.ts:3', 'src/login.ts:4', 'src/login.ts:5'],
    },
    'a cookie that the page reads itself, which travels over plain HTTP': {
      files: {
        'src/login.ts': `export const login = (req, res) => res.cookie('token', sign(req.body), { path: '/' });\nexport const other = (req, res) => res.cookie('session', sign(req.body), { secure: true });\n`,
        'public/js/page.js': `import Cookies from 'js-cookie';\nexport const name = Cookies.get('token');\n`,
      },
      at: ['src/login.ts:1', 'src/login.ts:2'],
    },
    'a cookie that a handler of the server reads by its name': {
      files: {
        'src/login.ts': `import { getCookie } from './cookie.js';\nexport const login = (req, res) => res.cookie('token', sign(req.body), { secure: true });\nexport const me = (req, res) => res.json(getCookie('token'));\n`,
      },
      at: ['src/login.ts:2'],
    },
    'Koa, Fastify and sessions in cookies that say it off': {
      files: {
        'package.json': manifest('koa', 'fastify', '@fastify/session', 'cookie-session'),
        'src/koa.ts': `export const login = (ctx) => ctx.cookies.set('token', sign(ctx.request.body), { httpOnly: false });\n`,
        'src/fastify.ts': `import session from '@fastify/session';\napp.register(session, { secret, cookie: { secure: false } });\n`,
        'src/app.ts': `import cookieSession from 'cookie-session';\napp.use(cookieSession({ keys, httpOnly: false }));\n`,
      },
      at: ['src/app.ts:2', 'src/fastify.ts:2', 'src/koa.ts:1'],
    },
  },
  clean: {
    'how somebody signs in, and where that leads': {
      files: {
        'src/login.js': `export const login = (req, res) => {\n  res.cookie('auth_cb', callback, { httpOnly: true });\n  res.cookie('auth_method', req.query.method, { httpOnly: true });\n};\n`,
      },
    },
    'the text of a cookie with Secure, or with nothing secret, or that ends one': {
      files: {
        'src/tokens.service.ts':
          'export const one = (token) => `Renewal=${token}; HttpOnly; Secure; Path=/`;\nexport const two = (token) => `Renewal=${token}; HttpOnly; Path=/${secure ? "; Secure" : ""}`;\nexport const shade = (name) => `Shade=${name}; HttpOnly; Path=/`;\nexport const out = (token) => `Renewal=${token}; HttpOnly; Max-Age=0`;\n',
      },
    },
    'a cookie that the page reads itself, over HTTPS alone': {
      files: {
        'src/login.ts': `export const login = (req, res) => res.cookie('token', sign(req.body), { secure: true, sameSite: 'strict' });\n`,
        'public/js/page.js': `import Cookies from 'js-cookie';\nCookies.set('token', draw(), { expires: 60 });\n`,
      },
    },
    'a cookie that code for both sides reads in the browser': {
      files: {
        'src/login.ts': `export const login = (req, res) => res.cookie('token', sign(req.body), { secure: true });\n`,
        'src/client.ts': `import { getCookie } from 'cookies-next';\nexport const tokenHere = () => (typeof window === 'undefined' ? null : getCookie('token'));\n`,
      },
    },
    'a cookie that hands a token over to the page, which reads it by a name of its own': {
      files: {
        'src/login.ts': `export const login = (req, res) => res.cookie('handoverToken', sign(req.body), { secure: true });\n`,
        'public/js/page.js': `import { getCookie } from './cookie.js';\nconst HANDED = 'handoverToken';\nexport const token = getCookie(HANDED);\ndocument.title = token;\n`,
      },
    },
    'a flag that is set later, and a word that is nobody’s session': {
      files: {
        'src/login.ts': `export const login = (req, res) => {\n  const options = { httpOnly: true };\n  if (process.env.NODE_ENV === 'production') options.secure = true;\n  res.cookie('token', sign(req.body), options);\n};\nexport const logout = (req, res) => res.cookie('token', 'none', { httpOnly: true });\n`,
      },
    },
    'an installer whose sessions end with it': {
      files: { 'src/install.ts': `${session}app.use(session({ secret: randomUUID(), resave: false }));\n` },
    },
    'Koa’s own defaults, and a header with its flags': {
      files: {
        'package.json': manifest('koa'),
        'src/koa.ts': `export const login = (ctx) => {\n  ctx.cookies.set('token', sign(ctx.request.body));\n  ctx.res.setHeader('Set-Cookie', \`token=\${sign(ctx.request.body)}; HttpOnly; Secure\`);\n};\n`,
      },
    },
    'all flags': {
      files: {
        'src/login.ts': `${session}const options = { httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'lax' };\nexport const login = (req, res) => {\n  res.cookie('token', sign(req.body), options);\n  res.cookie('session', id, { ...options, maxAge: 1000 });\n};\napp.use(session({ secret, store: new RedisStore({ client }), cookie: { secure: 'auto' } }));\n`,
      },
    },
    'cookies for scripts': {
      files: {
        'src/page.ts': `export const page = (req, res) => {\n  res.cookie('theme', 'dark');\n  res.cookie('XSRF-TOKEN', req.csrfToken());\n  res.cookie('locale', req.query.locale, { maxAge: 1000 });\n  res.cookie('cc', countryOf(req));\n};\n`,
      },
    },
    'a cookie that is taken back': {
      files: {
        'src/logout.ts': `export const logout = (req, res) => {\n  res.cookie('token', '', { maxAge: 0 });\n  res.clearCookie('session');\n};\n`,
      },
    },
    'options from elsewhere, and a store that is set later': {
      files: {
        'src/app.ts': `${session}import { cookieOptions } from 'shop-settings';\nexport const login = (req, res) => res.cookie('token', sign(req.body), cookieOptions);\nconst options = { secret, cookie: {} };\nif (isProduction) { options.cookie.secure = true; options.store = new RedisStore({ client }); }\napp.use(session(options));\n`,
      },
    },
  },
});
