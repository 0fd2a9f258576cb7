import fc from 'fast-check';
import type { Composed } from './server.ts';
import { joined, type Style, styles, written } from './style.ts';

/** A Next host, as choices among parts. Numbers are taken modulo what there is. */
export interface NextRecipe {
  framework: 'next';
  language: 'ts' | 'js';
  major: 14 | 15 | 16;
  router: 'app' | 'pages' | 'both';
  source: boolean;
  config: number;
  setting: readonly number[];
  proxy: number;
  matcher: number;
  route: number;
  style: Style;
}

export const nextRecipes: fc.Arbitrary<NextRecipe> = fc.record({
  framework: fc.constant('next' as const),
  language: fc.constantFrom('ts' as const, 'js' as const),
  major: fc.constantFrom(14 as const, 15 as const, 16 as const),
  router: fc.constantFrom('app' as const, 'pages' as const, 'both' as const),
  source: fc.boolean(),
  config: fc.nat(20),
  setting: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
  proxy: fc.nat(20),
  matcher: fc.nat(20),
  route: fc.nat(20),
  style: styles,
});

const settings = [
  "basePath: '/shop'",
  'trailingSlash: true',
  "pageExtensions: ['page.tsx', 'page.ts', 'page.js']",
  "async rewrites() {\n    return [{ source: '/api/:path*', destination: 'https://example.test/:path*' }];\n  }",
  'reactStrictMode: true',
  "i18n: { locales: ['en', 'de'], defaultLocale: 'en' }",
  'basePath: process.env.BASE',
  "async redirects() {\n    return [{ source: '/old', destination: '/new', permanent: true }];\n  }",
];
const matchers = [
  '',
  "matcher: '/api/:path*'",
  "matcher: ['/((?!_next|favicon.ico).*)']",
  "matcher: ['/dashboard/:path*', '/api/webhooks/:path*']",
  "matcher: [\n    {\n      source: '/((?!api).*)',\n      missing: [{ type: 'header', key: 'x' }],\n    },\n  ]",
  'matcher: paths',
];
const routes = ['webhooks/route', 'webhooks/stripe/route', '[...path]/route', 'trpc/[trpc]/route', 'health/route'];

/** The files of a Next project. */
export function composeNext(recipe: NextRecipe): Composed {
  const { language, style, router } = recipe;
  const base = recipe.source ? 'src/' : '';
  const view = language === 'ts' ? 'tsx' : 'js';
  const files: Record<string, string> = {
    'package.json': `${JSON.stringify({ name: 'composed', scripts: { dev: 'next dev', build: 'next build' }, dependencies: { next: `^${recipe.major}.0.0`, react: '^19.0.0' }, ...(language === 'ts' ? { devDependencies: { typescript: '^5.6.0' } } : {}) }, null, 2)}\n`,
  };
  if (language === 'ts')
    files['tsconfig.json'] =
      '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "strict": true } }\n';
  const page = written('export default function Page() {\n  return null;\n}', style);
  if (router !== 'pages') files[`${base}app/page.${view}`] = page;
  if (router !== 'app') files[`${base}pages/index.${view}`] = page;
  if (router !== 'app' && recipe.route % 2 === 0)
    files[`${base}pages/api/hello.${language}`] = written(
      'export default function handler(req, res) {\n  res.end();\n}',
      style,
    );
  if (router !== 'pages' && recipe.route % 3 !== 0)
    files[`${base}app/api/${routes[recipe.route % routes.length]}.${language}`] = written(
      'export async function GET() {\n  return Response.json({});\n}',
      style,
    );
  const chosen = [...new Set(recipe.setting.map((index) => settings[index % settings.length] ?? ''))].filter(
    (one, index, all) => all.findIndex((other) => other.slice(0, 8) === one.slice(0, 8)) === index,
  );
  const literal = `{\n${chosen.map((one) => `  ${one},`).join('\n')}\n}`;
  const configs: Record<string, string[]> = {
    'next.config.mjs': [`const config = ${literal};`, 'export default config;'],
    'next.config.js': [`module.exports = ${literal};`],
    'next.config.ts': [
      "import type { NextConfig } from 'next';",
      `const config: NextConfig = ${literal};`,
      'export default withOther(config);',
    ],
    'next.config.cjs': [],
  };
  const [name = '', lines = []] = Object.entries(configs)[recipe.config % 4] ?? [];
  if (lines.length > 0) files[name] = written(joined(lines, style), style);
  if (recipe.proxy % 3 > 0) {
    const own = recipe.major === 16 && recipe.proxy % 2 === 0 ? 'proxy' : 'middleware';
    const matcher = matchers[recipe.matcher % matchers.length] ?? '';
    const statements = [
      "import { NextResponse } from 'next/server';",
      ...(matcher.includes('paths') ? ["const paths = ['/a'];"] : []),
      `export ${recipe.matcher % 2 === 0 ? 'default ' : ''}async function ${own}(request) {\n  if (!request.cookies.has('session')) return NextResponse.redirect(new URL('/login', request.url));\n  return NextResponse.next();\n}`,
      ...(matcher === '' ? [] : [`export const config = {\n  ${matcher},\n};`]),
    ];
    files[`${base}${own}.${language}`] = written(joined(statements, style), style);
  }
  return { files, entry: '' };
}
