import { hardcodedSecret } from '../../../../src/doctor/rules/sec/hardcoded-secret.ts';
import { manifest, ruleTest } from '../../rule.ts';

/** Put together here, so that no file of ours holds a text of that shape. */
const key = (prefix: string, rest: string): string => `${prefix}${rest}`;
const aws = key('AKIA', 'QX4T2NBZ7KLMVWPD');
const stripe = key('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc');
const jwtOf = (claims: object): string =>
  [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('q'.repeat(43))
    .join('.');
const random = key('v9dn0ba', 'lpqas1pcc281tn5ood1');

ruleTest(hardcodedSecret, {
  hits: {
    'one variable that two files have a text for, one key of two files, and a text that another file falls back to: once each':
      {
        files: {
          'src/a.ts': `export const a = process.env.JWT_SECRET || 'orchard';\nexport const pay = stripe('sk_test_x7Kq2Lw9Zr4TfB7nVc3MpQ8sD');\n`,
          'src/b.ts': `export const b = process.env.JWT_SECRET || 'orchard';\nexport const pay = stripe('sk_test_x7Kq2Lw9Zr4TfB7nVc3MpQ8sD');\n`,
          'src/c.ts': `import session from 'express-session';\nimport { a } from './a';\nexport const kept = session({ secret: a });\n`,
        },
        at: ['src/a.ts:1', 'src/a.ts:2 warning'],
      },
    'what holds on the machine of a developer, as a hint': {
      files: {
        'src/keys.ts': `export const keys = {\n  [Stage.local]: [{ secret: 'x8Kq2Lw9Zr4TfB7nVc3M' }],\n  [Stage.production]: [],\n};\n`,
        'src/live.ts': `export const live = {\n  [Stage.production]: [{ apiKey: 'v3Mq7Lw9Zr4TfB7nVc8K' }],\n};\n`,
      },
      at: ['src/keys.ts:2', 'src/live.ts:2'],
    },
    'a key beside an example': {
      files: {
        'schema/upload.json': `{ "examples": { "plain": { "value": { "kind": "file" } } }, "upload": { "key": "${aws}" } }\n`,
      },
      at: ['schema/upload.json:1'],
    },
    'the secret of the sessions in a file of the repository': {
      files: {
        'package.json': manifest('express', 'express-session'),
        'src/app.js': `const session = require('express-session');\nconst pkg = require('../package.json');\napp.use(session({ secret: pkg.name }));\n`,
      },
      at: ['src/app.js:3'],
    },
    'a key that a server is given which only serves tests by the way': {
      files: { 'src/network.ts': `export const shop = LatestShop.create({ privateKey: '${random}' });\n` },
      at: ['src/network.ts:1'],
    },
    'a pair of keys as one, and a secret with slashes in it': {
      files: {
        'src/store.js': `store.ACCESS_KEY = '${random}';\nstore.SECRET_KEY = 'Zq81/${random}';\nconst uploadToken = '${random}/x4Bq/Zw7t';\n`,
      },
      at: ['src/store.js:1', 'src/store.js:3'],
    },
    'a password of a constant that what was sent is compared with': {
      files: {
        'src/login.js': `const shown = { username: 'guest', password: 'opensesame' };\nexports.login = (req, res) => (req.body.password === shown.password ? res.json(sign(shown)) : res.sendStatus(401));\n`,
      },
      at: ['src/login.js:2'],
    },
    'keys of providers': {
      files: {
        'src/pay.ts': `import Stripe from 'stripe';\nexport const stripe = new Stripe('${stripe}');\nconst header = \`Bearer ${key('ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8')}\`;\n`,
        'config/production.json': `{\n  "aws": { "accessKeyId": "${aws}" }\n}\n`,
      },
      at: ['config/production.json:2', 'src/pay.ts:2', 'src/pay.ts:3'],
    },
    'secrets of sessions, of cookies, of signatures': {
      files: {
        'src/app.js': `const session = require('express-session');\nconst cookieParser = require('cookie-parser');\nconst crypto = require('crypto');\napp.use(session({ secret: 'keyboard cat' }));\napp.use(cookieParser('kekse'));\nconst sum = crypto.createHmac('sha256', '${random}').update(text).digest('hex');\nconst name = process.env.SHOP || 'shop';\napp.use(session({ secret: name }));\n`,
      },
      at: ['src/app.js:4', 'src/app.js:5', 'src/app.js:6', 'src/app.js:8'],
    },
    'names that say it': {
      files: {
        'config/all.js': `module.exports = {\n  cookieSecret: 'session_cookie_secret_key_here',\n  zapApiKey: '${random}',\n};\nmodule.exports.password = 'Tr0ub4dor-and-3-horses';\n`,
      },
      at: ['config/all.js:2', 'config/all.js:3', 'config/all.js:5'],
    },
    'a text where the variable is not set': {
      files: {
        'src/config.ts': `export const config = { secret: process.env.JWT_SECRET || 'secret' };\nexport const schema = z.object({ SESSION_SECRET: z.string().default('shop') });\nconst admin = process.env.ADMIN_PASSWORD ?? 'admin123';\nexport const again = process.env.JWT_SECRET || 'secret';\n`,
        'src/jwt.module.ts': `const secret = config.get<string>('JWT_REFRESH_SECRET') ?? process.env.JWT_REFRESH_SECRET ?? 'test_secret';\n`,
      },
      at: ['src/config.ts:1', 'src/config.ts:2', 'src/config.ts:3', 'src/jwt.module.ts:1'],
    },
    'a text where the variable is not set, by other ways of asking': {
      files: {
        'src/config.ts': `const { JWT_SECRET = 'shop', PORT = '3000' } = process.env;\nexport const env = cleanEnv(process.env, { SESSION_SECRET: str({ default: 'shop' }), NAME: str({ default: 'shop' }), TWITTER_ACCESS_TOKEN_SECRET: str({ default: 'dummy' }) });\n`,
        'src/module.ts': `export const options = (config) => ({ key: config.get('JWT_REFRESH_SECRET', 'shop'), name: config.get('NAME', 'shop') });\n`,
      },
      at: ['src/config.ts:1', 'src/config.ts:2', 'src/module.ts:1'],
    },
    'the password in an address': {
      files: { 'src/db.ts': `export const pool = connect('postgres://shop:Xk29dLqp@db.shop-prod.net:5432/shop');\n` },
      at: ['src/db.ts:1'],
    },
    'passwords of servers, of a mail account, of a page, and one that is compared': {
      files: {
        'src/mail.ts': `export const mail = createTransport({ service: 'gmail', auth: { user: 'shop@shop.io', pass: 'wxyz mnop qrst uvab' } });\n`,
        'src/db.js': `module.exports = connect({ host: 'db.shop-prod.net', user: 'shop', password: 'Sommer2019!' });\nmodule.exports.local = connect({ host: 'localhost', user: 'shop', password: 'Sommer2019!' });\n`,
        'src/admin.ts': `import basicAuth from 'express-basic-auth';\nexport const guard = basicAuth({ users: { admin: 'opensesame' } });\nexport const login = (req, res) => {\n  if (req.body.user === 'admin' && req.body.password === 'opensesame') req.session.admin = true;\n  res.end();\n};\n`,
      },
      at: ['src/admin.ts:2', 'src/admin.ts:4', 'src/db.js:1', 'src/db.js:2 warning', 'src/mail.ts:1'],
    },
    'keys of ciphers': {
      files: {
        'src/seal.js': `const crypto = require('crypto');\nconst CryptoJS = require('crypto-js');\nconst key = Buffer.from('the shop is closed on monday');\nexports.seal = (text, iv) => crypto.createCipheriv('aes-256-cbc', key, iv).update(text);\nexports.open = (text, iv) => crypto.createDecipheriv('aes-256-cbc', key, iv).update(text);\nexports.old = (text) => CryptoJS.AES.encrypt(text, 'shop key');\nconst other = crypto.scryptSync('open sesame', salt, 32);\n`,
      },
      at: ['src/seal.js:4', 'src/seal.js:6', 'src/seal.js:7'],
    },
    'private keys in files': {
      files: {
        'config/keys/jwk.json': `{\n  "keys": [{ "kty": "EC", "crv": "P-256", "d": "${random}${random}", "x": "a", "y": "b" }]\n}\n`,
        'deploy/keys/jwk.json': `{ "keys": [{ "kty": "EC", "crv": "P-256", "d": "${random}${random}", "x": "a", "y": "b" }] }\n`,
        'config/keys/public.json': `{ "kty": "EC", "crv": "P-256", "x": "${random}", "y": "${random}" }\n`,
        'config/server.key': `-----BEGIN ${'PRIVATE KEY'}-----\n${`abc1234${random}`.repeat(6)}\n`,
      },
      at: ['config/keys/jwk.json:2', 'config/server.key:1'],
    },
    'the key of Supabase that passes every policy': {
      files: {
        'src/admin.ts': `export const admin = createClient(url, '${jwtOf({ iss: 'supabase', role: 'service_role' })}');\n`,
      },
      at: ['src/admin.ts:1'],
    },
    'a plugin that could sign cookies, where none is signed, as a hint': {
      files: {
        'src/app.ts': `import cookie from '@fastify/cookie';\napp.register(cookie, { secret: 'biscuits' });\nexport const look = (request) => request.cookies.look;\n`,
      },
      at: ['src/app.ts:2 info'],
    },
    'a plugin of Fastify, and a server without a user': {
      files: {
        'src/app.ts': `import cookie from '@fastify/cookie';\napp.register(cookie, { secret: 'biscuits' }); app.get('/', (_, reply) => reply.setCookie('a', 'b', { signed: true }));\nexport const redis = new Redis({ host: 'redis.shop.io', password: 'r3disP@ss' });\n`,
      },
      at: ['src/app.ts:2', 'src/app.ts:3'],
    },
    'a text instead of a variable that no schema insists on, or that is read before, or beside a schema that nobody runs':
      {
        files: {
          'src/app.module.ts': `import { validate } from './env';\nimport './auth.module';\n@Module({ imports: [ConfigModule.forRoot({ validate })] })\nexport class AppModule {}\n`,
          'src/env.ts': `const schema = z.object({ JWT_SECRET: z.string().min(32), SESSION_SECRET: z.string().optional() });\nexport const validate = (given) => schema.parse(given);\n`,
          'src/auth.module.ts': `export const early = { secret: process.env.JWT_SECRET ?? 'shop' };\nexport const other = (config) => config.get('SESSION_SECRET') ?? 'shop';\n`,
          'src/left.ts': `export const left = () => z.object({ COOKIE_SECRET: z.string() }).parse(process.env);\n`,
          'src/cookies.ts': `export const cookieSecret = () => process.env.COOKIE_SECRET || 'shop';\n`,
        },
        at: ['src/auth.module.ts:1', 'src/auth.module.ts:2', 'src/cookies.ts:1'],
      },
    'what a schema is given in place of a variable': {
      files: {
        'src/env.ts': `export const env = z.object({ JWT_SECRET: z.string().min(32) }).parse({ JWT_SECRET: process.env.JWT_SECRET ?? 'shop' });\n`,
        'src/env2.ts': `export const env = createEnv({ server: { AUTH_SECRET: z.string() }, runtimeEnv: { AUTH_SECRET: process.env.AUTH_SECRET || 'shop' } });\n`,
        'src/use.ts': `import './env';\nimport './env2';\n`,
      },
      at: ['src/env.ts:1', 'src/env2.ts:1'],
    },
    'a list of tokens as one, and what opens previews': {
      files: {
        'src/pay.ts': `const STRIPE_CLIENT_SECRET_KEY = '${random}';\n`,
        'src/list.ts': `export const shops = [\n  { token: '${random}' },\n  { token: '${random}x' },\n];\nexport const previewSecret = '${random}';\n`,
      },
      at: ['src/list.ts:2', 'src/list.ts:5', 'src/pay.ts:1'],
    },
    'a sample that is signed with, and a mask that also encrypts': {
      files: {
        'src/preview/sign.ts': `const jwtSecret = 'the-shop-signs-by-this';\nexport const token = sign({ shop: 1 }, jwtSecret);\n`,
        'src/mask.ts': `const SECRET_KEY = 'the-shop-hides-by-this';\nexport const seal = (text) => cipher(text, SECRET_KEY, SECRET_KEY.length);\n`,
      },
      at: ['src/mask.ts:1', 'src/preview/sign.ts:1'],
    },
    'the secret of Auth.js': {
      files: {
        'src/auth.ts': `import NextAuth from 'next-auth';\nexport default NextAuth({ providers, secret: 'shopping' });\n`,
      },
      at: ['src/auth.ts:2'],
    },
  },
  clean: {
    'a salt with a hash behind it, and somebody who does not exist': {
      files: {
        'db/guests.js': `db.guests.insertMany([{ name: 'ada', password: '3f9c57a571bd2c494b8ae447798527b2.7931fcc8c228b7bbea6ed3dde76510099ed1b95bcbdb5b7dfb297f125509ed8c' }]);\n`,
        'db/staff.js': `db.staff.insertMany([{ email: 'ada@example.com', password: 'x8Kq2Lw9Zr4TfB7nVc3M' }]);\n`,
      },
    },
    'the public half of a key in a signed address, what documentation shows, and what a form asks': {
      files: {
        'src/file.dto.ts': `export const address = 'https://files.s3.amazonaws.com/a.pdf?X-Amz-Credential=AKIA3SGQVQG7FGA6KKA6%2F20221104';\nexport const shown = { example: 'AKIA3SGQVQG7FGA6KKA6' };\n`,
        'src/form.ts': `export const rules = { password: 'required|min:6', confirmPassword: 'required|min:12|same:password' };\n`,
      },
    },
    'a key in the example of an answer': {
      files: {
        'schema/upload.json': `{ "answer": { "examples": { "plain": { "value": { "kind": "file", "key": "${aws}" } } } } }\n`,
      },
    },
    'a file of settings that the repository does not have, and one without the secret': {
      files: {
        'src/app.js': `const session = require('express-session');\nconst settings = require('../settings.json');\nconst pkg = require('../package.json');\napp.use(session({ secret: settings.secret }));\napp.use(session({ secret: pkg.secret }));\n`,
      },
    },
    'a password of a user that was found, and one of a form that is empty': {
      files: {
        'src/login.js': `const empty = { username: '', password: '' };\nexports.login = async (req, res) => {\n  const user = await users.find(req.body.name);\n  res.json(req.body.password === user.password || req.body.password === empty.password);\n};\n`,
      },
    },
    'routes under names of secrets': {
      files: {
        'src/routes.js': `export const routes = {\n  CHECK_TOKEN: 'api/v2/user/check-email-token',\n  RESET_PASSWORD: 'api/auth/v4.0/user/:id/reset-password',\n  LOGIN_TOKEN: '/api/v3/login-with-token',\n};\n`,
      },
    },
    'a key that a network of servers for tests is given': {
      files: {
        'src/network.ts': `export const network = async (params) => ({\n  shop: await TestShop.create({ privateKey: '${random}', ...params.shop }),\n  mail: startMockServer({ sessionSecret: '${random}' }),\n});\n`,
      },
    },
    'a text instead of a variable without which nothing starts': {
      files: {
        'src/app.module.ts': `import { validate } from './env';\n@Module({ imports: [ConfigModule.forRoot({ isGlobal: true, validate })] })\nexport class AppModule {}\n`,
        'src/env.ts': `const schema = z.object({ JWT_SECRET: z.string().min(32) });\nexport const validate = (given) => schema.parse(given);\n`,
        'src/auth.module.ts': `export const options = (config) => ({ secret: config.get('JWT_SECRET') ?? process.env.JWT_SECRET ?? 'shop' });\nexport const again = (config) => config.get('JWT_SECRET', 'shop');\n`,
      },
    },
    'a text instead of a variable that envalid, joi or a schema of the environment insists on': {
      files: {
        'src/env.ts': `import { cleanEnv, str } from 'envalid';\nexport const env = cleanEnv(process.env, { JWT_SECRET: str() });\n`,
        'src/checked.ts': `const { error } = Joi.object({ SESSION_SECRET: Joi.string().required() }).validate(process.env);\nif (error) throw error;\n`,
        'src/edge.ts': `export const edge = createEnv({ server: { AUTH_SECRET: z.string().min(1) }, runtimeEnv: process.env });\n`,
        'src/main.ts': `import './env';\nimport './checked';\nimport './edge';\nexport const keys = [process.env.JWT_SECRET ?? 'shop', process.env.SESSION_SECRET || 'shop', process.env.AUTH_SECRET || 'shop'];\nconst { JWT_SECRET = 'shop' } = process.env;\n`,
      },
    },
    'data of samples, of previews, of seeds; a package for tests; an inbox that anybody is given': {
      files: {
        'src/handAuthored/shop.ts': `export const samples = [{ body: { token: '${random}', type: 'order' } }, { body: { token: '${random}x' } }];\n`,
        'src/mails/order.tsx': `OrderMail.PreviewProps = { shop: 'Shop', unsubscribeToken: '${random}', other: 'preview-token-987' };\n`,
        'prisma/populate.ts': `const rawToken = '${random}';\nawait db.token.create({ data: { hash: createHash('sha256').update(rawToken).digest('hex') } });\n`,
        'packages/testcontainers/src/shop.ts': `export const start = () => spawn('shop', { env: { SESSION_SECRET: 'session-secret-of-a-run' } });\n`,
        'src/mail.ts': `export const mail = { host: 'smtp.ethereal.email', port: 587, auth: { user: 'a@ethereal.email', pass: 'Xk29dLqpWq' } };\n`,
      },
    },
    'the certificate of one’s own machine': {
      files: { 'tls/localhost.key': `-----BEGIN ${'PRIVATE KEY'}-----\n${`abc1234${random}`.repeat(6)}\n` },
    },
    'keys of Supabase that are made for browsers, and that every machine has': {
      files: {
        'src/db.ts': `export const db = createClient(url, '${jwtOf({ iss: 'supabase', role: 'anon' })}');\nexport const local = createClient(url, '${jwtOf({ iss: 'supabase-demo', role: 'service_role' })}');\n`,
      },
    },
    'a package that starts what tests run against': {
      files: {
        'package.json': JSON.stringify({ name: '@shop/testcontainers', dependencies: {} }),
        'src/shop.ts': `export const start = () => spawn('shop', { env: { SESSION_SECRET: 'session-secret-of-a-run' } });\n`,
      },
    },
    'a package of tests': {
      files: {
        'package.json': JSON.stringify({ name: '@shop/integration-tests', dependencies: {} }),
        'src/captcha.ts': `export const secretKey = '${random}';\n`,
      },
    },
    'a server for developers, a test of the browser, and what is cut short': {
      files: {
        'src/server-dev.ts': `start({ tokens: [{ secret: '*:*.${random}' }] });\n`,
        'src/keys.clienttest.ts': `export const secretKey = '${random}';\n`,
        'src/list.ts': `export const row = { displaySecretKey: 'sk-shop-...5678' };\n`,
      },
    },
    'keys of ciphers from elsewhere': {
      files: {
        'src/seal.ts': `import { createCipheriv, scryptSync } from 'node:crypto';\nconst key = scryptSync(process.env.SEAL_KEY, 'shop', 32);\nexport const seal = (text, iv) => createCipheriv('aes-256-gcm', key, iv).update(text);\n`,
      },
    },
    'passwords from the environment, of one’s own machine, and fields of that name': {
      files: {
        'src/db.ts': `export const a = connect({ host, user: 'shop', password: process.env.DB_PASSWORD });\nexport const b = connect({ host: 'localhost', user: 'root', password: 'root' });\nexport const isSecret = (field) => field === 'password' || typeof field.password === 'string';\nexport const kept = (args) => (args.pass === '********' ? old.pass : args.pass);\nexport const isFirst = (pass, pwd) => pass === 'first' && pwd === '/home/shop';\nexport const labels = { user: 'label.user', server: 'label.server', password: 'label.password' };\n`,
      },
    },
    'names of variables, of headers, of kinds; the environment': {
      files: {
        'src/config.ts': `export const names = { apiKey: 'STRIPE_API_KEY', token: 'access_token', jwtSecret: 'auth.jwt.secret', passwordField: 'password' };\nexport const config = { secret: process.env.SECRET, apiKey: env.API_KEY ?? '', tokenType: 'bearer-token' };\n`,
      },
    },
    'placeholders, examples and tests': {
      files: {
        'src/config.ts': `const config = { apiKey: 'your-api-key-goes-here-1234', password: 'changeme123456789', token: '<token-from-dashboard-01>' };\n`,
        'test/pay.test.ts': `const stripe = '${stripe}';\n`,
        'docs/keys.json': `{ "key": "${aws}" }\n`,
        'src/aws.ts': `const example = '${key('AKIA', 'IOSFODNN7EXAMPLE')}';\n`,
      },
    },
    'keys that are public, and what a form shows': {
      files: {
        'src/client/firebase.ts': `export const app = initializeApp({ apiKey: '${key('AIza', 'SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY')}', authDomain: 'shop.firebaseapp.com' });\n`,
        'src/form.tsx': `export const Field = () => <input placeholder="${key('6660491268:AA', 'FMGmajZOVewpMNZCgJr5H7cpXpoZPgvXw')}" />;\n`,
        'src/keys.ts': `export const publishableKey = '${key('pk_live_', '51H8aBcDeFgHiJkLmNoP')}';\n`,
      },
    },
    'a text for development, where production stops': {
      files: {
        'src/config.ts': `if (isProduction && !process.env.JWT_SECRET) throw new Error('JWT_SECRET');\nexport const secret = process.env.JWT_SECRET ?? 'development';\nconst none = process.env.SESSION_SECRET ?? '';\nconst port = process.env.PORT ?? '3000';\n`,
      },
    },
    'addresses of one’s own machine': {
      files: {
        'src/db.ts': `const url = process.env.DATABASE_URL ?? 'postgres://postgres:Hk29dLqp@localhost:5432/shop';\nconst other = 'redis://default:Xk29dLqp@redis:6379';\n`,
      },
    },
  },
});
