import { tlsVerifyOff } from '../../../../src/doctor/rules/sec/tls-verify-off.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(tlsVerifyOff, {
  hits: {
    'a socket that is written to': {
      files: {
        'src/probe.ts': `import tls from 'node:tls';\nexport function ask(host: string, words: string) {\n  const socket = tls.connect({ host, port: 993, rejectUnauthorized: false });\n  socket.on('secureConnect', () => socket.write(words));\n}\n`,
        'src/talk.ts': `import tls from 'node:tls';\nexport function talk(host: string, words: string) {\n  const options = { host, port: 993, rejectUnauthorized: false };\n  const socket = tls.connect(options, () => socket.write(words));\n}\n`,
      },
      at: ['src/probe.ts:3', 'src/talk.ts:3'],
    },
    'one beside another that checks, and a default of an object of one’s own': {
      files: {
        'src/agents.ts': `import { Agent } from 'node:https';\nexport class Asker {\n  strict = new Agent({ keepAlive: true, rejectUnauthorized: true });\n  lax = new Agent({ keepAlive: true, rejectUnauthorized: false });\n}\n`,
        'src/server.ts': `export class Server {\n  constructor(given) {\n    Object.assign(this, { host: '', tls: false, rejectUnauthorized: false }, given);\n  }\n}\n`,
      },
      at: ['src/agents.ts:4 warning', 'src/server.ts:3 warning'],
    },
    'whatever is not HTTPS to one name': {
      files: {
        'src/fetch.ts': `import https from 'node:https';\nexport function agentFor(url: URL) {\n  if (url.hostname !== 'localhost' && known(url)) return new https.Agent();\n  else return new https.Agent({ rejectUnauthorized: false });\n}\n`,
      },
      at: ['src/fetch.ts:4'],
    },
    'settings that show how it may be set up, and those that it is run with': {
      files: {
        'compose-examples/proxy/docker-compose.yml': `services:\n  app:\n    environment:\n      NODE_TLS_REJECT_UNAUTHORIZED: 0\n`,
        'docker-compose.yml': `services:\n  app:\n    environment:\n      NODE_TLS_REJECT_UNAUTHORIZED: 0\n`,
      },
      at: ['compose-examples/proxy/docker-compose.yml:4 warning', 'docker-compose.yml:4'],
    },
    'a database that is believed with any certificate, in production': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool({\n  ssl: process.env.NODE_ENV === 'production' ? { rejectUnauthorized: false } : false,\n});\n`,
      },
      at: ['src/db.ts:3'],
    },
    'two mailboxes of other kinds, told of once; a kind of check that somebody chose': {
      files: {
        'src/mail.ts': `export function optionsOf(queue) {\n  switch (queue.type) {\n    case 'gmail':\n      return { host: queue.host, tlsOptions: { rejectUnauthorized: false } };\n    default:\n      return { host: queue.host, port: 993, tlsOptions: { rejectUnauthorized: false } };\n  }\n}\n`,
        'src/pool.ts': `export function sslOf(url) {\n  switch (url.searchParams.get('sslmode')) {\n    case 'no-verify':\n      return { rejectUnauthorized: false };\n    default:\n      return true;\n  }\n}\n`,
      },
      at: ['src/mail.ts:4', 'src/pool.ts:4 warning'],
    },
    'an agent for HTTPS': {
      files: {
        'src/call.js': `const https = require('https');\nconst agent = new https.Agent({ rejectUnauthorized: false });\n`,
      },
      at: ['src/call.js:2'],
    },
    'the switch for the whole process': {
      files: { 'src/main.ts': `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n` },
      at: ['src/main.ts:1'],
    },
    'the switch in an image and in the start script': {
      files: {
        Dockerfile: 'FROM node:22\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n',
        'package.json': '{\n  "scripts": {\n    "start": "NODE_TLS_REJECT_UNAUTHORIZED=0 node main.js"\n  }\n}\n',
      },
      at: ['Dockerfile:2', 'package.json:3'],
    },
    'a function that checks no name, and one that somebody asks for': {
      files: {
        'src/call.ts': `import tls from 'node:tls';\ntls.connect({ host, checkServerIdentity: () => undefined });\nconst ssl = mode === 'allow-self-signed' ? { rejectUnauthorized: false } : {};\n`,
      },
      at: ['src/call.ts:2', 'src/call.ts:3 warning'],
    },
    'options of database drivers, and an address that says it': {
      files: {
        'src/db.ts': `export const config = { server: 'db', options: { encrypt: true, trustServerCertificate: true } };\nmongoose.connect(uri, { tls: true, tlsAllowInvalidCertificates: true });\nexport const url = 'postgresql://db.shop.io/shop?sslmode=no-verify';\n`,
      },
      at: ['src/db.ts:1 warning', 'src/db.ts:2 warning', 'src/db.ts:3'],
    },
    'no name is checked inside the TLS options of a client': {
      files: {
        'src/cache.ts': `import { Redis } from 'ioredis';\nexport const cache = new Redis({ host, tls: { checkServerIdentity: () => undefined } });\n`,
      },
      at: ['src/cache.ts:2'],
    },
    'no name is checked where somebody says so': {
      files: {
        'src/redis.ts': `export const tls = { ...(env.REDIS_CHECK_IDENTITY === 'false' ? { checkServerIdentity: () => undefined } : {}) };\n`,
      },
      at: ['src/redis.ts:1 warning'],
    },
    'an authority of one’s own without names, and the same with no check at all': {
      files: {
        'src/own.ts': `import https from 'node:https';\nexport const agent = new https.Agent({ ca, cert, key, checkServerIdentity: () => undefined });\n`,
        'src/none.ts': `import https from 'node:https';\nexport const agent = new https.Agent({ ca, rejectUnauthorized: false, checkServerIdentity: () => undefined });\n`,
        'src/spread.ts': `import tls from 'node:tls';\ntls.connect({ ...tlsOptions, rejectUnauthorized: true, checkServerIdentity: () => undefined });\n`,
      },
      at: ['src/none.ts:2', 'src/own.ts:2 warning', 'src/spread.ts:2 warning'],
    },
    'an agent that only fetches pages, and one that says who asks': {
      files: {
        'src/page.ts': `import https from 'node:https';\nconst agent = new https.Agent({ rejectUnauthorized: false });\nexport const page = (url) => fetch(url, { agent });\n`,
        'src/call.ts': `import https from 'node:https';\nconst agent = new https.Agent({ rejectUnauthorized: false });\nexport const call = (url) => fetch(url, { agent, headers: { authorization: key } });\n`,
      },
      at: ['src/call.ts:2', 'src/page.ts:2 warning'],
    },
  },
  clean: {
    'a script that ends itself in production': {
      files: {
        'reset.mjs': `import { Pool } from 'pg';\nconst env = process.env.NODE_ENV;\nif (env === 'production' || env === 'staging') {\n  console.error(\`no: \${env}\`);\n  process.exit(1);\n}\nexport const pool = new Pool({ ssl: { rejectUnauthorized: false } });\n`,
      },
    },
    'a certificate that is only shown, and a handshake that is timed': {
      files: {
        'src/expiry.ts': `import * as tls from 'node:tls';\nexport const endOf = (host: string) =>\n  new Promise((resolve) => {\n    const socket = tls.connect({ host, port: 443, servername: host, rejectUnauthorized: false }, () => {\n      const shown = socket.getPeerCertificate(true);\n      socket.destroy();\n      resolve(shown.valid_to);\n    });\n    socket.on('error', () => resolve(null));\n  });\n`,
        'src/grip.ts': `import tls from 'node:tls';\nexport function grip(host: string, done) {\n  const options = { host, port: 443, rejectUnauthorized: false };\n  const socket = tls.connect(options, () => {\n    done({ cipher: socket.getCipher(), key: socket.getEphemeralKeyInfo?.(), alpn: socket.alpnProtocol, again: !!socket.getSession() });\n    socket.end();\n  });\n  socket.on('OCSPResponse', () => {});\n}\n`,
      },
    },
    'an agent for this very machine': {
      files: {
        'src/fetch.ts': `import https from 'node:https';\nexport function agentFor(url: URL) {\n  const isFar = url.protocol === 'https:' && url.hostname !== 'localhost';\n  if (isFar) return undefined;\n  else return new https.Agent({ rejectUnauthorized: false });\n}\n`,
      },
    },
    'an option beside the TLS options, which nobody reads, and a package for tests': {
      files: {
        'src/cache.ts': `import { Redis } from 'ioredis';\nexport const cache = new Redis.Cluster(nodes, {\n  redisOptions: { ...(plain ? { checkServerIdentity: () => undefined } : { tls: {} }) },\n});\n`,
        'packages/shop-test-utils/src/database.ts': `export const options = { ssl: { rejectUnauthorized: false } };\n`,
      },
    },
    'a program that asks its own server whether it lives': {
      files: { 'src/healthcheck.js': `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n` },
    },
    'drivers that check, and an address that is looked for': {
      files: {
        'src/db.ts': `export const options = { trustServerCertificate: false, sslValidate: true };\nif (mode === 'sslmode=no-verify') throw new Error('not in production');\n`,
      },
    },
    'a certificate authority of one’s own': {
      files: {
        'src/db.ts': `import { Pool } from 'pg';\nnew Pool({ ssl: { rejectUnauthorized: true, ca: process.env.DATABASE_CA } });\n`,
      },
    },
    'for development only': {
      files: {
        'src/db.ts': `const ssl = process.env.NODE_ENV === 'development' ? { rejectUnauthorized: false } : {};\nconst other = isProduction ? {} : { rejectUnauthorized: false };\nif (isDev) { process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; }\n`,
      },
    },
    'a server that asks its clients for certificates': {
      files: {
        'src/server.ts': `import https from 'node:https';\nhttps.createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, app);\n`,
      },
    },
    'a choice of who runs it, a test, and an example': {
      files: {
        'src/mail.ts': `createTransport({ tls: { rejectUnauthorized: process.env.SMTP_STRICT !== 'false' } });\n`,
        'test/call.test.ts': `new https.Agent({ rejectUnauthorized: false });\n`,
        '.env.example': 'NODE_TLS_REJECT_UNAUTHORIZED=0\n',
      },
    },
  },
});
