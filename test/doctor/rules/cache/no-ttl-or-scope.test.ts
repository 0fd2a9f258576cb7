import { expect, test } from 'vitest';
import { noTtlOrScope } from '../../../../src/doctor/rules/cache/no-ttl-or-scope.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nimport Redis from 'ioredis';\nconst app = express();\nconst redis = new Redis();\n`;
const node = `import { createClient } from 'redis';\nexport const client = createClient();\n`;

ruleTest(noTtlOrScope, {
  hits: {
    'rows of who asks under one name for all, in a cache of the process': {
      files: {
        'src/a.js': `const NodeCache = require('node-cache');\nconst cache = new NodeCache();\nexports.list = async (req, res) => {\n  let goods;\n  if (cache.has('goods')) {\n    goods = cache.get('goods');\n  } else {\n    goods = await Good.find({ owner: req.user.id });\n    cache.set('goods', JSON.stringify(goods));\n  }\n  res.json(goods);\n};\n`,
      },
      at: ['src/a.js:9 error'],
    },
    'what is set where it is not there': {
      files: {
        'src/a.ts': `${app}export async function first(shop) {\n  const known = await redis.get(\`count:\${shop}\`);\n  if (isEmpty(known)) await redis.set(\`count:\${shop}\`, 1);\n}\n`,
      },
      at: ['src/a.ts:7'],
    },
    'a key beside one that is deleted': {
      files: {
        'src/a.ts': `import Redis from 'ioredis';\nconst redis = new Redis();\nexport const keep = (shop: string) => redis.set(\`stock:\${shop}:all\`, 'x');\n`,
        'src/b.ts': `import Redis from 'ioredis';\nconst redis = new Redis();\nexport const drop = (id: string) => redis.del(\`stock:\${id}\`);\n`,
      },
      at: ['src/a.ts:3'],
    },
    'a key for each row, for ever': {
      files: {
        'src/a.ts': `${app}export async function product(id) {\n  const known = await redis.get(\`product:\${id}\`);\n  if (known) return JSON.parse(known);\n  const found = await load(id);\n  await redis.set(\`product:\${id}\`, JSON.stringify(found));\n  return found;\n}\n`,
      },
      at: ['src/a.ts:9'],
    },
    'the client of another file': {
      files: {
        'src/redis.ts': node,
        'src/a.ts': `import { client } from './redis.js';\nexport const remember = async (id, value) => {\n  const cacheKey = 'page:' + id;\n  await client.set(cacheKey, value, { NX: true });\n};\n`,
      },
      at: ['src/a.ts:4'],
    },
    'an answer for one user under a key for all': {
      files: {
        'src/a.ts': `${app}app.get('/dashboard', async (req, res) => {\n  const data = await load(req.user.id);\n  await redis.set('dashboard', JSON.stringify(data), 'EX', 60);\n  res.json(data);\n});\n`,
      },
      at: ['src/a.ts:7 error'],
    },
    'a public answer that depends on the user': {
      files: {
        'src/a.ts': `${app}app.get('/me', (req, res) => {\n  res.set('Cache-Control', 'public, max-age=300');\n  res.json(req.user);\n});\n`,
      },
      at: ['src/a.ts:6 error'],
    },
    'a cache of Nest': {
      files: {
        'package.json': manifest('@nestjs/core', 'cache-manager@^6.0.0', '@nestjs/cache-manager'),
        'src/shops.ts': `import { Inject, Injectable } from '@nestjs/common';\nimport { CACHE_MANAGER, Cache } from '@nestjs/cache-manager';\n@Injectable()\nexport class Shops {\n  constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {}\n  async all(city: string) {\n    const cacheKey = 'shops:' + city;\n    const known = await this.cache.get(cacheKey);\n    if (known) return known;\n    const shops = await this.load(city);\n    await this.cache.set(cacheKey, shops);\n    return shops;\n  }\n}\n`,
      },
      at: ['src/shops.ts:11'],
    },
    'a time of the clock as how long it lives': {
      files: {
        'src/redis.ts': node,
        'src/a.ts': `import { client } from './redis.js';\nexport const keep = async (key: string, value: string, until: Date) => {\n  await client.pSetEx(key, until.getTime(), value);\n};\n`,
        'src/b.ts': `import Redis from 'ioredis';\nconst redis = new Redis();\nexport const keep = async (key: string, value: string) => {\n  const end = Math.floor(Date.now() / 1000) + 3600;\n  await redis.set(key, value, 'EX', end);\n  await redis.expire(key, end);\n};\n`,
        'src/c.ts': `import { client } from './redis.js';\nexport const keep = (key: string, value: string, hour: number) =>\n  client.set(key, value, { PX: Date.now() + hour });\n`,
      },
      at: ['src/a.ts:3', 'src/b.ts:5', 'src/b.ts:6', 'src/c.ts:3'],
    },
  },
  clean: {
    'what all users are shown, in a cache of the process': {
      files: {
        'src/a.js': `const NodeCache = require('node-cache');\nconst cache = new NodeCache();\nexports.list = async (req, res) => {\n  let goods = cache.get('goods');\n  if (!goods) {\n    goods = await Good.find({ isShown: true });\n    cache.set('goods', goods);\n  }\n  res.json(goods);\n};\nexports.own = async (req, res) => {\n  const goods = await Good.find({ owner: req.user.id });\n  cache.set('goods:' + req.user.id, goods);\n  res.json(goods);\n};\n`,
      },
    },
    'a number that is raised where it is there': {
      files: {
        'src/a.ts': `${app}export async function raise(shop) {\n  const known = await redis.get(\`count:\${shop}\`);\n  if (!isEmpty(known)) await redis.set(\`count:\${shop}\`, Number(known) + 1);\n}\n`,
      },
    },
    'what lies between now and then, and times where times are asked for': {
      files: {
        'src/redis.ts': node,
        'src/a.ts': `import { client } from './redis.js';\nexport const keep = async (key: string, value: string, until: Date, seconds: number) => {\n  await client.pSetEx(key, until.getTime() - Date.now(), value);\n  await client.setEx(key, Math.floor((until.getTime() - Date.now()) / 1000), value);\n  await client.set(key, value, { EXAT: Math.floor(until.getTime() / 1000) });\n  await client.pExpireAt(key, Date.now() + 3600000);\n  await client.setEx(key, seconds, value);\n};\n`,
        'src/b.ts': `export const seen = new Map();\nexport const mark = (map: Map<string, number>, key: string) => map.set(key, Date.now());\n`,
      },
    },
    'a key that is deleted when the work is over': {
      files: {
        'src/a.ts': `import Redis from 'ioredis';\nconst redis = new Redis();\nexport const keep = (shop: string) => redis.set(\`stock:\${shop}:all\`, 'x');\n`,
        'src/b.ts': `import Redis from 'ioredis';\nconst redis = new Redis();\nexport const drop = (id: string) => redis.del(\`stock:\${id}:all\`);\n`,
      },
    },
    'a time to live, in every way of saying it': {
      files: {
        'src/redis.ts': node,
        'src/a.ts': `${app}import { client } from './redis.js';\nexport async function keep(id, value) {\n  await redis.set('a:' + id, value, 'EX', 60);\n  await redis.setex('b:' + id, 60, value);\n  await client.set('c:' + id, value, { EX: 60 });\n}\nexport async function late(id, value) {\n  await redis.set('d:' + id, value);\n  await redis.expire('d:' + id, 60);\n}\n`,
      },
    },
    'a cache of Nest with a time to live, here or for all': {
      files: {
        'package.json': manifest('@nestjs/core', 'cache-manager@^6.0.0', '@nestjs/cache-manager'),
        'src/app.module.ts': `import { CacheModule } from '@nestjs/cache-manager';\nexport const cache = CacheModule.register({ isGlobal: true, ttl: 60_000 });\n`,
        'src/shops.ts': `import { Inject, Injectable } from '@nestjs/common';\nimport { CACHE_MANAGER, Cache } from '@nestjs/cache-manager';\n@Injectable()\nexport class Shops {\n  constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {}\n  async all(city: string) {\n    const cacheKey = 'shops:' + city;\n    const known = await this.cache.get(cacheKey);\n    if (known) return known;\n    const shops = await this.load(city);\n    await this.cache.set(cacheKey, shops);\n    return shops;\n  }\n}\n`,
        'src/more.ts': `import { Inject, Injectable } from '@nestjs/common';\nimport { CACHE_MANAGER, Cache } from '@nestjs/cache-manager';\n@Injectable()\nexport class Shops {\n  constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {}\n  async all(city: string) {\n    const cacheKey = 'shops:' + city;\n    const known = await this.cache.get(cacheKey);\n    if (known) return known;\n    const shops = await this.load(city);\n    await this.cache.set(cacheKey, shops, 60_000);\n    return shops;\n  }\n}\n`,
      },
    },
    'one key that is written down': {
      files: { 'src/a.ts': `${app}export const stamp = () => redis.set('last-run', Date.now());\n` },
    },
    'options that come from elsewhere': {
      files: { 'src/a.ts': `${app}export const keep = (key, value, options) => redis.set(key, value, options);\n` },
    },
    'a key that names the user, and a private answer': {
      files: {
        'src/a.ts': `${app}app.get('/dashboard', async (req, res) => {\n  const data = await load(req.user.id);\n  await redis.set(\`dashboard:\${req.user.id}\`, JSON.stringify(data), 'EX', 60);\n  res.set('Cache-Control', 'private, max-age=60');\n  res.json(data);\n});\n`,
      },
    },
    'a Map, and headers of a request that is sent': {
      files: {
        'src/a.ts': `${app}const seen = new Map();\nexport const keep = (id, value) => seen.set('x:' + id, value);\nexport const headers = new Headers();\nheaders.set('Cache-Control', 'public');\n`,
      },
    },
  },
});

test.each(['user.id', 'product.id'])('an entry for each %s that has no end is a hint', (id) => {
  const text = `${app}const keyOf = (id) => 'part:' + id;\nexport async function load(user, product) {\n  const known = await redis.get(keyOf(${id}));\n  if (known) return known;\n  await redis.set(keyOf(${id}), await make(${id}));\n}\n`;
  const { findings } = examineTexts({ 'src/a.ts': text }, [noTtlOrScope]);
  expect(findings.map((one) => one.confidence)).toEqual(['hint']);
});
