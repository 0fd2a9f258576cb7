import { timingCompare } from '../../../../src/doctor/rules/sec/timing-compare.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(timingCompare, {
  hits: {
    'the secret of a timetable, by itself and where it opens other doors too': {
      files: {
        'src/app/api/cron/clean/route.ts': `export const GET = (request) => request.headers.get('authorization') === \`Bearer \${process.env.CRON_SECRET}\`;\n`,
        'src/app/api/cron/send/route.ts': `export const GET = (request) => request.headers.get('authorization') === \`Bearer \${process.env.ADMIN_SECRET}\`;\n`,
      },
      at: ['src/app/api/cron/clean/route.ts:1 info', 'src/app/api/cron/send/route.ts:1'],
    },
    'what a function gives of the settings': {
      files: {
        'src/files.ts': `import { Config } from './config.js';\nexport const load = (req, res) => {\n  if (req.headers.signature !== Config.get().security.requestSignature) throw new Error('signature');\n};\n`,
      },
      at: ['src/files.ts:3'],
    },
    'an HMAC beside the header': {
      files: {
        'src/hook.ts': `import crypto from 'node:crypto';\nexport function check(req, res) {\n  const expected = crypto.createHmac('sha256', key).update(req.rawBody).digest('hex');\n  if (req.headers['x-signature'] !== expected) return res.sendStatus(401);\n}\nexport const same = (text, sent) => sent === 'sha256=' + crypto.createHmac('sha256', key).update(text).digest('hex');\n`,
      },
      at: ['src/hook.ts:4', 'src/hook.ts:6'],
    },
    'a job of Next that asks for the secret': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/cron/route.ts': `export async function GET(request: Request) {\n  const header = request.headers.get('authorization');\n  if (header !== \`Bearer \${process.env.CRON_SECRET}\`) return new Response('no', { status: 401 });\n  return Response.json({});\n}\n`,
      },
      at: ['src/app/api/cron/route.ts:3 info'],
    },
    'a key of the settings, in a middleware': {
      files: {
        'src/key.ts': `import { config } from './config.js';\nexport const asks = (req, res, next) => {\n  const { apikey } = req.query;\n  if (apikey === config.apiKey) return next();\n  res.sendStatus(401);\n};\n`,
      },
      at: ['src/key.ts:4'],
    },
    'one secret at many places, told once, and a setting of Nest': {
      files: {
        'src/a.ts': `export const a = (req) => req.headers['x-job'] === process.env.JOB_SECRET;\n`,
        'src/b.ts': `export const b = (req) => req.headers['x-job'] !== process.env.JOB_SECRET;\n`,
        'src/guard.ts': `export class KeyGuard {\n  canActivate(context) {\n    const request = context.switchToHttp().getRequest();\n    return request.headers['x-api-key'] === this.configService.get('API_KEY');\n  }\n}\n`,
      },
      at: ['src/a.ts:1', 'src/guard.ts:4'],
    },
  },
  clean: {
    'a signature of a document beside another, and a setting that is no secret': {
      files: {
        'src/sign.ts': `import { Config } from './config.js';\nexport const same = (req, document) => req.body.signature === document.signature;\nexport const mode = (req) => req.headers.mode === Config.get().server.mode;\n`,
      },
    },
    timingSafeEqual: {
      files: {
        'src/hook.ts': `import { createHmac, timingSafeEqual } from 'node:crypto';\nexport const check = (req) => {\n  const expected = createHmac('sha256', process.env.SECRET).update(req.rawBody).digest();\n  const given = Buffer.from(req.headers['x-signature'], 'hex');\n  return given.length === expected.length && timingSafeEqual(given, expected);\n};\n`,
      },
    },
    'whether a secret is there at all, and two settings': {
      files: {
        'src/start.ts': `if (process.env.API_KEY === undefined || process.env.API_KEY === '') throw new Error('API_KEY');\nif (process.env.SECRET === process.env.OLD_SECRET) throw new Error('same');\nexport const kind = (token) => token.type === 'bearer';\n`,
      },
    },
    'two words of the client, and a hash that is no secret': {
      files: {
        'src/users.ts': `import { createHash } from 'node:crypto';\nexport const create = (req, res) => {\n  if (req.body.password !== req.body.confirmPassword) return res.sendStatus(400);\n  if (req.headers['if-none-match'] === createHash('sha1').update(text).digest('hex')) return res.sendStatus(304);\n};\n`,
      },
    },
  },
});
