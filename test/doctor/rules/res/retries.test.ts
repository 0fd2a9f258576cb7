import { nestedRetries } from '../../../../src/doctor/rules/res/nested-retries.ts';
import { retryNonIdempotent } from '../../../../src/doctor/rules/res/retry-non-idempotent.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(retryNonIdempotent, {
  hits: {
    'headers made before, the key in others': {
      files: {
        'src/a.ts': `import pRetry from 'p-retry';\nexport async function tell(url, event) {\n  const keyed = { 'Idempotency-Key': hash(event) };\n  const headers = { accept: 'text/plain' };\n  await pRetry(() => fetch(url, { method: 'POST', headers, body: event.text }), { retries: 3 });\n}\n`,
      },
      at: ['src/a.ts:5'],
    },
    'a record that is named anew each time, and a state with more than ids': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport async function order(item: string) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/orders', { id: crypto.randomUUID(), item });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
        'src/b.ts': `import axios from 'axios';\nexport async function stop(runIds: string[], fee: number) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/runs/cancel', { runIds, fee });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
      },
      at: ['src/a.ts:3', 'src/b.ts:3'],
    },
    'p-retry around a POST': {
      files: {
        'src/a.ts': `import pRetry from 'p-retry';\nexport const charge = (order) =>\n  pRetry(() => fetch('https://pay.example/charges', { method: 'POST', body: JSON.stringify(order) }), { retries: 5 });\n`,
      },
      at: ['src/a.ts:3'],
    },
    'a retrier of the project around a function of it': {
      files: {
        'src/pay.ts': `import axios from 'axios';\nexport async function pay(order) {\n  return axios.post('https://pay.example/charges', order);\n}\n`,
        'src/a.ts': `import { withRetry } from './retry.js';\nimport { pay } from './pay.js';\nexport const charge = (order) => withRetry(async () => pay(order));\n`,
      },
      at: ['src/a.ts:3'],
    },
    'axios-retry for every method': {
      files: {
        'src/a.js': `const axios = require('axios');\nconst axiosRetry = require('axios-retry');\naxiosRetry(axios, { retries: 3, retryCondition: () => true });\n`,
      },
      at: ['src/a.js:3'],
    },
    'a loop that orders again': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport async function order(item: string) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/orders', { item });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
      },
      at: ['src/a.ts:3'],
    },
  },
  clean: {
    'only what was refused': {
      files: {
        'src/a.ts': `import retry from 'async-retry';\nimport { Resend } from 'resend';\nconst resend = new Resend(process.env.RESEND_KEY);\nconst isRateLimitError = (error: Error) => error.name === 'rate_limit_exceeded';\nexport const mail = (message) => retry(() => resend.emails.send(message), { retries: 3, retryIf: isRateLimitError });\n`,
      },
    },
    'a key in headers that are made before': {
      files: {
        'src/a.ts': `import pRetry from 'p-retry';\nexport async function tell(url, event) {\n  const headers = { 'Idempotency-Key': hash(event) };\n  await pRetry(() => fetch(url, { method: 'POST', headers, body: event.text }), { retries: 3 });\n}\n`,
      },
    },
    'a record that is named before the loop, and a state that is set by ids': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport async function order(item: string) {\n  const id = crypto.randomUUID();\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/orders', { id, item });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
        'src/b.ts': `import axios from 'axios';\nexport async function stop(runIds: string[]) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/runs/cancel', { runIds });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n`,
      },
    },
    'what the other side refused, and a deletion': {
      files: {
        'src/a.ts': `import pRetry, { AbortError } from 'p-retry';\nimport axios from 'axios';\nexport const order = (item: string) => pRetry(async () => {\n  try {\n    return await axios.post('https://erp.example/orders', { item });\n  } catch (error) {\n    if (error.status === 429) throw error;\n    throw new AbortError(error);\n  }\n});\n`,
        'src/b.ts': `import pRetry from 'p-retry';\nimport axios from 'axios';\nexport function drop(ids: string[]) {\n  const url = new URL('/v1/orders/delete', 'https://erp.example');\n  return pRetry(() => axios.post(url, { ids }));\n}\n`,
      },
    },
    'a loop with a key, and one that gives up': {
      files: {
        'src/a.ts': `import axios from 'axios';\nexport async function order(item: string, key: string) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await axios.post('https://erp.example/orders', { item }, { headers: { 'idempotency-key': key } });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      await axios.post('https://erp.example/orders', { item });\n    } catch (error) {\n      throw error;\n    }\n  }\n}\n`,
      },
    },
    'a key of its own': {
      files: {
        'src/a.ts': `import pRetry from 'p-retry';\nexport const charge = (order, key) =>\n  pRetry(() => fetch('https://pay.example', { method: 'POST', headers: { 'Idempotency-Key': key } }));\n`,
      },
    },
    'reads, and a search by POST': {
      files: {
        'src/a.ts': `import pRetry from 'p-retry';\nexport const load = () => pRetry(() => fetch('https://x.example'));\nexport const find = () => pRetry(() => fetch('https://x.example/search', { method: 'POST' }));\n`,
      },
    },
    'axios-retry with its default condition': {
      files: {
        'src/a.ts': `import axios from 'axios';\nimport axiosRetry from 'axios-retry';\naxiosRetry(axios, { retries: 3 });\naxiosRetry(axios, { retryCondition: axiosRetry.isNetworkOrIdempotentRequestError });\n`,
      },
    },
  },
});

ruleTest(nestedRetries, {
  hits: {
    'one retrier around several clients, told once': {
      files: {
        'src/a.ts': `import OpenAI from 'openai';\nimport Groq from 'groq-sdk';\nimport { withRetry } from './retry.js';\nconst openai = new OpenAI();\nconst groq = new Groq();\nexport const ask = {\n  openai: (prompt) => withRetry(() => openai.responses.create({ prompt })),\n  groq: (prompt) => withRetry(() => groq.chat.completions.create({ prompt })),\n};\n`,
      },
      at: ['src/a.ts:7'],
    },
    openai: {
      files: {
        'src/a.ts': `import OpenAI from 'openai';\nimport pRetry from 'p-retry';\nconst client = new OpenAI();\nexport const ask = (messages) => pRetry(() => client.chat.completions.create({ model: 'x', messages }), { retries: 3 });\n`,
      },
      at: ['src/a.ts:4'],
    },
    'stripe, in a function of the project': {
      files: {
        'src/pay.ts': `import Stripe from 'stripe';\nexport const stripe = new Stripe(process.env.KEY);\nexport const load = (id) => stripe.customers.retrieve(id);\n`,
        'src/a.ts': `import retry from 'async-retry';\nimport { load } from './pay.js';\nexport const customer = (id) => retry(async () => load(id));\n`,
      },
      at: ['src/a.ts:3'],
    },
    'got, required': {
      files: {
        'src/a.js': `const got = require('got');\nconst { retryWithBackoff } = require('./retry');\nexports.load = () => retryWithBackoff(() => got('https://x.example'), 3);\n`,
      },
      at: ['src/a.js:3'],
    },
    'a loop around a client that retries': {
      files: {
        'src/a.ts': `import OpenAI from 'openai';\nconst openai = new OpenAI();\nexport async function name(text: string) {\n  let retries = 4;\n  while (retries) {\n    try {\n      return await openai.chat.completions.create({ model: 'x', messages: [{ role: 'user', content: text }] });\n    } catch (error) {\n      retries--;\n    }\n  }\n}\n`,
      },
      at: ['src/a.ts:5'],
    },
  },
  clean: {
    'a loop that waits for a quota, and one that counts': {
      files: {
        'src/a.ts': `import OpenAI from 'openai';\nconst openai = new OpenAI();\nexport async function name(text: string) {\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await openai.chat.completions.create({ model: 'x', messages: [] });\n    } catch (error) {\n      if (error.status !== 429) throw error;\n    }\n  }\n  for (let page = 0; page < 3; page++) {\n    try {\n      await openai.files.list();\n    } catch {}\n  }\n}\n`,
      },
    },
    'the client’s own retries turned off': {
      files: {
        'src/a.ts': `import OpenAI from 'openai';\nimport pRetry from 'p-retry';\nconst client = new OpenAI({ maxRetries: 0 });\nexport const ask = (messages) => pRetry(() => client.chat.completions.create({ model: 'x', messages }));\n`,
      },
    },
    'fetch, which tries once': {
      files: {
        'src/a.ts': `import pRetry from 'p-retry';\nexport const load = () => pRetry(() => fetch('https://x.example'));\n`,
      },
    },
    'the client alone': {
      files: {
        'src/a.ts': `import OpenAI from 'openai';\nconst client = new OpenAI({ maxRetries: 5 });\nexport const ask = (messages) => client.chat.completions.create({ model: 'x', messages });\n`,
      },
    },
  },
});
