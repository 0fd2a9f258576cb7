import { openRedirect } from '../../../../src/doctor/rules/sec/open-redirect.ts';
import { manifest, ruleTest } from '../../rule.ts';

const handler = (body: string, head = '') => ({
  files: { 'src/handler.js': `${head}\nexport function handle(req, res) {\n  ${body}\n}\n` },
});

ruleTest(openRedirect, {
  hits: {
    'a link that leads away, and the same asked by a form’s POST as a hint': {
      files: {
        'src/routes.js': `const router = require('express').Router();\nrouter.get('/go', (req, res) => res.redirect(req.query.next || '/'));\nrouter.post('/enter', (req, res) => {\n  res.redirect(req.query.next || '/');\n});\nmodule.exports = router;\n`,
      },
      at: ['src/routes.js:2', 'src/routes.js:4 info'],
    },
    'what an awaited function makes of an address of the client’s': {
      files: {
        'src/handler.js': `import { signInAt } from './sign-in';\nexport async function handle(req, res) {\n  const address = await signInAt(req.query.host);\n  res.redirect(address);\n}\n`,
        'src/sign-in.js': `export async function signInAt(host) {\n  return \`https://\${host}/sign-in\`;\n}\n`,
      },
      at: ['src/handler.js:4'],
    },
    'headers that are written at once, and a Response of its own': {
      files: {
        'src/handler.js': `export function handle(req, res) {\n  res.writeHead(302, { Location: req.query.to });\n  res.end();\n}\n`,
        'package.json': manifest('next'),
        'src/app/go/route.ts': `export async function GET(request: Request) {\n  const { searchParams } = new URL(request.url);\n  return new Response(null, { status: 302, headers: { Location: searchParams.get('to') } });\n}\n`,
      },
      at: ['src/app/go/route.ts:3', 'src/handler.js:2'],
    },
    'what a method of Nest’s gives back': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/common'),
        'src/go.controller.ts': `import { Controller, Get, Query, Redirect } from '@nestjs/common';\n@Controller('go')\nexport class GoController {\n  @Get()\n  @Redirect()\n  go(@Query('to') to: string) {\n    return { url: to };\n  }\n}\n`,
      },
      at: ['src/go.controller.ts:7'],
    },
    'a value that was not looked up, and one that no record has': {
      files: {
        'package.json': manifest('next'),
        'src/app/api/go/route.ts': `import { NextResponse } from 'next/server';\nimport { db } from '../../db';\nexport async function GET(request: Request) {\n  const { searchParams } = new URL(request.url);\n  const domain = searchParams.get('domain');\n  const to = searchParams.get('to');\n  const shop = await db.shop.findUnique({ where: { domain } });\n  if (!shop) return NextResponse.redirect(\`https://\${domain}\`);\n  return NextResponse.redirect(\`\${to}?shop=\${domain}\`);\n}\n`,
      },
      at: ['src/app/api/go/route.ts:8', 'src/app/api/go/route.ts:9'],
    },
    'a field of what a function made of the address': {
      files: {
        'package.json': manifest('next'),
        'src/parse.ts': `export const getTarget = async ({ to }) => ({ href: to });\n`,
        'src/app/go/page.tsx': `import { redirect } from 'next/navigation';\nimport { getTarget } from '../../parse';\nexport default async function Page(props: { searchParams: Promise<{ to: string }> }) {\n  const { to } = await props.searchParams;\n  const made = await getTarget({ to });\n  redirect(made.href);\n}\n`,
      },
      at: ['src/app/go/page.tsx:6 info'],
    },
    Express: { ...handler('res.redirect(req.query.url);'), at: ['src/handler.js:3'] },
    'with a status, and a default': {
      ...handler(`const { returnTo } = req.body;\n  res.redirect(302, returnTo || '/');`),
      at: ['src/handler.js:4 info'],
    },
    'a status that a variable holds': {
      ...handler(`res.redirect(permanent ? 301 : 302, req.query.next);`),
      at: ['src/handler.js:3'],
    },
    'what a function of one’s own gives back, and what tests alone may ask: hints': {
      files: {
        'src/handler.js': `import { app } from './app';\nimport { toGo } from './to-go';\nexport function handle(req, res) {\n  const { to } = toGo(req.query);\n  res.redirect(to);\n}\nif (isTestLoginOn()) app.get('/as', (req, res) => res.redirect(req.query.next));\n`,
        'src/to-go.js': `export const toGo = (query) => ({ to: query.to });\n`,
      },
      at: ['src/handler.js:5 info', 'src/handler.js:7 info'],
    },
    'a Location header': {
      ...handler(`res.setHeader('Location', req.query.next); res.statusCode = 302;`),
      at: ['src/handler.js:3'],
    },
    'a path that may start with two slashes': {
      ...handler(
        `const next = req.query.next;\n  if (next.startsWith('/')) return res.redirect(next);\n  res.redirect('/');`,
      ),
      at: ['src/handler.js:4'],
    },
    'a list that is looked for inside the address': {
      files: {
        'src/allowed.ts': `const list = ['https://example.com'];\nexport const isRedirectAllowed = (url: string) => list.some((one) => url.includes(one));\n`,
      },
      at: ['src/allowed.ts:2'],
    },
    Next: {
      files: {
        'package.json': manifest('next'),
        'src/app/api/go/route.ts': `import { NextResponse } from 'next/server';\nexport async function GET(request: Request) {\n  const to = new URL(request.url).searchParams.get('to');\n  return NextResponse.redirect(new URL(to ?? '/', request.url));\n}\n`,
      },
      at: ['src/app/api/go/route.ts:4'],
    },
  },
  clean: {
    'another’s sign-in page, which an awaited function writes the client’s words behind': {
      files: {
        'src/handler.js': `import { signInAt } from './sign-in';\nexport async function handle(req, res) {\n  const address = await signInAt(req.query.scope);\n  res.redirect(address);\n}\n`,
        'src/sign-in.js': `export async function signInAt(scope) {\n  const words = new URLSearchParams({ scope });\n  return \`https://accounts.example.com/authorize?\${words}\`;\n}\n`,
      },
    },
    'a field of a record that the client only names': {
      files: {
        'package.json': manifest('next'),
        'src/shops.ts': `import { db } from './db';\nexport const getShop = async ({ domain }: { domain: string }) => {\n  const found = db.load(domain);\n  return { ...found, name: domain.replace('.', ' ') };\n};\n`,
        'src/app/[domain]/page.tsx': `import { redirect } from 'next/navigation';\nimport { getShop } from '../../shops';\nexport default async function Page(props: { params: Promise<{ domain: string }> }) {\n  const params = await props.params;\n  const domain = params.domain;\n  const shop = await getShop({ domain });\n  redirect(shop.url);\n}\n`,
      },
    },
    'the name of a record that was found': {
      files: {
        'package.json': manifest('next'),
        'src/app/[domain]/page.tsx': `import { notFound, redirect } from 'next/navigation';\nimport { db } from '../../db';\nexport default async function Page(props: { params: Promise<{ domain: string }> }) {\n  const params = await props.params;\n  const domain = params.domain;\n  const shop = await db.shop.findUnique({ where: { domain } });\n  if (!shop) notFound();\n  redirect(\`https://\${domain}\`);\n}\n`,
      },
    },
    'where the new thing is, and the same host with TLS': handler(
      'res.status(201).header("location", `${req.params.id}/tags`).json({});\n  res.redirect(`https://${req.hostname}${req.originalUrl}`);',
    ),
    'a path of one’s own with a value in it': handler(
      'res.redirect(`/users/${req.params.id}`); res.redirect("/login?next=" + encodeURIComponent(req.query.next));',
    ),
    'the same address with another host’s name left out': handler(
      'res.redirect(req.originalUrl.replace(/\\/$/, "")); res.redirect("https://" + req.headers.host + req.url);',
    ),
    'an origin that was compared': handler(
      `const url = new URL(req.query.next, ORIGIN);\n  if (url.origin !== ORIGIN) return res.redirect('/');\n  res.redirect(url.href);`,
      `const ORIGIN = 'https://example.com';`,
    ),
    'a path that starts with one slash': handler(
      `const next = req.query.next;\n  if (next.startsWith('/') && !next.startsWith('//')) return res.redirect(next);\n  res.redirect('/');`,
    ),
    'a status of the client’s, and a page that is written there': handler(
      `const go = (code, to) => res.redirect(code, to);\n  go(req.query.code, '/');`,
    ),
    'the address that was asked for, with another host': {
      files: {
        'src/handler.js': `import { originFor } from './origin';\nexport function handle(req, res) {\n  const url = new URL(originFor(req) + req.path);\n  url.hostname = 'www.example.com';\n  res.redirect(url.href);\n}\nexport async function home(req, res) {\n  const { to } = await start(req);\n  res.redirect(to);\n}\nasync function start(req) {\n  return { to: originFor(req) };\n}\n`,
        'src/origin.js': `export function originFor(req) {\n  const host = req.headers.host;\n  return \`https://\${host}\`;\n}\n`,
      },
    },
    'a table': handler(`res.redirect(pages[req.query.page] ?? '/');`, `const pages = { home: '/', shop: '/shop' };`),
    'middleware of Next': {
      files: {
        'package.json': manifest('next'),
        'src/middleware.ts': `import { NextResponse, type NextRequest } from 'next/server';\nexport function middleware(request: NextRequest) {\n  return NextResponse.redirect(new URL('/login', request.url));\n}\n`,
      },
    },
  },
});
