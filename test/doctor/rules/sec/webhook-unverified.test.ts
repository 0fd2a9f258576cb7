import { webhookUnverified } from '../../../../src/doctor/rules/sec/webhook-unverified.ts';
import { manifest, ruleTest } from '../../rule.ts';

const app = `import express from 'express';\nconst app = express();\n`;
const act = `  switch (event.type) {\n    case 'checkout.session.completed':\n      await markPaid(event.data.object.id);\n  }\n`;

ruleTest(webhookUnverified, {
  hits: {
    'Express that believes the body': {
      files: {
        'src/app.ts': `${app}app.post('/webhooks/stripe', async (req, res) => {\n  const event = req.body;\n${act}  res.json({ received: true });\n});\n`,
      },
      at: ['src/app.ts:3'],
    },
    'a controller in another file, CommonJS': {
      files: {
        'src/routes/payments.js': `const router = require('express').Router();\nconst payments = require('../controllers/payments');\n// TODO: verify the signature\nrouter.post('/razorpay/webhook', payments.webhook);\nmodule.exports = router;\n`,
        'src/controllers/payments.js': `exports.webhook = async (req, res) => {\n  const { event, payload } = req.body;\n  if (event === 'payment.captured') await capture(payload.payment.id);\n  res.sendStatus(200);\n};\n`,
      },
      at: ['src/routes/payments.js:4'],
    },
    'a route of Next': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/webhooks/clerk/route.ts': `export async function POST(request: Request) {\n  const event = await request.json();\n  if (event.type === 'user.created') await create(event.data);\n  return new Response('ok');\n}\n`,
      },
      at: ['src/app/api/webhooks/clerk/route.ts:1'],
    },
    'two doors to one function, told of once, and one to another': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/hooks.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { HooksService } from './hooks.service';\n@Controller('webhook')\nexport class HooksController {\n  constructor(private readonly hooks: HooksService) {}\n  @Post('mail/sendgrid')\n  mail(@Body() body: unknown) {\n    return this.hooks.handle(body);\n  }\n  @Post('sms/twilio')\n  sms(@Body() body: unknown) {\n    return this.hooks.handle(body);\n  }\n  @Post('paid/stripe')\n  paid(@Body() body: unknown) {\n    return this.hooks.paid(body);\n  }\n}\n`,
        'src/hooks.service.ts': `export class HooksService {\n  handle(event) {\n    if (event.action === 'sent') return event;\n  }\n  paid(event) {\n    return event.data;\n  }\n}\n`,
      },
      at: ['src/hooks.controller.ts:6', 'src/hooks.controller.ts:14'],
    },
    'a controller of Nest, and its service': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/hooks.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\nimport { HooksService } from './hooks.service';\n@Controller('webhook')\nexport class HooksController {\n  constructor(private readonly hooks: HooksService) {}\n  @Post('github')\n  github(@Body() body: unknown) {\n    return this.hooks.handle(body);\n  }\n}\n`,
        'src/hooks.service.ts': `export class HooksService {\n  handle(event) {\n    if (event.action === 'opened') return this.open(event);\n  }\n  open(event) {}\n}\n`,
      },
      at: ['src/hooks.controller.ts:6'],
    },
  },
  clean: {
    'Stripe’s own check': {
      files: {
        'src/app.ts': `${app}app.post('/webhooks/stripe', express.raw({ type: '*/*' }), (req, res) => {\n  const event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET);\n  res.json(event);\n});\n`,
      },
    },
    'an HMAC two calls away, through a service that is injected': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/hooks.controller.ts': `import { Controller, Post, Req } from '@nestjs/common';\nimport { HooksService } from './hooks.service';\n@Controller('webhook')\nexport class HooksController {\n  constructor(private readonly hooks: HooksService) {}\n  @Post('github')\n  github(@Req() request) {\n    return this.hooks.handle(request.body, request.headers);\n  }\n}\n`,
        'src/hooks.service.ts': `import { createHmac } from 'node:crypto';\nexport class HooksService {\n  handle(event, headers) {\n    this.check(event, headers);\n    return event.action;\n  }\n  check(event, headers) {\n    if (createHmac('sha256', this.key).update(event).digest('hex') !== headers['x-hub']) throw new Error('no');\n  }\n}\n`,
      },
    },
    'a middleware before the route, and one before all': {
      files: {
        'src/app.ts': `${app}import { fromGitHub } from './github.js';\napp.post('/webhook/github', fromGitHub, (req, res) => res.json(req.body.action));\n`,
        'src/github.ts': `export function fromGitHub(req, res, next) {\n  if (!isSigned(req.rawBody, req.get('x-hub-signature-256'))) return res.sendStatus(401);\n  next();\n}\n`,
      },
    },
    'webhooks that the own users keep': {
      files: {
        'src/app.ts': `${app}app.post('/webhooks', async (req, res) => {\n  const { url, event } = req.body;\n  res.json(await createWebhook(url, event));\n});\n`,
      },
    },
    'one that reads nothing': {
      files: {
        'src/app.ts': `${app}app.post('/github/webhook', (req, res) => {\n  if (req.headers['x-github-event'] === 'ping') res.redirect('/settings');\n  else res.redirect('/');\n});\n`,
      },
    },
    'a package that does it': {
      files: {
        'src/app.ts': `${app}import { handle } from 'shop-hooks';\napp.post('/webhooks/stripe', (req, res) => handle(req, res));\n`,
      },
    },
    'a key in the address': {
      files: {
        'src/app.ts': `${app}app.post('/webhook/github/:token', async (req, res) => {\n  await run(req.params.token, req.body.action);\n});\n`,
      },
    },
  },
});
