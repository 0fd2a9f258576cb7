import { weakCrypto } from '../../../../src/doctor/rules/sec/weak-crypto.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(weakCrypto, {
  hits: {
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
  },
  clean: {
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
