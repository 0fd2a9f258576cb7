import { ts } from 'ts-morph';
import { describe, expect, it, test } from 'vitest';
import { followImports, importsOf, resolveImport } from '../../src/detect/modules.ts';
import { parse } from '../../src/text/syntax.ts';
import { treeOf } from '../tree.ts';

const json = JSON.stringify;

/** Per row: the config beside the files, who imports, and what. */
const projects: Record<
  string,
  { config: string; files: Record<string, string>; asks: [from: string, specifier: string][] }
> = {
  'relative imports': {
    config: 'tsconfig.json',
    files: {
      'tsconfig.json': json({
        compilerOptions: {
          allowJs: true,
          moduleResolution: 'bundler',
          module: 'esnext',
          allowImportingTsExtensions: true,
          resolveJsonModule: true,
        },
      }),
      'src/a.ts': '',
      'src/b.tsx': '',
      'src/c.mts': '',
      'src/d.cts': '',
      'src/e.js': '',
      'src/f.jsx': '',
      'src/both.ts': '',
      'src/both.js': '',
      'src/g.mjs': '',
      'src/h.cjs': '',
      'src/dir/index.ts': '',
      'src/dir/deep/index.js': '',
      'src/twice.ts': '',
      'src/twice/index.ts': '',
      'src/data.json': '{}',
      'src/index.ts': '',
      'src/pack/package.json': json({ main: './lib/start.js' }),
      'src/pack/lib/start.js': '',
      'src/a.service.ts': '',
    },
    asks: [
      './a',
      './a.js',
      './a.ts',
      './b',
      './b.js',
      './b.jsx',
      './c.mjs',
      './d.cjs',
      './e',
      './e.js',
      './f',
      './f.jsx',
      './both',
      './both.js',
      './g.mjs',
      './h.cjs',
      './dir',
      './dir/',
      './dir/index',
      './dir/index.js',
      './dir/deep',
      '.',
      './',
      './twice',
      './twice/',
      './data.json',
      './none',
      './pack',
      './a.service',
      './a.service.js',
      '../src/a',
      '../a',
    ].map((specifier) => ['src/main.ts', specifier]),
  },
  'paths without a base, exact before star, longest star first': {
    config: 'tsconfig.json',
    files: {
      'tsconfig.json': json({
        compilerOptions: {
          module: 'esnext',
          moduleResolution: 'bundler',
          paths: {
            '@/*': ['./src/*', './generated/*'],
            '@/lib/*': ['./libs/*'],
            '@app': ['./src/app.ts'],
            '~*suffix': ['./src/*'],
            '*': ['./any/*'],
          },
        },
      }),
      'src/a.ts': '',
      'src/app.ts': '',
      'src/lib/x.ts': '',
      'libs/x.ts': '',
      'generated/only.ts': '',
      'any/thing.ts': '',
      'src/dir/index.ts': '',
    },
    asks: [
      '@/a',
      '@/a.js',
      '@/lib/x',
      '@app',
      '@/only',
      '~asuffix',
      'thing',
      '@/dir',
      '@/none',
      'nothing',
      '@app/x',
    ].map((specifier) => ['src/main.ts', specifier]),
  },
  'base URL and paths over a chain of extends, with comments': {
    config: 'apps/api/tsconfig.json',
    files: {
      'apps/api/tsconfig.json':
        '{\n  // ours\n  "extends": ["../../tsconfig.base.json", "./tsconfig.paths.json"],\n  "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", },\n}',
      'apps/api/tsconfig.paths.json': json({ extends: './more', compilerOptions: { strict: true } }),
      'apps/api/more.json': json({ compilerOptions: { paths: { 'own/*': ['./src/*'] } } }),
      'tsconfig.base.json': json({
        compilerOptions: { ignoreDeprecations: '6.0', baseUrl: 'shared', paths: { 'base/*': ['./*'] } },
      }),
      'apps/api/src/a.ts': '',
      'shared/a.ts': '',
      'shared/src/b.ts': '',
      'src/c.ts': '',
    },
    asks: ['own/a', 'own/b', 'base/a', 'a', 'src/b', 'src/c', './a'].map((specifier) => [
      'apps/api/src/main.ts',
      specifier,
    ]),
  },
  'package imports': {
    config: 'tsconfig.json',
    files: {
      'package.json': json({
        name: 'p',
        type: 'module',
        imports: {
          '#*': './src/*.js',
          '#db/*.js': './src/db/*.ts',
          '#env': { types: './src/env.ts', default: './dist/env.js' },
          '#list': ['./src/list.js'],
        },
      }),
      'tsconfig.json': json({ compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' } }),
      'src/a.ts': '',
      'src/db/client.ts': '',
      'src/env.ts': '',
      'src/list.ts': '',
    },
    asks: ['#a', '#db/client.js', '#env', '#list', '#none'].map((specifier) => ['src/main.ts', specifier]),
  },
  'NodeNext needs its extensions': {
    config: 'tsconfig.json',
    files: {
      'package.json': json({ type: 'module' }),
      'tsconfig.json': json({ compilerOptions: { module: 'nodenext' } }),
      'src/a.ts': '',
      'src/b.mts': '',
    },
    asks: [
      ['src/main.ts', './a.js'],
      ['src/main.ts', './b.mjs'],
    ],
  },
};

/** TypeScript's own answer over the same files in memory. */
function oracle(files: Record<string, string>, config: string, from: string, specifier: string): string | null {
  const real = (path: string) => path.replace(/^\/+/, '').replace(/\/+$/, '');
  const host: ts.ParseConfigHost & ts.ModuleResolutionHost = {
    useCaseSensitiveFileNames: true,
    fileExists: (path) => Object.hasOwn(files, real(path)),
    readFile: (path) => files[real(path)],
    directoryExists: (path) =>
      Object.keys(files).some((file) => file.startsWith(real(path) === '' ? '' : `${real(path)}/`)),
    readDirectory: () => ['/main.ts'],
  };
  const { config: raw } = ts.readConfigFile(`/${config}`, (path) => host.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(
    raw,
    host,
    `/${config}`.replace(/\/[^/]*$/, '') || '/',
    undefined,
    `/${config}`,
  );
  const mode = options.module === ts.ModuleKind.NodeNext ? ts.ModuleKind.ESNext : undefined;
  const found = ts.resolveModuleName(
    specifier,
    `/${from}`,
    { ...options, allowJs: true },
    host,
    undefined,
    undefined,
    mode,
  );
  return found.resolvedModule ? real(found.resolvedModule.resolvedFileName) : null;
}

describe('resolveImport', () => {
  const rows = Object.entries(projects).flatMap(([title, { config, files, asks }]) =>
    asks.map(([from, specifier]) => ({ title, config, files, from, specifier })),
  );

  test.each(rows)('$title: $specifier resolves as TypeScript says', ({ config, files, from, specifier }) => {
    expect(resolveImport(treeOf(files), from, specifier)).toBe(oracle(files, config, from, specifier));
  });

  it('finds most of them', () => {
    const found = rows.filter(({ files, from, specifier }) => resolveImport(treeOf(files), from, specifier) !== null);
    expect(found.length).toBeGreaterThan(rows.length * 0.7);
  });

  test.each([
    ['a file without an extension', { 'bin/www': '', 'app.js': '' }, 'test/a.js', '../bin/www', 'bin/www'],
    ['a CommonJS file without its extension', { 'lib/a.cjs': '' }, 'app.js', './lib/a', 'lib/a.cjs'],
    [
      'paths of a referenced config',
      {
        'tsconfig.json': '{"files":[],"references":[{"path":"./tsconfig.app.json"}]}',
        'tsconfig.app.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
        'src/a.ts': '',
      },
      'src/main.ts',
      '@/a',
      'src/a.ts',
    ],
    [
      'paths of a jsconfig',
      { 'jsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}', 'src/a.js': '' },
      'src/main.js',
      '@/a',
      'src/a.js',
    ],
    [
      'a package import that names the build',
      {
        'package.json': '{"imports":{"#*":"./dist/*.js"}}',
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
        'src/a.ts': '',
      },
      'src/main.ts',
      '#a',
      'src/a.ts',
    ],
    ['nothing above the root', { 'a.ts': '' }, 'main.ts', '../../a', null],
    [
      'nothing for an extended package or a circle',
      { 'tsconfig.json': '{"extends":["@tsconfig/node20","./tsconfig.json"]}', 'a.ts': '' },
      'main.ts',
      'a',
      null,
    ],
    ['nothing for a package', { 'express.js': '' }, 'express/app.js', 'express', null],
    ['nothing for a builtin', { 'node:fs.js': '' }, 'app.js', 'node:fs', null],
  ])('finds %s', (_title, files: Record<string, string>, from, specifier, expected) => {
    expect(resolveImport(treeOf(files), from, specifier)).toBe(expected);
  });
});

describe('importsOf', () => {
  test.each([
    ["import a, { b as c, type T } from 'x'", 'import', ['default as a', 'b as c']],
    ["import * as ns from 'x'", 'import', ['* as ns']],
    ["import 'x'", 'import', []],
    ["export { a as b } from 'x'", 'export', ['a as b']],
    ["export * from 'x'", 'export', ['* as *']],
    ["export * as all from 'x'", 'export', ['* as all']],
    ["const express = require('x')", 'require', ['* as express']],
    ["const { a, b: c, d = 1 } = require('x')", 'require', ['a as a', 'b as c', 'd as d']],
    ["const Router = require('x').Router", 'require', ['Router as Router']],
    ["const app = require('x')()", 'require', []],
    ["require('x')(app)", 'require', []],
    ["var app = module.exports = require('x')", 'require', []],
    ["import x = require('x')", 'require', ['* as x']],
    ["async () => { const { a } = await import('x'); }", 'dynamic', ['a as a']],
    ["const m = (await import('x')).default", 'dynamic', ['default as m']],
  ])('%s', (text, kind, names) => {
    const program = parse(text, 'a.ts');
    const found = program ? importsOf(program) : [];
    expect(
      found.map((one) => [one.specifier, one.kind, one.names.map((name) => `${name.imported} as ${name.local}`)]),
    ).toEqual([['x', kind, names]]);
  });

  it('sees no code in comments, templates and strings', () => {
    const program = parse(
      "// require('a')\n/* import 'b' */\nconst t = `require('c')`; const s = \"import 'd'\";",
      'a.js',
    );
    expect(program && importsOf(program)).toEqual([]);
  });
});

describe('followImports', () => {
  const tree = treeOf({
    'src/main.ts':
      "import './app.js'; import type { T } from './types.js'; import 'express'; import '../dist/built.js'; import './data.json';",
    'src/app.ts': "import './main.js'; export * from './routes'; const x = await import('./lazy.js');",
    'src/routes/index.ts': "import './a'; import './b';",
    'src/routes/a.ts': '',
    'src/routes/b.ts': 'const broken = ;',
    'src/lazy.ts': '',
    'src/types.ts': '',
    'src/data.json': '{}',
    'dist/built.js': '',
  });

  it('goes breadth first, once each, past types, packages, data and builds', () => {
    expect(followImports(tree, 'src/main.ts')).toEqual([
      'src/main.ts',
      'src/app.ts',
      'src/routes/index.ts',
      'src/lazy.ts',
      'src/routes/a.ts',
      'src/routes/b.ts',
    ]);
  });

  it('stops at its limit', () => {
    expect(followImports(tree, 'src/main.ts', 3)).toHaveLength(3);
  });
});

test('what is written like a package is a file of the root where no manifest names it', () => {
  const files = (manifest: object) =>
    treeOf({
      'package.json': json({ name: 'shop', ...manifest }),
      'server.js': '',
      'helpers/db.js': '',
      'lib/mail.js': '',
      'events/index.js': '',
      'orders.js': '',
      'src/users/find.js': '',
    });
  const ask = (manifest: object, specifier: string) => resolveImport(files(manifest), 'server.js', specifier);
  const rooted = { dependencies: { rootpath: '*' } };
  expect(ask({}, 'helpers/db')).toBe('helpers/db.js');
  expect(ask({ dependencies: { helpers: '*' } }, 'helpers/db')).toBeNull();
  expect(ask({}, 'helpers/none')).toBeNull();
  expect(ask({}, 'orders')).toBeNull();
  expect(ask(rooted, 'orders')).toBe('orders.js');
  expect(ask(rooted, 'events')).toBeNull();
  expect(ask({ scripts: { start: 'NODE_PATH=src node server.js' } }, 'users/find')).toBe('src/users/find.js');
});
