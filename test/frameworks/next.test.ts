import { describe, expect, test } from 'vitest';
import { covers } from '../../src/frameworks/next/matcher.ts';
import { next } from '../../src/frameworks/next.ts';
import type { AppSite, Host, Obstacle, Unplaced } from '../../src/model.ts';
import { hostOf } from './hosts.ts';

type Files = Readonly<Record<string, string>>;

const page = { 'src/app/page.tsx': 'export default () => null;\n' };
const nextHost = (files: Files, major = 16, router: 'app' | 'pages' | null = null): Host =>
  hostOf('next', files, null, { frameworkMajor: major, nextRouter: router, language: 'ts', importExtension: '' });

const located = (files: Files, major?: number): AppSite | Unplaced => next.locate(nextHost(files, major));

/** The obstacles of a project with an app folder in src. */
function obstaclesWith(files: Files, major?: number): Obstacle[] {
  const site = located({ ...page, ...files }, major);
  if (!('places' in site)) throw new Error(site.unplaced);
  return site.obstacles;
}

describe('where a route goes', () => {
  const cases: [title: string, files: Files, folder: string, fileName: string | null, router?: 'app' | 'pages'][] = [
    ['app in src', page, 'src/app/api', 'route'],
    ['app in the root', { 'app/page.tsx': '' }, 'app/api', 'route'],
    ['app in the root before one in src', { ...page, 'app/page.tsx': '' }, 'app/api', 'route'],
    ['a locale in the path, which API routes do not have', { 'app/[locale]/page.tsx': '' }, 'app/api', 'route'],
    ['a group that holds the API', { 'app/(api)/api/health/route.ts': '' }, 'app/api', 'route'],
    ['both routers', { 'app/page.tsx': '', 'pages/api/x.ts': '' }, 'app/api', 'route'],
    ['pages only', { 'pages/index.tsx': '' }, 'pages/api', null],
    ['pages in src', { 'src/pages/index.tsx': '' }, 'src/pages/api', null],
    ['both routers, pages asked for', { 'app/page.tsx': '', 'pages/api/x.ts': '' }, 'pages/api', null, 'pages'],
    [
      'page extensions of the host',
      { ...page, 'next.config.js': "module.exports = { pageExtensions: ['page.tsx', 'page.ts'] };\n" },
      'src/app/api',
      'route.page',
    ],
  ];
  test.each(cases)('%s', (_title, files, folder, fileName, router) => {
    const site = next.locate(nextHost(files, 16, router ?? null));
    expect(site).toMatchObject({
      framework: 'next',
      convention: { folder, prefix: '/api', fileName },
      places: { raw: { kind: 'convention' } },
      prefix: '/api',
      unplaced: null,
    });
  });

  test('nothing of the host is changed, and no step is left', () => {
    const host = nextHost(page);
    const intent = { slot: 'raw', name: 'webhooks', file: 'src/webhooks/index.ts', mount: '/webhooks' } as const;
    expect(next.wire(intent, next.locate(host), host)).toEqual({ ops: [], step: null });
  });

  const unplaced: [title: string, files: Files, because: RegExp, file: string | null][] = [
    ['no folder of routes', { 'package.json': '{}' }, /no app or pages folder/, null],
    [
      'a static site',
      { ...page, 'next.config.ts': "export default { output: 'export' };\n" },
      /static site/,
      'next.config.ts',
    ],
  ];
  test.each(unplaced)('%s: it says why, and leaves a step', (_title, files, because, file) => {
    const host = nextHost(files);
    const site = next.locate(host);
    expect(site).toEqual({ unplaced: expect.stringMatching(because), file });
    const wiring = next.wire({ slot: 'raw', name: 'webhooks', file: 'src/webhooks/index.ts', mount: '/w' }, site, host);
    expect(wiring).toMatchObject({ ops: [], step: { place: expect.stringMatching(because) } });
  });
});

describe('what the configuration says', () => {
  const bases: [title: string, config: string, prefix: string, kinds: string[]][] = [
    ['an object', "module.exports = { basePath: '/shop' };", '/shop/api', []],
    ['a name', "const config = { basePath: '/shop' };\nexport default config;", '/shop/api', []],
    [
      'a typed name',
      "const config: NextConfig = { basePath: '/shop' } satisfies X;\nexport default config;",
      '/shop/api',
      [],
    ],
    ['a wrapper', "const config = { basePath: '/shop' };\nexport default withMdx(config);", '/shop/api', []],
    ['a wrapper with options', "export default withBundle({ enabled: true })({ basePath: '/shop' });", '/shop/api', []],
    ['a function', "export default (phase) => ({ basePath: '/shop' });", '/shop/api', []],
    ['an async function', "export default async function config() { return { basePath: '/shop' }; }", '/shop/api', []],
    [
      'a spread',
      "const base = { basePath: '/shop' };\nmodule.exports = { ...base, reactStrictMode: true };",
      '/shop/api',
      [],
    ],
    ['a constant', "const base = '/shop';\nmodule.exports = { basePath: base };", '/shop/api', []],
    ['an expression', 'module.exports = { basePath: process.env.BASE };', '/api', ['other']],
    ['none', 'module.exports = {};', '/api', []],
    ['a slash at the end', 'module.exports = { trailingSlash: true };', '/api', ['other']],
    [
      'a slash that is not added',
      'module.exports = { trailingSlash: true, skipTrailingSlashRedirect: true };',
      '/api',
      [],
    ],
    ['an export now and then', "module.exports = { output: process.env.S ? 'export' : undefined };", '/api', ['other']],
    ['a standalone build', "module.exports = { output: 'standalone' };", '/api', []],
    ['page extensions', "module.exports = { pageExtensions: ['page.ts'] };", '/api', ['other']],
    ['page extensions beside the usual', "module.exports = { pageExtensions: ['mdx', 'ts', 'tsx'] };", '/api', []],
    [
      'a rewrite to a backend',
      "module.exports = { async rewrites() { return [{ source: '/api/:path*', destination: 'http://b/:path*' }]; } };",
      '/api',
      ['catch-all'],
    ],
    [
      'a rewrite as a fallback',
      "module.exports = { async rewrites() { return { fallback: [{ source: '/:path*', destination: 'http://b/:path*' }] }; } };",
      '/api',
      [],
    ],
    [
      'a rewrite of something else',
      "module.exports = { rewrites: async () => [{ source: '/blog/:slug', destination: '/x' }] };",
      '/api',
      [],
    ],
    [
      'a redirect of everything',
      "module.exports = { redirects: () => [{ source: '/:path*', destination: 'https://w' }] };",
      '/api',
      ['catch-all'],
    ],
    ['a syntax error', 'module.exports = {', '/api', []],
  ];
  test.each(bases)('%s', (_title, config, prefix, kinds) => {
    const site = located({ ...page, 'next.config.ts': config });
    expect(site).toMatchObject({ prefix, obstacles: kinds.map((kind) => ({ kind, file: 'next.config.ts' })) });
    expect(site).toMatchObject({ convention: { prefix } });
  });
});

describe('which paths a pattern covers', () => {
  const path = '/api/webhooks/provider';
  const cases: [pattern: string, covered: boolean | null][] = [
    ['/api/:path*', true],
    ['/api/:path+', true],
    ['/api/:path', false],
    ['/api/webhooks/:id', true],
    ['/api/(.*)', true],
    ['/(api|trpc)(.*)', true],
    ['/:path*', true],
    ['/', false],
    ['/((?!api|_next/static|_next/image|favicon.ico).*)', false],
    ['/((?!_next/static|_next/image|favicon.ico).*)', true],
    ['/((?!api/health|_next).*)', true],
    ['/((?!.*\\.(?:png|ico)$).*)', true],
    ['/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|png)).*)', true],
    ['/dashboard/:path*', false],
    ['/api/webhooks{/:rest}*', true],
    ['/api/webhooks/:id(\\d+)', false],
    ['/API/:path*', true],
    ['/api/:path*/edit', false],
    ['/api/webhooks/provider/', false],
    ['/((?!api', null],
    ['/api/:', null],
    ['/{api', null],
    ['/([)', null],
  ];
  test.each(cases)('%s: %s', (pattern, covered) => {
    expect(covers(pattern, path)).toBe(covered);
  });
});

describe('what runs before our route', () => {
  const proxy = (matcher: string | null, body = "return new Response('no', { status: 401 });"): string =>
    `export function proxy(request) {\n  ${body}\n}\n${matcher === null ? '' : `export const config = { matcher: ${matcher} };\n`}`;

  const cases: [title: string, text: string, expected: object | null][] = [
    ['no matcher', proxy(null), { line: 1, message: expect.stringContaining('runs before') }],
    [
      'a matcher that covers it',
      proxy("'/api/:path*'"),
      { line: 4, message: expect.stringContaining('runs before /api/webhooks') },
    ],
    ['a list of which one covers it', proxy("['/x', '/api/:path*']"), {}],
    ['a list of which none does', proxy("['/x', '/((?!api).*)']"), null],
    [
      'an object',
      proxy("[{ source: '/api/:path*', missing: [{ type: 'header', key: 'purpose' }] }]"),
      { message: expect.stringContaining('runs') },
    ],
    [
      'an object with a condition',
      proxy("[{ source: '/api/:path*', has: [{ type: 'cookie', key: 'a' }] }]"),
      { message: expect.stringContaining('may run') },
    ],
    ['a computed matcher', proxy('paths'), { message: expect.stringContaining('may run') }],
    [
      'our path in the matcher is no exception',
      proxy("'/api/webhooks/:path*'"),
      { fix: expect.stringContaining("'/api/webhooks'") },
    ],
    [
      'our path named in the code',
      proxy(
        null,
        "if (request.nextUrl.pathname.startsWith('/api/webhooks')) return;\n  return Response.json({}, { status: 401 });",
      ),
      { fix: null },
    ],
    [
      'a file that only passes requests on',
      "import { NextResponse } from 'next/server';\nexport const proxy = () => NextResponse.next();\n",
      { fix: null },
    ],
    [
      'Clerk',
      "import { clerkMiddleware } from '@clerk/nextjs/server';\nexport default clerkMiddleware();\nexport const config = { matcher: ['/(api|trpc)(.*)'] };\n",
      { message: expect.stringContaining('Clerk'), fix: expect.stringContaining('public routes') },
    ],
    [
      'paths with a locale',
      "import createMiddleware from 'next-intl/middleware';\nexport default createMiddleware({});\n",
      { message: expect.stringContaining('locale') },
    ],
    ['a session', "export { auth as proxy } from '@/auth';\n", { message: expect.stringContaining('session') }],
    [
      'AuthKit',
      "import { authkitMiddleware } from '@workos-inc/authkit-nextjs';\nexport default authkitMiddleware();\n",
      { message: expect.stringContaining('AuthKit') },
    ],
    ['a syntax error', 'export function {', { message: expect.stringContaining('could not be read') }],
  ];
  test.each(cases)('%s', (_title, text, expected) => {
    const obstacles = obstaclesWith({ 'src/proxy.ts': text });
    expect(obstacles).toMatchObject(expected === null ? [] : [{ kind: 'proxy', file: 'src/proxy.ts', ...expected }]);
  });

  const files: [title: string, files: Files, major: number, found: string | null][] = [
    ['proxy.ts before Next 16 is not looked at', { 'src/proxy.ts': proxy(null) }, 15, null],
    ['middleware.ts before Next 16', { 'src/middleware.ts': proxy(null) }, 15, 'src/middleware.ts'],
    ['middleware.ts in Next 16', { 'src/middleware.ts': proxy(null) }, 16, 'src/middleware.ts'],
    ['middleware.js', { 'src/middleware.js': proxy(null) }, 14, 'src/middleware.js'],
    ['a file beside src, where the app folder is not', { 'middleware.ts': proxy(null) }, 15, null],
  ];
  test.each(files)('%s', (_title, given, major, found) => {
    expect(obstaclesWith(given, major).map(({ file }) => file)).toEqual(found === null ? [] : [found]);
  });

  test('a file in the root counts for an app folder in the root', () => {
    const site = located({ 'app/page.tsx': '', 'middleware.ts': proxy(null) }, 15);
    expect(site).toMatchObject({ obstacles: [{ kind: 'proxy', file: 'middleware.ts' }] });
  });
});

describe('what is there already', () => {
  const cases: [title: string, files: Files, expected: object[]][] = [
    [
      'a route for the same provider',
      { 'src/app/api/webhooks/stripe/route.ts': 'export const POST = 1;' },
      [{ kind: 'existing-webhook', message: expect.stringContaining('/api/webhooks/stripe (stripe)') }],
    ],
    [
      'a route for all of them',
      { 'src/app/api/webhooks/route.ts': 'import { Webhook } from "svix";' },
      [{ kind: 'existing-webhook', message: expect.stringContaining('(svix)') }],
    ],
    [
      'one in a group',
      { 'src/app/(pay)/api/webhook/route.ts': '' },
      [{ message: expect.stringContaining('at /api/webhook.') }],
    ],
    [
      'one of the pages router',
      { 'pages/api/stripe/webhook.ts': '' },
      [{ message: expect.stringContaining('/api/stripe/webhook (stripe)') }],
    ],
    ['a parameter in our place', { 'src/app/api/webhooks/[id]/route.ts': '' }, [{ kind: 'catch-all' }]],
    [
      'a parameter in our place, in a group',
      { 'src/app/(x)/api/webhooks/[...all]/route.ts': '' },
      [{ kind: 'catch-all' }],
    ],
    ['a catch-all, which gives way', { 'src/app/api/[...all]/route.ts': '', 'pages/api/[[...all]].ts': '' }, []],
    ['a page about webhooks', { 'src/app/webhooks/page.tsx': '' }, []],
    [
      'one that another module of ours made',
      {
        'src/app/api/webhooks/stripe/route.ts': '',
        '.backend-skills/lock.json':
          '{ "skills": { "webhook": { "files": [{ "path": "src/app/api/webhooks/stripe/route.ts" }] } } }',
      },
      [],
    ],
  ];
  test.each(cases)('%s', (_title, files, expected) => {
    expect(obstaclesWith(files)).toMatchObject(expected);
  });
});
