import { webhookParsedBody } from '../../../../src/doctor/rules/sec/webhook-parsed-body.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nimport Stripe from 'stripe';\nconst stripe = new Stripe(process.env.STRIPE_KEY);\nconst app = express();\n`;
const check = (body: string): string =>
  `stripe.webhooks.constructEvent(${body}, req.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET)`;

ruleTest(webhookParsedBody, {
  hits: {
    'a body that the parser for all has read': {
      files: {
        'src/app.ts': `${app}app.use(express.json());\napp.post('/webhook', (req, res) => {\n  const event = ${check('req.body')};\n  res.json(event.type);\n});\n`,
      },
      at: ['src/app.ts:7'],
    },
    'written again as JSON': {
      files: {
        'src/app.ts': `${app}app.post('/webhook', (req, res) => {\n  const text = JSON.stringify(req.body);\n  const event = ${check('text')};\n  res.json(event.type);\n});\n`,
        'src/hook.ts': `import crypto from 'node:crypto';\nexport const hook = (req, res) => {\n  const sum = crypto.createHmac('sha512', process.env.KEY).update(JSON.stringify(req.body)).digest('hex');\n  if (sum === req.headers['x-signature']) act(req.body);\n};\n`,
      },
      at: ['src/app.ts:7', 'src/hook.ts:3 warning'],
    },
    'events that another file of the project sends, and those of somebody else': {
      files: {
        'src/hook.ts': `import crypto from 'node:crypto';\nexport const hook = (req, res) => {\n  const sum = crypto.createHmac('sha256', process.env.KEY).update(JSON.stringify(req.body)).digest('hex');\n  if (sum === req.headers['shop-signature']) act(req.body);\n};\n`,
        'src/other.ts': `import crypto from 'node:crypto';\nexport const other = (req, res) => {\n  const sum = crypto.createHmac('sha256', process.env.KEY).update(JSON.stringify(req.body)).digest('hex');\n  if (sum === req.headers['x-bank-signature']) act(req.body);\n};\n`,
        'src/send.ts': `export const send = (url, body, signature) => fetch(url, { method: 'POST', body, headers: { 'shop-signature': signature } });\n`,
      },
      at: ['src/hook.ts:3 info', 'src/other.ts:3 warning'],
    },
    'a raw parser that comes too late': {
      files: {
        'src/app.ts': `${app}app.use(express.json());\napp.post('/webhook', express.raw({ type: 'application/json' }), (req, res) => {\n  res.json(${check('req.body')});\n});\n`,
      },
      at: ['src/app.ts:6'],
    },
    'Next, by both routers': {
      files: {
        'package.json': manifest('next', 'stripe'),
        'pages/api/webhook.ts': `export default async function handler(req, res) {\n  res.json(${check('req.body')});\n}\n`,
        'src/app/api/webhook/route.ts': `export async function POST(request: Request) {\n  const body = await request.json();\n  const event = stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET);\n  return Response.json(event);\n}\n`,
      },
      at: ['pages/api/webhook.ts:2', 'src/app/api/webhook/route.ts:3'],
    },
    'Nest, which parses by itself': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', 'stripe'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\n`,
        'src/hooks.controller.ts': `@Controller('hooks')\nexport class Hooks {\n  @Post('stripe')\n  take(@Req() req: Request) {\n    return this.stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], secret);\n  }\n}\n`,
      },
      at: ['src/hooks.controller.ts:5'],
    },
  },
  clean: {
    'Nest, told to keep the bytes': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common', 'stripe'),
        'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule, { rawBody: true });\n`,
        'src/hooks.controller.ts': `@Controller('hooks')\nexport class Hooks {\n  @Post('stripe')\n  take(@Req() req) {\n    return this.stripe.webhooks.constructEvent(req.rawBody, req.headers['stripe-signature'], secret);\n  }\n}\n`,
      },
    },
    'the bytes, before the parser': {
      files: {
        'src/app.ts': `${app}app.post('/webhook', express.raw({ type: 'application/json' }), (req, res) => {\n  res.json(${check('req.body')});\n});\napp.use(express.json());\n`,
      },
    },
    'the bytes, kept by the parser': {
      files: {
        'src/app.ts': `${app}app.use(express.json({ verify: (req, res, bytes) => { req.rawBody = bytes; } }));\napp.post('/webhook', (req, res) => {\n  res.json(${check('req.rawBody')});\n});\n`,
      },
    },
    'the text of the request': {
      files: {
        'package.json': manifest('next', 'stripe'),
        'src/app/api/webhook/route.ts': `export async function POST(request: Request) {\n  const body = await request.text();\n  return Response.json(stripe.webhooks.constructEvent(body, signature, process.env.STRIPE_WEBHOOK_SECRET));\n}\n`,
      },
    },
    'what is signed for others': {
      files: {
        'src/send.ts': `import crypto from 'node:crypto';\nexport async function send(event, url) {\n  const body = JSON.stringify(event);\n  const signature = crypto.createHmac('sha256', key).update(JSON.stringify(event)).digest('hex');\n  await fetch(url, { method: 'POST', body, headers: { 'x-signature': signature } });\n}\n`,
      },
    },
  },
});
