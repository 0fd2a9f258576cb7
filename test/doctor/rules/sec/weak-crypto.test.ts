import { weakCrypto } from '../../../../src/doctor/rules/sec/weak-crypto.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(weakCrypto, {
  hits: {
    'a salt of what draws by a function of its own, as a hint, beside a code': {
      files: {
        'src/draw.ts': `export function drawn(size = 16) {\n  let text = '';\n  while (size--) text += letters[(Math.random() * letters.length) | 0];\n  return text;\n}\n`,
        'src/users.ts': `import { drawn } from './draw';\nexport function add(user) {\n  const salt = drawn(32);\n  return users.add({ ...user, salt });\n}\n`,
        'src/words.ts': `export function lot(size = 16) {\n  let text = '';\n  while (size--) text += letters[(Math.random() * letters.length) | 0];\n  return text;\n}\n`,
        'src/resets.ts': `import { lot } from './words';\nexport function reset(user) {\n  const resetToken = lot(32);\n  return resets.add({ user, resetToken });\n}\n`,
      },
      at: ['src/draw.ts:3 info', 'src/words.ts:3'],
    },
    'a password with one salt for all, of the settings': {
      files: {
        'src/user.js': `const crypto = require('crypto');\nconst config = require('./config');\nexports.hashify_password = (password) => crypto.createHash('md5').update(password + config.get('salt')).digest('hex');\nexports.hashifyPassword = (text) => crypto.createHash('sha1').update(text).digest('hex');\n`,
      },
      at: ['src/user.js:3', 'src/user.js:4'],
    },
    'the password as it was sent, in the text of a query, in its values, in a list of conditions': {
      files: {
        'src/enter.js': `exports.a = async (req, res) => res.json(await db.query("SELECT * FROM users WHERE email = '" + req.body.email + "' AND password = '" + req.body.password + "'"));\nexports.b = async (req, res) => res.json(await db.query('SELECT id FROM users WHERE email = ? AND password = ?', [req.body.email, req.body.password]));\nexports.c = async (req, res) => {\n  const { email, password } = req.body;\n  const query = { $and: [{ email }, { password }] };\n  res.json(await User.findOne(query));\n};\n`,
      },
      at: ['src/enter.js:1', 'src/enter.js:2', 'src/enter.js:5'],
    },
    'a password by MD5, and by a function that is given one elsewhere': {
      files: {
        'src/hash.ts': `import crypto from 'node:crypto';\nexport const hash = (data: string) => crypto.createHash('md5').update(data).digest('hex');\n`,
        'src/users.ts': `import { hash } from './hash.js';\nexport const create = (req) => store.add({ password: hash(req.body.password) });\n`,
        'src/login.ts': `import { createHash } from 'crypto';\nconst digest = createHash('sha256').update(user.password + salt).digest('hex');\n`,
      },
      at: ['src/hash.ts:2', 'src/login.ts:2'],
    },
    'tokens and codes that can be computed': {
      files: {
        'src/token.ts': `const token = Math.random().toString(36).slice(2);\nexport function generateOtp() {\n  let code = '';\n  for (let i = 0; i < 6; i++) code += Math.floor(Math.random() * 10);\n  return code;\n}\nuser.resetToken = String(Math.random());\n`,
      },
      at: ['src/token.ts:1', 'src/token.ts:4', 'src/token.ts:7'],
    },
    'a token by a function of that name': {
      files: {
        'src/reset.ts': `export const resetToken = () => Math.random().toString(36);\nexport function createResetPasswordToken() {\n  const text = Math.random().toString(36);\n  return text;\n}\n`,
      },
      at: ['src/reset.ts:1', 'src/reset.ts:3'],
    },
    'a token from a function that draws for many': {
      files: {
        'src/random.ts': `export function hex(size: number) {\n  return [...Array(size)].map(() => Math.floor(Math.random() * 16).toString(16)).join('');\n}\n`,
        'src/voice.ts': `import { hex } from './random.js';\nexport function genVoiceToken() {\n  return hex(16);\n}\n`,
        'src/text.ts': `export const text = (n: number) => Math.random().toString(36).slice(0, n);\n`,
        'src/users.ts': `import { text } from './text.js';\nexport const invite = (user) => users.add({ ...user, resetToken: \`r-\${text(8)}\` });\n`,
      },
      at: ['src/random.ts:2', 'src/text.ts:1'],
    },
    'a token that is the MD5 of the name': {
      files: {
        'package.json': manifest('express', 'md5'),
        'src/reset.js': `const md5 = require('md5');\nmodule.exports.reset = (req, res) => {\n  if (req.query.token == md5(req.query.login)) res.render('reset');\n};\n`,
      },
      at: ['src/reset.js:3'],
    },
    'ciphers and costs': {
      files: {
        'src/seal.ts': `import crypto from 'crypto';\nimport bcrypt from 'bcrypt';\nconst a = crypto.createCipher('aes192', key);\nconst b = crypto.createCipheriv('aes-256-ecb', key, null);\nconst c = crypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 0));\nconst rounds = 4;\nbcrypt.hash(password, rounds);\nbcrypt.genSaltSync(9);\ncrypto.pbkdf2Sync(password, salt, 1000, 64, 'sha512');\n`,
      },
      at: [
        'src/seal.ts:3',
        'src/seal.ts:4',
        'src/seal.ts:5',
        'src/seal.ts:7',
        'src/seal.ts:8 warning',
        'src/seal.ts:9',
      ],
    },
    'passwords that are kept as they are': {
      files: {
        'src/users.ts': `export class Users {\n  async login(dto) {\n    const user = await this.users.findOne({ email: dto.email });\n    if (user.password !== dto.password) throw new Unauthorized();\n    return this.tokens.give(user);\n  }\n}\n`,
        'src/login.js': `exports.login = async (req, res) => {\n  const { email, password } = req.body;\n  const user = await User.findOne({ email, password });\n  res.json({ token: give(user) });\n};\n`,
      },
      at: ['src/login.js:3', 'src/users.ts:4'],
    },
    'a password as the key of an HMAC, and as what another function compares': {
      files: {
        'src/user.entity.ts': `import crypto from 'crypto';\nexport class User {\n  seal() {\n    this.password = crypto.createHmac('sha256', this.password).digest('hex');\n  }\n}\n`,
        'src/dao.js': `function Users() {\n  const comparePassword = (fromDB, fromUser) => {\n    return fromDB === fromUser;\n  };\n}\n`,
        'src/validate.ts': `export const validateLogin = (user, password) => user.password === password;\n`,
      },
      at: ['src/dao.js:3', 'src/user.entity.ts:4', 'src/validate.ts:1'],
    },
    'the password of a thing that is shared: a hint': {
      files: {
        'src/auth.ts': `export const open = async (req, res) => {\n  const board = await boards.findOne({ id: req.params.id });\n  if (board.password !== req.body.password) return res.status(401).end();\n  res.json({ token: give(board) });\n};\n`,
      },
      at: ['src/auth.ts:3 warning'],
    },
    'a code that signs somebody in': {
      files: {
        'src/code.ts': `export const generateCode = (length = 6) => Math.floor(Math.random() * 10 ** length);\n`,
        'src/verify.ts': `import { generateCode } from './code.js';\nexport const sendVerification = (user) => mail(user, generateCode());\n`,
      },
      at: ['src/code.ts:1'],
    },
  },
  clean: {
    'the first letters for a list of leaked passwords, which the caller asks, and a key that a protocol makes of name and password':
      {
        files: {
          'src/leaked.ts': `import crypto from 'node:crypto';\nexport function partsOf(password: string) {\n  const hash = crypto.createHash('sha1').update(password).digest('hex');\n  return [hash.substring(0, 5), hash.slice(5)];\n}\n`,
          'src/common.ts': `import crypto from 'node:crypto';\nconst digest = (password: string) => crypto.createHash('sha1').update(password).digest('hex');\nexport const isCommon = async (password: string) => (await fetch('https://api.pwnedpasswords.com/range/' + first(digest(password)))).ok;\n`,
          'src/box.ts': `import crypto from 'node:crypto';\nconst sha256 = (data: string) => crypto.createHash('sha256').update(data).digest();\nexport const keyFor = (email: string, password: string) => sha256(email + password + 'box');\n`,
        },
      },
    'how long a password is, which another library draws': {
      files: {
        'src/users.js': `const { generate } = require('generate-password');\nexports.newPassword = () => {\n  let password = '';\n  while (password.length < 20) {\n    password = generate({ length: Math.floor(Math.random() * 20) + 20, numbers: true });\n  }\n  return password;\n};\n`,
      },
    },
    'a password that stands in the code, which is a secret and no table': {
      files: {
        'src/login.js': `const shown = { username: 'guest', password: 'opensesame' };\nexports.login = (req, res) => (req.body.password === shown.password ? res.json(sign(shown)) : res.sendStatus(401));\n`,
      },
    },
    'a password of the settings with an order, and hashed ones in queries': {
      files: {
        'src/pay.js': `const crypto = require('crypto');\nconst config = require('./config');\nexports.sign = (order) => crypto.createHash('md5').update(order.sum + config.password).digest('hex');\n`,
        'src/enter.js': `exports.a = async (req, res) => res.json(await db.query('SELECT id FROM users WHERE email = ? AND password = SHA2(?, 256)', [req.body.email, req.body.password]));\nexports.b = async (req, res) => res.json(await db.query("UPDATE users SET password = '" + req.body.password + "'"));\nexports.c = async (req, res) => res.json(await db.query('SELECT id FROM users WHERE email = ? AND state = ?', [req.body.email, req.body.password]));\n`,
      },
    },
    'a draw for other things, and a choice among tokens': {
      files: {
        'src/random.ts': `export const text = (n: number) => Math.random().toString(36).slice(0, n);\nexport const any = (list) => list[Math.floor(Math.random() * list.length)];\n`,
        'src/use.ts': `import { any, text } from './random.js';\nexport const requestId = text(8);\nexport const token = any(tokens);\nexport const tokenOf = lists[text(1)];\nexport const sessionToken = cached(text(3));\n`,
      },
    },
    'an id in a method that hashes, and the kept hash of somebody who is signed in': {
      files: {
        'src/pool.ts': `export class Pool {\n  async hashPassword(password) {\n    const requestId = Math.random().toString(36);\n    return this.ask({ requestId, password });\n  }\n}\n`,
        'src/auth.ts': `import { compare } from 'bcrypt';\nexport const logout = (userData) => users.find((user) => user.email === userData.email && user.password === userData.password);\n`,
      },
    },
    'a fingerprint of the hash that is kept': {
      files: {
        'src/fingerprint.ts': `import { createHash } from 'node:crypto';\nexport const claims = (user) => ({ a: createHash('sha256').update(user.encryptedPassword).digest('hex'), b: createHash('sha256').update(user!.password_hash).digest('hex') });\n`,
      },
    },
    'what another side prescribes': {
      files: {
        'src/digest.ts': `import { createHash } from 'node:crypto';\nconst md5 = (text) => createHash('md5').update(text).digest('hex');\nexport const header = (username, realm, password) => createHash('md5').update(username + ':' + realm + ':' + password).digest('hex');\n`,
        'src/pay.ts': `import { createHash } from 'node:crypto';\nexport const sign = (order) => createHash('sha256').update(order.id + process.env.MERCHANT_PASSWORD).digest('hex');\n`,
        'src/oauth.ts': `export const request = () => ({ nonce: Math.random().toString(36), nameSalt: Math.random() });\n`,
      },
    },
    'passwords that are compared with each other, or by their hashes': {
      files: {
        'src/register.ts': `export const register = async (req, res) => {\n  if (req.body.password !== req.body.confirmPassword) return res.status(400).end();\n  const user = await User.findOne({ email: req.body.email });\n  if (user.password === hash(req.body.password)) return res.json({ token: give(user) });\n  res.status(401).end();\n};\nexport const isChanged = (before, next) => before.password !== next.password;\nexport const save = async (dto) => {\n  const account = await validate(dto);\n  if (account.password !== dto.password) account.password = dto.password;\n};\n`,
      },
    },
    'chance where there is no crypto, and data to play with': {
      files: {
        'src/password.ts': `export function generatePassword() {\n  if (globalThis.crypto) return crypto.getRandomValues(new Uint8Array(16)).join('');\n  return Math.random().toString(36);\n}\n`,
        'src/fake.ts': `export const fakes = {\n  age: () => Math.random() * 100,\n  name: () => names[Math.floor(Math.random() * 9)],\n  city: () => cities[Math.floor(Math.random() * 9)],\n  mac: () => Math.random().toString(16),\n  locale: () => locales[Math.floor(Math.random() * 9)],\n  password: () => Math.random().toString(36),\n};\n`,
      },
    },
    'a hash that a slow one is given': {
      files: {
        'src/password.ts': `import bcrypt from 'bcrypt';\nimport { createHash } from 'node:crypto';\nexport const seal = (password) => bcrypt.hash(createHash('sha512').update(password).digest('base64'), 12);\n`,
      },
    },
    'a key that is derived for one text': {
      files: {
        'src/seal.ts': `import { createCipheriv, scryptSync } from 'node:crypto';\nexport const seal = (password, salt, text) => {\n  const key = scryptSync(password, salt, 32);\n  const iv = Buffer.alloc(16, 0);\n  return createCipheriv('aes-256-ctr', key, iv).update(text);\n};\n`,
      },
    },
    'hashes of files, keys of a cache, and of leaked passwords': {
      files: {
        'src/etag.ts': `import { createHash } from 'node:crypto';\nexport const etag = (body: Buffer) => createHash('md5').update(body).digest('hex');\nexport const isPwned = async (password: string) => {\n  const sum = createHash('sha1').update(password).digest('hex');\n  return (await fetch('https://api.pwnedpasswords.com/range/' + sum.slice(0, 5))).text();\n};\n`,
      },
    },
    'chance that decides nothing': {
      files: {
        'src/wait.ts': `const delay = 1000 * Math.random();\nconst tokenCount = Math.round(Math.random() * 10);\nconst id = Math.random();\nconst sample = Math.random() < 0.1;\n`,
      },
    },
    'passwords as they should be': {
      files: {
        'src/users.ts': `import bcrypt from 'bcrypt';\nimport { randomBytes, createCipheriv } from 'node:crypto';\nawait bcrypt.hash(password, 12);\nawait bcrypt.hash(password, await bcrypt.genSalt());\nconst token = randomBytes(32).toString('hex');\nconst iv = randomBytes(12);\ncreateCipheriv('aes-256-gcm', key, iv);\n`,
      },
    },
    'a hash of a token that is drawn at random': {
      files: {
        'src/tokens.ts': `import { createHash } from 'node:crypto';\nexport const kept = (token: string) => createHash('sha256').update(token).digest('hex');\n`,
      },
    },
  },
});
