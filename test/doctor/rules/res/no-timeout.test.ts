import { noTimeout } from '../../../../src/doctor/rules/res/no-timeout.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(noTimeout, {
  hits: {
    'fetch with an address alone, and with options that hold none': {
      files: {
        'src/a.ts': `export async function rate(currency) {\n  const answer = await fetch(\`https://rates.example/\${currency}\`);\n  await fetch(process.env.HOOK, { method: 'POST', body: '{}' });\n  return answer.json();\n}\n`,
      },
      at: ['src/a.ts:2', 'src/a.ts:3'],
    },
    'axios, and an instance of it that has none': {
      files: {
        'src/a.js': `const axios = require('axios');\nconst api = axios.create({ baseURL: 'https://api.example' });\nexports.load = (id) => axios.get('https://x.example/' + id, { headers: { a: 'b' } });\nexports.save = (body) => axios.post('https://x.example', body);\nexports.all = () => api.get('/all');\n`,
      },
      at: ['src/a.js:2', 'src/a.js:3', 'src/a.js:4'],
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
  },
  clean: {
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
  },
});
