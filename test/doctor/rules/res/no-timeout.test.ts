import { noTimeout } from '../../../../src/doctor/rules/res/no-timeout.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(noTimeout, {
  hits: {
    'an agent that limits nothing, among options that are put together': {
      files: {
        'src/hook.ts': `import fetch from 'node-fetch';\nimport https from 'node:https';\nexport async function tell(url: string, text: string) {\n  const own = url.startsWith('https') ? { agent: new https.Agent({ keepAlive: true }) } : {};\n  const options = { ...own, method: 'POST' };\n  options['body'] = text;\n  return (await fetch(url, options)).json();\n}\n`,
      },
      at: ['src/hook.ts:7'],
    },
    'options by a name, with a spread of one of two': {
      files: {
        'src/hook.ts': `export async function tell(url: string, isOwn: boolean, text: string) {\n  const agent = isOwn ? { keepalive: true } : {};\n  const options = { ...agent, ...(text && { method: 'POST' }), headers: {} };\n  options['body'] = text;\n  const answer = await fetch(url, options);\n  return answer.json();\n}\n`,
      },
      at: ['src/hook.ts:5'],
    },
    'an address of another file, and a base that servers are given': {
      files: {
        'src/paths.ts': `export const board = 'https://x.example/boards/:id';\n`,
        'src/a.ts': `import axios from 'axios';\nimport urlcat from 'urlcat';\nimport * as paths from './paths.js';\nconst baseURL = process.env.API_URL;\nexport const board = (id) => axios.get(urlcat(paths.board, { id }), { baseURL });\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a handler that is given to what waits for it, and one that others are given too': {
      files: {
        'api/in-time.js': `export const inTime = (handler) => async (req, res) => {\n  const late = new Promise((_, reject) => setTimeout(reject, 9000));\n  res.json(await Promise.race([handler(req), late]));\n};\nexport const logged = (handler) => async (req, res) => res.json(await handler(req));\n`,
        'api/a.js': `import { logged } from './in-time.js';\nconst rate = async (req) => fetch('https://x.example');\nexport default logged(rate);\n`,
        'api/b.js': `import { inTime } from './in-time.js';\nexport const load = async () => fetch('https://x.example');\nconst rate = async (req) => load();\nexport default inTime(rate);\n`,
      },
      at: ['api/a.js:2', 'api/b.js:2'],
    },
    'a server beside the folder of an extension': {
      files: {
        'extension/manifest.json': `{ "manifest_version": 3, "name": "shop" }\n`,
        'extension/ask.ts': `export const ask = async (path) => (await fetch(\`https://x.example/\${path}\`)).json();\n`,
        'src/ask.ts': `export const ask = async (path) => (await fetch(\`https://x.example/\${path}\`)).json();\n`,
      },
      at: ['src/ask.ts:1'],
    },
    'an agent that keeps connections and limits nothing': {
      files: {
        'src/a.ts': `import axios from 'axios';\nimport { Agent } from 'node:https';\nconst httpsAgent = new Agent({ keepAlive: true });\nexport const api = axios.create({ baseURL: 'https://x.example', httpsAgent });\n`,
      },
      at: ['src/a.ts:4'],
    },
    'fetch with an address alone, and with options that hold none': {
      files: {
        'src/a.ts': `export async function rate(currency) {\n  const answer = await fetch(\`https://rates.example/\${currency}\`);\n  await fetch(process.env.HOOK, { method: 'POST', body: '{}' });\n  return answer.json();\n}\n`,
      },
      at: ['src/a.ts:2'],
    },
    'axios, and an instance of it that has none': {
      files: {
        'src/a.js': `const axios = require('axios');\nconst api = axios.create({ baseURL: 'https://api.example' });\nexports.load = (id) => axios.get('https://x.example/' + id, { headers: { a: 'b' } });\nexports.save = (body) => axios.post('https://x.example', body);\nexports.all = () => api.get('/all');\n`,
      },
      at: ['src/a.js:2', 'src/a.js:3'],
    },
    'got, and the old request': {
      files: {
        'src/a.js': `const got = require('got');\nconst request = require('request');\nexports.a = () => got('https://x.example').json();\nexports.b = (url, done) => request(url, done);\n`,
      },
      at: ['src/a.js:3', 'src/a.js:4'],
    },
    'Nest’s HttpService, injected': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/axios'),
        'src/a.service.ts': `import { HttpService } from '@nestjs/axios';\nexport class Rates {\n  constructor(private readonly http: HttpService) {}\n  load() {\n    return this.http.get('https://x.example');\n  }\n}\n`,
      },
      at: ['src/a.service.ts:5'],
    },
    'one answer for many files': {
      files: Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((name) => [
          `src/${name}.ts`,
          `export const load = () => fetch('https://x.example/${name}');\n`,
        ]),
      ),
      at: ['src/a.ts:1'],
    },
    'a server that writes what a page does': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport async function callback(code: string) {\n  await axios.post('https://x.example/token', { code });\n  return '<script>window.close();</script>';\n}\n`,
      },
      at: ['src/a.ts:3'],
    },
    'options that another file gives': {
      files: {
        'src/a.ts': `import { options } from './options.js';\nexport const a = () => fetch('https://x.example', { ...options, method: 'POST' });\n`,
        'src/options.ts': `export const options = { headers: { accept: 'application/json' } };\n`,
      },
      at: ['src/a.ts:2'],
    },
    'one answer for many clients, and each of a few by itself': {
      files: {
        ...Object.fromEntries(
          ['a', 'b', 'c', 'd'].map((name) => [
            `src/${name}.ts`,
            `import axios from 'axios';\nexport const ${name} = axios.create({ baseURL: 'https://${name}.example' });\n`,
          ]),
        ),
        'src/e.ts': `import got from 'got';\nexport const e = got.extend({ prefixUrl: 'https://e.example' });\nexport const f = got.extend({ prefixUrl: 'https://f.example' });\n`,
      },
      at: ['src/a.ts:2', 'src/e.ts:2', 'src/e.ts:3'],
    },
    'one answer for three clients of a package': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport const a = axios.create({ baseURL: 'https://a.example' });\nexport const b = axios.create({ baseURL: 'https://b.example' });\nexport const c = axios.create({ baseURL: 'https://c.example' });\n`,
      },
      at: ['src/a.ts:2'],
    },
    'a function that passes options on twice, told once': {
      files: {
        'src/http.ts': `export async function send(url: string, init: RequestInit) {\n  const answer = await fetch(url, { ...init, headers: {} });\n  return answer.status === 401 ? fetch(url, { ...init, headers: { a: 'b' } }) : answer;\n}\n`,
        'src/a.ts': `import { send } from './http.js';\nexport const a = () => send('https://x.example', { method: 'POST' });\n`,
      },
      at: ['src/http.ts:2'],
    },
    'a function that passes options on, where no caller gives a limit': {
      files: {
        'src/http.ts': `export async function send(url: string, init: RequestInit = {}) {\n  const answer = await fetch(url, { ...init, headers: { accept: 'application/json' } });\n  return answer.json();\n}\n`,
        'src/a.ts': `import { send } from './http.js';\nexport const a = () => send('https://x.example');\nexport const b = () => send('https://x.example', { method: 'POST' });\n`,
      },
      at: ['src/http.ts:2'],
    },
    'a client of got, Node’s own request, needle and superagent': {
      files: {
        'src/a.js': `const got = require('got');\nconst api = got.extend({ prefixUrl: 'https://x.example' });\nexports.a = () => api.get('a');\n`,
        'src/b.js': `const https = require('node:https');\nexports.b = (done) => https.get('https://x.example', (res) => done(null, res));\n`,
        'src/c.js': `const needle = require('needle');\nexports.c = (done) => needle.get('https://x.example', done);\n`,
        'src/d.js': `const superagent = require('superagent');\nexports.d = () => superagent.get('https://x.example').set('accept', 'text/plain');\n`,
      },
      at: ['src/a.js:2', 'src/b.js:2', 'src/c.js:2', 'src/d.js:2'],
    },
  },
  clean: {
    'an agent of another file, and one with a limit': {
      files: {
        'src/a.ts': `import fetch from 'node-fetch';\nimport { agent } from './agent.js';\nexport const load = async (url: string) => (await fetch(url, { agent })).json();\n`,
        'src/b.ts': `import fetch from 'node-fetch';\nimport https from 'node:https';\nexport const load = async (url: string) => (await fetch(url, { agent: new https.Agent({ timeout: 5000 }) })).json();\n`,
      },
    },
    'options by a name that are given a limit below, or by one of two': {
      files: {
        'src/hook.ts': `export async function tell(url: string, text: string) {\n  const options = { method: 'POST', headers: {} };\n  options.signal = AbortSignal.timeout(5000);\n  return (await fetch(url, options)).json();\n}\nexport async function ask(url: string, isSlow: boolean) {\n  const limit = isSlow ? {} : { signal: AbortSignal.timeout(5000) };\n  return (await fetch(url, { ...limit, headers: {} })).json();\n}\n`,
      },
    },
    'paths of another file, and a base that browsers are given': {
      files: {
        'src/paths.ts': `export const board = '/boards/:id';\nexport const row = 'rows/';\n`,
        'src/b.ts': `import axios from 'axios';\nimport { row } from './paths.js';\nexport const rows = (id) => axios.get(\`\${row}\${id}\`);\nexport const all = () => axios.post(row, {});\nexport const one = (id) => axios.get(row + id + '?all');\n`,
        'src/a.ts': `import axios from 'axios';\nimport urlcat from 'urlcat';\nimport * as paths from './paths.js';\nconst baseURL = process.env.NEXT_PUBLIC_API;\nexport const board = (id) => axios.get(urlcat(paths.board, { id }));\nexport const other = (url) => axios.get(url, { baseURL });\n`,
      },
    },
    'a service worker': {
      files: {
        'views/worker.js': `self.addEventListener('install', () => self.skipWaiting());\nself.addEventListener('fetch', (event) => event.respondWith(load(event.request.url)));\nasync function load(url) {\n  const answer = await fetch(url);\n  return answer;\n}\n`,
      },
    },
    'a handler that is raced against a timer by what it is given to, and what it calls': {
      files: {
        'api/in-time.js': `export const inTime = (handler) => async (req, res) => {\n  const late = new Promise((_, reject) => setTimeout(reject, 9000));\n  res.json(await Promise.race([handler(req), late]));\n};\n`,
        'api/rate.js': `import { inTime } from './in-time.js';\nconst ask = async (id) => fetch('https://x.example/' + id);\nconst rate = async (req) => [await fetch('https://x.example'), await ask(req.query.id)];\nexport default inTime(rate);\n`,
      },
    },
    'a client of the page’s own server': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport const api = axios.create({ baseURL: '/api' });\n`,
      },
    },
    'the worker of a browser extension': {
      files: {
        'package.json': manifest('rollup'),
        'mv3/src/manifest.chrome.json': `{ "manifest_version": 3, "name": "shop" }\n`,
        'mv3/src/worker/ask.ts': `export const ask = async (path) => (await fetch(\`https://x.example/\${path}\`)).json();\n`,
      },
    },
    'an agent that has a limit, and what tests are run with': {
      files: {
        'src/a.ts': `import axios from 'axios';\nimport { Agent } from 'node:https';\nconst httpsAgent = new Agent({ keepAlive: true, timeout: 8000 });\nexport const api = axios.create({ baseURL: 'https://x.example', httpsAgent });\n`,
        'packages/test-utils/src/wait.ts': `export const isUp = async () => (await fetch('https://x.example')).ok;\n`,
      },
    },
    'options that another file gives with a limit, and what cannot be read': {
      files: {
        'src/a.ts': `import { options, more } from './options.js';\nexport const a = () => fetch('https://x.example', { ...options, method: 'POST' });\nexport const b = () => fetch('https://x.example', { ...more });\n`,
        'src/options.ts': `const limits = { signal: AbortSignal.timeout(5000) };\nexport const options = { ...limits, headers: {} };\nexport const more = made();\n`,
      },
    },
    'what runs while somebody develops': {
      files: {
        'src/a.ts': `export async function origin() {\n  if (process.env.NODE_ENV === 'development') return fetch('https://x.example');\n}\n`,
      },
    },
    'a signal, written there and by a constant': {
      files: {
        'src/a.ts': `const options = { signal: AbortSignal.timeout(5000) };\nexport const a = () => fetch('https://x.example', { signal: AbortSignal.timeout(5000) });\nexport const b = () => fetch('https://x.example', options);\n`,
      },
    },
    'a wrapper that passes the caller’s options on': {
      files: {
        'src/a.ts': `export const send = (url, init) => fetch(url, { ...init, headers: {} });\nexport const pass = (url, init) => fetch(url, init);\n`,
      },
    },
    'an instance of axios with a timeout': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport const api = axios.create({ timeout: 5000 });\n`,
        'src/b.ts': `import { api } from './a.js';\nexport const load = () => api.get('/x');\n`,
      },
    },
    'a limit for all calls': {
      files: {
        'src/index.ts': `import { Agent, setGlobalDispatcher } from 'undici';\nsetGlobalDispatcher(new Agent({ headersTimeout: 5000, bodyTimeout: 5000 }));\n`,
        'src/a.ts': `export const a = () => fetch('https://x.example');\n`,
      },
    },
    'Next’s cached fetch, a path of the own page, and a request that is passed on': {
      files: {
        'package.json': manifest('next'),
        'src/app/page.tsx': `export default async function Page() {\n  const posts = await fetch('https://cms.example/posts', { next: { revalidate: 60 } });\n  return null;\n}\n`,
        'src/lib/api.ts': `export const me = () => fetch('/api/me');\nexport const proxy = (request) => fetch(request);\n`,
      },
    },
    'a race against a timer': {
      files: {
        'src/a.ts': `export async function a() {\n  return Promise.race([fetch('https://x.example'), after(5000)]);\n}\n`,
      },
    },
    'ky, which has a limit of its own, and a fetch that is another': {
      files: {
        'src/a.ts': `import ky from 'ky';\nimport { fetch } from './http.js';\nexport const a = () => ky('https://x.example');\nexport const b = () => fetch('https://x.example');\n`,
        'src/http.ts': `export const fetch = (url) => url;\n`,
      },
    },
    'a function that passes options on, where a caller gives a limit': {
      files: {
        'src/http.ts': `export const send = (url: string, init?: RequestInit) => fetch(url, init);\n`,
        'src/a.ts': `import { send } from './http.js';\nexport const a = () => send('https://x.example');\nexport const b = () => send('https://x.example', { signal: AbortSignal.timeout(500) });\n`,
      },
    },
    'Node’s own request with a timeout, and needle and superagent with theirs': {
      files: {
        'src/b.js': `const https = require('node:https');\nexports.b = (done) => {\n  const request = https.get('https://x.example', done);\n  request.setTimeout(5000, () => request.destroy());\n};\nexports.c = (options, done) => https.request(options, done);\n`,
        'src/c.js': `const needle = require('needle');\nexports.c = (done) => needle.get('https://x.example', { response_timeout: 5000 }, done);\n`,
        'src/d.js': `const superagent = require('superagent');\nexports.d = () => superagent.get('https://x.example').timeout(5000);\n`,
      },
    },
    'an instance of axios that sends a page’s cookies, and an extension of a browser': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport const api = axios.create({ baseURL: '/api', withCredentials: true });\n`,
        'src/background.ts': `chrome.runtime.onMessage.addListener(async () => {\n  await fetch('https://x.example');\n});\n`,
      },
    },
  },
});
