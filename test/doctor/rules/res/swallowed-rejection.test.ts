import { swallowedRejection } from '../../../../src/doctor/rules/res/swallowed-rejection.ts';
import { ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;

ruleTest(swallowedRejection, {
  hits: {
    'a logger that is a service, and lines that were copied': {
      files: {
        'src/main.ts': `process.on('uncaughtException', (error) => {\n  loggerService.error(error as Error);\n});\n`,
        ...Object.fromEntries(
          ['a', 'b'].map((name) => [
            `src/${name}.ts`,
            `${app}app.get('/${name}', async (req, res) => {\n  const user = await find(req.query.id);\n  try {\n    await fetch('https://x.example/' + user.id, { method: 'POST' });\n  } catch {}\n  res.json(user);\n});\n`,
          ]),
        ),
      },
      at: ['src/a.ts:7', 'src/main.ts:1'],
    },
    'what a handler does that is waited for in one place': {
      files: {
        'src/count.ts': `export async function count(req: Request, text: string) {\n  try {\n    await fetch('https://x.example/' + text);\n  } catch {}\n}\nexport const first = (req: Request) => {\n  count(req, 'a');\n};\nexport const second = async (req: Request) => {\n  await count(req, 'b');\n};\n`,
      },
      at: ['src/count.ts:4'],
    },
    'a listener that logs what a library makes of the error, in a function that is called': {
      files: {
        'src/last.ts': `import { shorten } from 'errors-in-short';\nimport { logger } from './logger.js';\nexport function listen() {\n  process.on('unhandledRejection', (error) => {\n    logger.error({ error: shorten(error) }, 'rejected');\n  });\n}\n`,
        'src/main.ts': `import { listen } from './last.js';\nlisten();\n`,
      },
      at: ['src/last.ts:4 info'],
    },
    'a record of a failure that is lost': {
      files: {
        'src/a.ts': `${app}app.get('/x', async (req, res) => {\n  try {\n    res.send(await load());\n  } catch (error) {\n    try {\n      await fetch('https://errors.example', { method: 'POST', body: String(error) });\n    } catch {}\n    console.error(error);\n    res.status(502).end();\n  }\n});\n`,
      },
      at: ['src/a.ts:9'],
    },
    'a status that is not sent': {
      files: {
        'src/a.ts': `${app}app.post('/x', async (req, res) => {\n  try {\n    res.json(await save(req.body));\n  } catch (error) {\n    console.error(error);\n    res.status(500);\n  }\n});\n`,
      },
      at: ['src/a.ts:6'],
    },
    'a chain that ends in a log, and nothing behind it': {
      files: {
        'src/a.ts': `${app}app.use((req, res, next) => {\n  if (req.headers.authorization) {\n    check(req.headers.authorization)\n      .then(() => next())\n      .catch((error) => {\n        console.log(error);\n      });\n  } else {\n    res.status(401).end();\n  }\n});\n`,
      },
      at: ['src/a.ts:7'],
    },
    'listeners that only log': {
      files: {
        'src/index.ts': `process.on('unhandledRejection', (reason) => {\n  console.error('unhandled', reason);\n});\nprocess.on('uncaughtException', function (error) { logger.error(error); });\n`,
      },
      at: ['src/index.ts:4'],
    },
    'a logger for a listener': {
      files: {
        'src/index.ts': `process.on('uncaughtException', console.error);\n`,
      },
      at: ['src/index.ts:1'],
    },
    'the same in each program, told once': {
      files: {
        ...Object.fromEntries(
          ['api', 'mails', 'files'].map((name) => [
            `src/${name}/start.ts`,
            `process.on('uncaughtException', console.error);\n`,
          ]),
        ),
      },
      at: ['src/api/start.ts:1'],
    },
    'a listener for rejections alone': {
      files: {
        'src/index.ts': `process.on('unhandledRejection', (reason) => {\n  app.telemetry.sendError(reason);\n});\n`,
      },
      at: ['src/index.ts:1 info'],
    },
    'a listener of another file that does nothing': {
      files: {
        'src/index.ts': `import { ignore } from './ignore.js';\nprocess.on('uncaughtException', ignore);\n`,
        'src/ignore.ts': `export const ignore = () => {};\n`,
      },
      at: ['src/index.ts:2'],
    },
    'an empty catch around all of a handler': {
      files: {
        'src/a.ts': `${app}app.post('/orders', async (req, res) => {\n  try {\n    res.json(await save(req.body));\n  } catch (error) {}\n});\n`,
      },
      at: ['src/a.ts:6'],
    },
  },
  clean: {
    'what is started beside a request': {
      files: {
        'src/count.ts': `export async function count(req: Request, text: string) {\n  try {\n    await fetch('https://x.example/' + text);\n  } catch {}\n}\nexport const first = (req: Request) => {\n  count(req, 'a');\n};\nexport const second = (calls, req: Request) => calls.pipe(tap((text) => count(req, text)));\n`,
      },
    },
    'an answer that is tried out in development': {
      files: {
        'src/a.ts': `${app}if (process.env.NODE_ENV === 'development')\n  app.get('/try', async (req, res) => {\n    try {\n      res.json(await load());\n    } catch (error) {\n      console.error(error);\n    }\n  });\n`,
      },
    },
    'a listener in a function that nobody imports': {
      files: {
        'src/last.ts': `export function listen() {\n  process.on('unhandledRejection', (error) => {\n    console.log(error);\n  });\n}\n`,
      },
    },
    'closing what a failure left open, which is logged': {
      files: {
        'src/a.ts': `${app}app.get('/x', async (req, res) => {\n  let page;\n  try {\n    page = await fetch('https://x.example');\n    res.send(await page.text());\n  } catch (error) {\n    try {\n      await page?.body?.cancel();\n    } catch {}\n    console.error(error);\n    res.status(502).end();\n  }\n});\n`,
      },
    },
    'a status that is sent, an answer below, an answer before, and a handler that goes on': {
      files: {
        'src/a.ts': `${app}app.post('/a', async (req, res) => {\n  try {\n    res.json(await save(req.body));\n  } catch (error) {\n    console.error(error);\n    res.status(500).json({ error: 'Try again' });\n  }\n});\napp.post('/b', async (req, res) => {\n  let saved = null;\n  try {\n    saved = await save(req.body);\n  } catch (error) {\n    console.error(error);\n    res.status(500);\n  }\n  res.json({ saved });\n});\napp.post('/c', async (req, res) => {\n  try {\n    res.status(202).end();\n    await save(req.body);\n  } catch (error) {\n    console.error(error);\n  }\n});\napp.post('/d', (req, res) => {\n  save(req.body).then(() => res.locals.log('saved')).catch((error) => console.log(error));\n  res.status(202).end();\n});\n`,
      },
    },
    'listeners that exit, at once or through a function': {
      files: {
        'src/index.ts': `import { shutdown } from './stop.js';\nprocess.on('unhandledRejection', (reason) => { console.error(reason); process.exit(1); });\nprocess.on('uncaughtException', (error) => { log.fatal(error); shutdown(1); });\nprocess.on('uncaughtException', shutdown);\n`,
        'src/stop.ts': `export const shutdown = (code) => process.exit(code);\n`,
      },
    },
    'a method that is not known': {
      files: {
        'src/index.ts': `import { guard } from 'guards';\nprocess.on('uncaughtException', guard.take);\n`,
      },
    },
    'what reads a part of the request, or nothing': {
      files: {
        'src/auth.ts': `export class Auth {\n  session(req) {\n    try {\n      return JSON.parse(unseal(req.cookies.session));\n    } catch {}\n  }\n}\n`,
      },
    },
    'one that is taken back': {
      files: {
        'src/close.ts': `export async function close(pool) {\n  const listener = () => {};\n  process.on('unhandledRejection', listener);\n  await pool.end();\n  process.removeListener('unhandledRejection', listener);\n}\n`,
      },
    },
    'an answer that is sent in pieces, where the client may go away': {
      files: {
        'src/a.ts': `${app}import { pipeline } from 'node:stream/promises';\napp.get('/film', async (req, res) => {\n  try {\n    await pipeline(film(), res);\n  } catch {}\n});\n`,
      },
    },
    'a try that answers, and a failure that is told of below it': {
      files: {
        'src/a.ts': `${app}app.get('/logo', async (req, res) => {\n  try {\n    return res.send(await fetch('https://logos.example'));\n  } catch {}\n  res.status(404).end();\n});\n`,
      },
    },
    'one that throws on': {
      files: { 'src/index.ts': `process.on('unhandledRejection', (reason) => { throw reason; });\n` },
    },
    'one that hands the error to what is not known': {
      files: {
        'src/index.ts': `import { handle } from '@shop/errors';\nprocess.on('uncaughtException', (error) => { console.error(error); handle(error); });\nprocess.on('unhandledRejection', (error) => errorHandler.handleError(error));\n`,
      },
    },
    'a catch that says why, and one outside of handlers': {
      files: {
        'src/a.ts': `${app}app.get('/x', async (req, res) => {\n  try {\n    await fetch('https://stats.example');\n  } catch {\n    // counting is not worth a failure\n  }\n  res.end();\n});\nfunction parse(text) {\n  try { return JSON.parse(text); } catch {}\n  return null;\n}\n`,
      },
    },
  },
});
