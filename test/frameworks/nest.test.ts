import { describe, expect, test } from 'vitest';
import { nest } from '../../src/frameworks/nest.ts';
import type { Host, Intent, Op } from '../../src/model.ts';
import { addAll, drop } from '../../src/patch/index.ts';
import { hostOf } from './hosts.ts';

type Files = Readonly<Record<string, string>>;

const intent: Intent = { slot: 'raw', name: 'webhooks', file: 'src/webhooks/webhooks.module.ts', mount: '/webhooks' };
const nestHost = (files: Files, entry: string | null = 'src/main.ts'): Host =>
  hostOf('nest', files, entry, { importExtension: '', frameworkMajor: 11, nestPlatform: 'express' });

const moduleFile = (imports: string): string =>
  `import { Module } from '@nestjs/common';\n\n@Module({${imports}})\nexport class AppModule {}\n`;
const main = (create: string, ...more: string[]): string =>
  [
    "import { NestFactory } from '@nestjs/core';",
    "import { AppModule } from './app.module';",
    ...more,
    '',
    'async function bootstrap() {',
    `  const app = await ${create};`,
    '  await app.listen(3000);',
    '}',
    'bootstrap();',
    '',
  ].join('\n');

/** What wiring does to the files it touches; the ops must leave without a trace. */
function wired(host: Host, slot: Intent['slot'] = 'raw') {
  const site = nest.locate(host);
  const { ops, step } = nest.wire({ ...intent, slot }, site, host);
  const files: Record<string, string> = {};
  for (const file of new Set(ops.map((op) => op.file))) {
    const before = host.tree.read(file) ?? '';
    const patched = addAll(
      before,
      ops.filter((op) => op.file === file),
      file,
    );
    if ('refused' in patched) throw new Error(patched.refused);
    files[file] = patched.text;
    const back = [...patched.ops]
      .reverse()
      .reduce((text, { op, standing }) => (standing === 'done' ? drop(text, op) : text), patched.text);
    expect(back).toBe(before);
  }
  return { site, ops, step, files };
}

const kinds = (ops: readonly Op[]): string[] => ops.map(({ op, file }) => `${op} ${file}`);

describe('where raw bodies are asked for', () => {
  const cases: [title: string, before: string, after: string, more?: string[]][] = [
    ['no options', 'NestFactory.create(AppModule)', 'NestFactory.create(AppModule, { rawBody: true })'],
    [
      'options inline',
      'NestFactory.create(AppModule, { cors: true })',
      'NestFactory.create(AppModule, { cors: true, rawBody: true })',
    ],
    [
      'a type argument',
      'NestFactory.create<NestExpressApplication>(AppModule)',
      'NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true })',
    ],
    [
      'an adapter and no options',
      'NestFactory.create(AppModule, new FastifyAdapter())',
      'NestFactory.create(AppModule, new FastifyAdapter(), { rawBody: true })',
    ],
    [
      'an adapter and options',
      'NestFactory.create(AppModule, new ExpressAdapter(server), { logger: false })',
      'NestFactory.create(AppModule, new ExpressAdapter(server), { logger: false, rawBody: true })',
    ],
    [
      'an adapter in a variable',
      'NestFactory.create(AppModule, adapter)',
      'NestFactory.create(AppModule, adapter, { rawBody: true })',
      ['const adapter = new FastifyAdapter();'],
    ],
    [
      'options in a variable',
      'NestFactory.create(AppModule, options)',
      'const options: NestApplicationOptions = { logger: false, rawBody: true };',
      ['const options: NestApplicationOptions = { logger: false };'],
    ],
    ['empty options', 'NestFactory.create(AppModule, {})', 'NestFactory.create(AppModule, { rawBody: true })'],
    [
      'options with a spread',
      'NestFactory.create(AppModule, { ...common })',
      'NestFactory.create(AppModule, { ...common, rawBody: true })',
    ],
  ];
  test.each(cases)('%s', (_title, before, after, more = []) => {
    const host = nestHost({ 'src/main.ts': main(before, ...more), 'src/app.module.ts': moduleFile(' imports: [] ') });
    const { files, step } = wired(host);
    expect(files['src/main.ts']).toContain(after);
    expect(step).toBeNull();
  });

  test('a host that asks for them already keeps its file', () => {
    const text = main('NestFactory.create(AppModule, { rawBody: true })');
    const { files, ops } = wired(nestHost({ 'src/main.ts': text, 'src/app.module.ts': moduleFile('') }));
    expect(files['src/main.ts']).toBe(text);
    expect(ops.at(-1)).toMatchObject({ op: 'property', key: 'rawBody' });
  });

  test('an intent that needs no raw bodies leaves the options alone', () => {
    const { ops } = wired(
      nestHost({
        'src/main.ts': main('NestFactory.create(AppModule)'),
        'src/app.module.ts': moduleFile(' imports: [] '),
      }),
      'routes',
    );
    expect(kinds(ops)).toEqual(['import src/app.module.ts', 'element src/app.module.ts']);
  });

  const refused: [title: string, create: string, because: RegExp, lines: string[], more?: string[]][] = [
    [
      'options from a function',
      'NestFactory.create(AppModule, options())',
      /may be options or an adapter/,
      ['rawBody: true,'],
    ],
    [
      'options from elsewhere',
      'NestFactory.create(AppModule, new A(), options)',
      /no object literal|not an object literal/,
      ['rawBody: true,'],
    ],
    ['rawBody turned off', 'NestFactory.create(AppModule, { rawBody: false })', /rawBody is false/, ['rawBody: true,']],
    [
      'the parser turned off',
      'NestFactory.create(AppModule, { bodyParser: false })',
      /bodyParser is false/,
      ['rawBody: true,', "app.useBodyParser('json');"],
    ],
    [
      'two variables of one name',
      'NestFactory.create(AppModule, options)',
      /several variables/,
      ['rawBody: true,'],
      ['const options = {};', 'function other() { const options = { cors: true }; return options; }'],
    ],
  ];
  test.each(refused)(
    '%s: a step for a person, and the module is joined',
    (_title, create, because, lines, more = []) => {
      const host = nestHost({ 'src/main.ts': main(create, ...more), 'src/app.module.ts': moduleFile(' imports: [] ') });
      const { site, ops, step } = wired(host);
      expect(kinds(ops)).toEqual(['import src/app.module.ts', 'element src/app.module.ts']);
      expect(step?.lines).toEqual(lines);
      expect(step?.place).toMatch(because);
      expect(step?.done).toEqual({ file: 'src/main.ts', text: 'rawBody: true' });
      expect(site).toMatchObject({ unplaced: expect.stringMatching(because) });
      expect('places' in site && site.places.raw).toBeUndefined();
    },
  );

  test('on Fastify the parser is named by its media type', () => {
    const files = {
      'src/main.ts': main('NestFactory.create(AppModule, new FastifyAdapter(), { bodyParser: false })'),
      'src/app.module.ts': moduleFile(''),
    };
    const { step } = wired(hostOf('nest', files, 'src/main.ts', { nestPlatform: 'fastify', importExtension: '' }));
    expect(step?.lines).toContain("app.useBodyParser('application/json');");
  });

  test('the parser turned off and put back by hand keeps the bytes', () => {
    const text = main('NestFactory.create(AppModule, { bodyParser: false })').replace(
      '  await app.listen',
      "  app.useBodyParser('json');\n  await app.listen",
    );
    const { step, files, site } = wired(nestHost({ 'src/main.ts': text, 'src/app.module.ts': moduleFile('') }));
    expect(step).toBeNull();
    expect(files['src/main.ts']).toContain('{ bodyParser: false, rawBody: true }');
    expect(site).toMatchObject({ obstacles: [{ kind: 'body-parser', line: 5, fix: null }] });
  });
});

describe('where the module joins', () => {
  const joined: [title: string, before: string, after: string][] = [
    ['an empty list', moduleFile(' imports: [] '), 'imports: [WebhooksModule]'],
    [
      'a list with modules',
      moduleFile(' imports: [A, B.forRoot({ a: 1 })] '),
      'imports: [A, B.forRoot({ a: 1 }), WebhooksModule]',
    ],
    ['a list with a spread', moduleFile(' imports: [...shared, A] '), 'imports: [...shared, A, WebhooksModule]'],
    ['no imports', moduleFile(' controllers: [C] '), 'controllers: [C], imports: [WebhooksModule]'],
    ['empty metadata', moduleFile(''), '@Module({ imports: [WebhooksModule] })'],
    [
      'a list in a variable',
      `const parts = [A];\n${moduleFile(' imports: parts ')}`.replace(/(const.*\n)(import.*\n)/, '$2$1'),
      'const parts = [A, WebhooksModule];',
    ],
    [
      'a list in a variable of the same name',
      moduleFile(' imports ').replace('\n\n', '\nconst imports = [A];\n'),
      'const imports = [A, WebhooksModule];',
    ],
    [
      'metadata in a variable',
      "import { Module } from '@nestjs/common';\nconst metadata = { imports: [A] };\n@Module(metadata)\nexport class AppModule {}\n",
      'const metadata = { imports: [A, WebhooksModule] };',
    ],
    [
      'a dynamic module, whose own metadata count too',
      moduleFile('').replace(
        'AppModule {}',
        'AppModule { static forRoot() { return { module: AppModule, imports: [A] }; } }',
      ),
      '@Module({ imports: [WebhooksModule] })',
    ],
    [
      'another decorator above',
      moduleFile(' imports: [A] ').replace('@Module', '@Global()\n@Module'),
      'imports: [A, WebhooksModule]',
    ],
  ];
  test.each(joined)('%s', (_title, before, after) => {
    const create = before.includes('forRoot()')
      ? 'NestFactory.create(AppModule.forRoot())'
      : 'NestFactory.create(AppModule)';
    const host = nestHost({ 'src/main.ts': main(create), 'src/app.module.ts': before });
    const { files, step, site } = wired(host);
    expect(files['src/app.module.ts']).toContain(after);
    expect(files['src/app.module.ts']).toContain("import { WebhooksModule } from './webhooks/webhooks.module';");
    expect(step).toBeNull();
    expect('places' in site && Object.keys(site.places)).toEqual(['first', 'routes', 'raw']);
  });

  const refused: [title: string, module: string, because: RegExp][] = [
    ['a list from elsewhere', moduleFile(' imports: shared '), /its imports are shared/],
    ['a computed list', moduleFile(' imports: [A].concat(more) '), /its imports are \[A\]\.concat/],
    ['metadata that are spread', moduleFile(' ...base '), /spread object/],
    ['metadata from elsewhere', moduleFile('').replace('{}', 'metadata'), /no object literal of this file/],
    ['no decorator', 'export class AppModule {}\n', /no @Module\(\) decorator/],
    [
      'a module of our name',
      `${moduleFile(' imports: [] ')}export class WebhooksModule {}\n`,
      /already has another WebhooksModule/,
    ],
  ];
  test.each(refused)('%s: a step for a person, and only raw bodies are asked for', (_title, module, because) => {
    const host = nestHost({ 'src/main.ts': main('NestFactory.create(AppModule)'), 'src/app.module.ts': module });
    const { ops, step } = wired(host);
    expect(kinds(ops)).toEqual(['argument src/main.ts']);
    expect(step?.file).toBe('src/app.module.ts');
    expect(step?.place).toMatch(because);
    expect(step?.lines).toEqual([
      "import { WebhooksModule } from './webhooks/webhooks.module';",
      'imports: [WebhooksModule],',
    ]);
    expect(step?.done).toEqual({ imports: 'src/webhooks/webhooks.module.ts' });
  });
});

describe('where the app is', () => {
  const core = "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\n";
  const app = { 'src/app.module.ts': moduleFile(' imports: [] ') };
  const found: [title: string, files: Files, file: string, app: string, entry?: string | null][] = [
    ['a plain bootstrap', { 'src/main.ts': main('NestFactory.create(AppModule)'), ...app }, 'src/main.ts', 'app'],
    [
      'an exported arrow that returns the app',
      { 'src/main.ts': `${core}export const start = async () => NestFactory.create(AppModule);\n`, ...app },
      'src/main.ts',
      '',
    ],
    [
      'an async function called on the spot',
      {
        'src/main.ts': `${core}void (async () => {\n  const server = await NestFactory.create(AppModule);\n  await server.listen(1);\n})();\n`,
        ...app,
      },
      'src/main.ts',
      'server',
    ],
    [
      'another file',
      {
        'src/main.ts': "import { createApp } from './create-app';\ncreateApp().then((app) => app.listen(1));\n",
        'src/create-app.ts': `${core}export async function createApp() {\n  return await NestFactory.create(AppModule);\n}\n`,
        ...app,
      },
      'src/create-app.ts',
      '',
    ],
    [
      'a field of a class',
      {
        'src/main.ts': `${core}class Server {\n  async start() {\n    this.app = await NestFactory.create(AppModule);\n  }\n}\n`,
        ...app,
      },
      'src/main.ts',
      'this.app',
    ],
    [
      'a server for a lambda',
      {
        'src/lambda.ts': `${core}import { ExpressAdapter } from '@nestjs/platform-express';\nlet cached;\nexport const handler = async (event) => {\n  const app = await NestFactory.create(AppModule, new ExpressAdapter(server));\n  await app.init();\n};\n`,
        ...app,
      },
      'src/lambda.ts',
      'app',
      'src/lambda.ts',
    ],
    [
      'a hybrid app',
      {
        'src/main.ts': main('NestFactory.create(AppModule)').replace(
          '  await app.l',
          '  app.connectMicroservice({});\n  await app.l',
        ),
        ...app,
      },
      'src/main.ts',
      'app',
    ],
    [
      'the default project of a monorepo',
      {
        'nest-cli.json':
          '{ "monorepo": true, "root": "apps/shop", "projects": { "mail": { "type": "application", "root": "apps/mail", "sourceRoot": "apps/mail/src" }, "shop": { "type": "application", "root": "apps/shop", "sourceRoot": "apps/shop/src", "entryFile": "start" } } }',
        'apps/mail/src/main.ts': main('NestFactory.create(AppModule)'),
        'apps/mail/src/app.module.ts': moduleFile(''),
        'apps/shop/src/start.ts': main('NestFactory.create(AppModule)'),
        'apps/shop/src/app.module.ts': moduleFile(''),
      },
      'apps/shop/src/start.ts',
      'app',
      null,
    ],
    [
      'a factory that is handed the module',
      {
        'src/main.ts': "import { run } from './run';\nimport { AppModule } from './app.module';\nrun(AppModule);\n",
        'src/run.ts':
          "import { NestFactory } from '@nestjs/core';\nexport const run = async (root: Type) => {\n  const app = await NestFactory.create(root);\n  await app.listen(1);\n};\n",
        ...app,
      },
      'src/run.ts',
      'app',
    ],
  ];
  test.each(found)('%s', (_title, files, file, name, entry = 'src/main.ts') => {
    const host = nestHost(files, entry);
    const { site, ops } = wired(host);
    expect(site).toMatchObject({ file, app: name, unplaced: null, style: 'esm' });
    expect(kinds(ops)).toHaveLength(3);
  });

  test('the root module is found through a barrel, under another name', () => {
    const host = nestHost({
      'src/main.ts':
        "import { NestFactory as Factory } from '@nestjs/core';\nimport { Root as Main } from './modules';\nconst app = await Factory.create(Main);\n",
      'src/modules/index.ts': "export * from './other';\nexport { RootModule as Root } from './root.module';\n",
      'src/modules/other.ts': 'export const other = 1;\n',
      'src/modules/root.module.ts': moduleFile('').replace('AppModule', 'RootModule'),
    });
    const { files } = wired(host);
    expect(files['src/modules/root.module.ts']).toContain(
      "import { WebhooksModule } from '../webhooks/webhooks.module';",
    );
    expect(files['src/main.ts']).toContain('Factory.create(Main, { rawBody: true })');
  });

  test('the same module created in two ways gets raw bodies in both', () => {
    const host = nestHost({
      'src/main.ts': `${core}const app = process.env.LAMBDA ? await NestFactory.create(AppModule, new A()) : await NestFactory.create(AppModule);\n`,
      ...app,
    });
    expect(wired(host).files['src/main.ts']).toContain(
      'NestFactory.create(AppModule, new A(), { rawBody: true }) : await NestFactory.create(AppModule, { rawBody: true })',
    );
  });

  const unplaced: [title: string, files: Files, because: RegExp, file: string | null][] = [
    [
      'a microservice without HTTP',
      { 'src/main.ts': main('NestFactory.createMicroservice(AppModule, {})'), ...app },
      /message transport/,
      'src/main.ts',
    ],
    [
      'a command-line app',
      { 'src/main.ts': main('NestFactory.createApplicationContext(AppModule)'), ...app },
      /no HTTP server/,
      'src/main.ts',
    ],
    ['no creation', { 'src/main.ts': 'export const a = 1;\n' }, /No call of NestFactory.create/, 'src/main.ts'],
    ['no entry', { 'lib/x.ts': 'export const a = 1;\n' }, /No entry file/, null],
    [
      'commented out',
      {
        'src/main.ts': `${core}// const app = await NestFactory.create(AppModule);\nconst note = "NestFactory.create(AppModule)";\n`,
        ...app,
      },
      /No call of NestFactory.create/,
      'src/main.ts',
    ],
    [
      'a module out of a package',
      { 'src/main.ts': main('NestFactory.create(AppModule)').replace('./app.module', '@acme/app') },
      /could not be followed/,
      'src/main.ts',
    ],
    [
      'two apps of different modules',
      {
        'src/main.ts': `${main('NestFactory.create(AppModule)')}class Other {}\nconst other = NestFactory.create(Other);\n`,
        ...app,
      },
      /several apps/,
      'src/main.ts',
    ],
  ];
  test.each(unplaced)('%s: it says why, and gives the lines', (_title, files, because, file) => {
    const host = nestHost(files, 'src/main.ts');
    const { site, ops, step } = wired(host);
    expect(site).toEqual({ unplaced: expect.stringMatching(because), file });
    expect(ops).toEqual([]);
    expect(step?.place).toMatch(because);
    expect(step?.lines).toContain('rawBody: true,');
  });

  test('how the host writes imports decides how ours is written', () => {
    const host = hostOf(
      'nest',
      { 'src/main.ts': main('NestFactory.create(AppModule)').replace('.module', '.module.js'), ...app },
      'src/main.ts',
      {
        importExtension: '.js',
      },
    );
    expect(wired(host).files['src/app.module.ts']).toContain("from './webhooks/webhooks.module.js';");
  });
});

describe('the public path', () => {
  const cases: [title: string, lines: string[], prefix: string, kinds?: string[]][] = [
    ['nothing set', [], ''],
    ['a global prefix', ["app.setGlobalPrefix('api');"], '/api'],
    ['a global prefix with slashes', ["app.setGlobalPrefix('/api/');"], '/api'],
    ['a prefix in a constant', ["const prefix = 'v9';", 'app.setGlobalPrefix(prefix);'], '/v9'],
    ['a computed prefix', ['app.setGlobalPrefix(config.prefix);'], '', ['other']],
    ['an exclude of something else', ["app.setGlobalPrefix('api', { exclude: ['health'] });"], '/api'],
    ['an exclude of our path', ["app.setGlobalPrefix('api', { exclude: ['webhooks/(.*)'] });"], ''],
    ['a newer exclude of our path', ["app.setGlobalPrefix('api', { exclude: ['webhooks/*path'] });"], ''],
    [
      'an exclude by route',
      ["app.setGlobalPrefix('api', { exclude: [{ path: 'webhooks/:provider', method: 0 }] });"],
      '',
    ],
    ['a version in the path', ["app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });"], '/v1'],
    [
      'prefix and version',
      [
        "app.setGlobalPrefix('api');",
        "app.enableVersioning({ type: VersioningType.URI, defaultVersion: ['2', '1'] });",
      ],
      '/api/v2',
    ],
    [
      'a version with a prefix of its own',
      ["app.enableVersioning({ defaultVersion: '1', prefix: 'version-' });"],
      '/version-1',
    ],
    ['a version without a prefix', ["app.enableVersioning({ defaultVersion: '1', prefix: false });"], '/1'],
    [
      'a version in a header',
      ["app.enableVersioning({ type: VersioningType.HEADER, header: 'v', defaultVersion: '1' });"],
      '',
    ],
    ['no default version', ['app.enableVersioning();'], ''],
    ['a neutral default', ['app.enableVersioning({ defaultVersion: VERSION_NEUTRAL });'], ''],
  ];
  test.each(cases)('%s', (_title, lines, prefix, obstacles = []) => {
    const text = main('NestFactory.create(AppModule)').replace(
      '  await app.l',
      `  ${lines.join('\n  ')}\n  await app.l`,
    );
    const site = nest.locate(nestHost({ 'src/main.ts': text, 'src/app.module.ts': moduleFile('') }));
    expect(site).toMatchObject({ prefix, obstacles: obstacles.map((kind) => ({ kind })) });
  });

  test('a prefix that another file sets counts', () => {
    const host = nestHost({
      'src/main.ts': main('NestFactory.create(AppModule)', "import { configure } from './configure';"),
      'src/configure.ts': "export const configure = (app) => app.setGlobalPrefix('api');\n",
      'src/app.module.ts': moduleFile(''),
    });
    expect(nest.locate(host)).toMatchObject({ prefix: '/api' });
  });
});

describe('what stands in the way', () => {
  const cases: [title: string, file: 'main' | 'module', line: string, expected: object | null][] = [
    [
      'express.json',
      'main',
      'app.use(express.json());',
      { kind: 'body-parser', line: 6, fix: expect.stringContaining("useBodyParser('json'") },
    ],
    ['json with a limit', 'main', "app.use(json({ limit: '5mb' }));", { kind: 'body-parser' }],
    ['bodyParser.text', 'main', "app.use(bodyParser.text({ type: '*/*' }));", { kind: 'body-parser' }],
    [
      'a parser that keeps the bytes',
      'main',
      'app.use(json({ verify: (req, _, b) => { req.rawBody = b; } }));',
      { kind: 'body-parser', fix: null },
    ],
    ['a parser on our path', 'main', "app.use('/webhooks', json());", { kind: 'body-parser' }],
    ['a parser on another path', 'main', "app.use('/upload', json());", null],
    ['a form parser', 'main', 'app.use(urlencoded({ extended: true }));', null],
    ['CSRF tokens', 'main', 'app.use(csurf());', { kind: 'csrf' }],
    ['CSRF tokens on Fastify', 'main', 'await app.register(fastifyCsrf);', { kind: 'csrf' }],
    [
      'a global guard',
      'main',
      'app.useGlobalGuards(new JwtAuthGuard(reflector));',
      { kind: 'guard', message: expect.stringContaining('JwtAuthGuard') },
    ],
    [
      'a guard of the module',
      'module',
      ' providers: [{ provide: APP_GUARD, useClass: RolesGuard }] ',
      { kind: 'guard', message: expect.stringContaining('RolesGuard') },
    ],
    [
      'a limit on the rate',
      'module',
      ' providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }] ',
      { kind: 'guard', fix: expect.stringContaining('@SkipThrottle()') },
    ],
    [
      'a whitelist of bodies, which ours has none of',
      'main',
      'app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));',
      null,
    ],
    ['logging', 'main', 'app.use(morgan());', null],
  ];
  test.each(cases)('%s', (_title, where, line, expected) => {
    const text = main('NestFactory.create(AppModule)');
    const host = nestHost({
      'src/main.ts': where === 'main' ? text.replace('  await app.l', `  ${line}\n  await app.l`) : text,
      'src/app.module.ts': moduleFile(where === 'module' ? line : ''),
    });
    const file = where === 'main' ? 'src/main.ts' : 'src/app.module.ts';
    expect(nest.locate(host)).toMatchObject({ obstacles: expected === null ? [] : [{ file, ...expected }] });
  });

  test("a guard's own way to open a route is named", () => {
    const host = nestHost({
      'src/main.ts': main('NestFactory.create(AppModule)').replace(
        '  await app.l',
        '  app.useGlobalGuards(new G());\n  await app.l',
      ),
      'src/app.module.ts': `import './public';\n${moduleFile('')}`,
      'src/public.ts':
        "import { SetMetadata } from '@nestjs/common';\nexport const Public = () => SetMetadata('public', true);\n",
    });
    expect(nest.locate(host)).toMatchObject({
      obstacles: [{ kind: 'guard', fix: 'Put @Public() on the webhook controller.' }],
    });
  });

  test('middleware of a module, a catch-all and a controller for webhooks are found', () => {
    const host = nestHost({
      'src/main.ts': main('NestFactory.create(AppModule)'),
      'src/app.module.ts':
        `import { A } from './a';\nimport { B } from './b';\n${moduleFile(' controllers: [A, B] ')}`.replace(
          'AppModule {}',
          "AppModule {\n  configure(consumer) {\n    consumer.apply(json()).forRoutes('*');\n  }\n}",
        ),
      'src/a.ts': "@Controller()\nexport class A {\n  @All('*path')\n  any() {}\n}\n",
      'src/b.ts':
        "import Stripe from 'stripe';\n@Controller('billing')\nexport class B {\n  @Post('webhook')\n  take() {}\n}\n",
    });
    expect(nest.locate(host)).toMatchObject({
      obstacles: [
        { kind: 'body-parser', file: 'src/app.module.ts', line: 8 },
        { kind: 'catch-all', file: 'src/a.ts', line: 3 },
        { kind: 'existing-webhook', file: 'src/b.ts', line: 4, message: expect.stringContaining('(stripe)') },
      ],
    });
  });

  test('tests and other entries that make an app of their own are named, unless they keep raw bodies', () => {
    const create = 'const app = testing.createNestApplication();\n';
    const host = nestHost({
      'src/main.ts': main('NestFactory.create(AppModule)'),
      'src/lambda.ts': main('NestFactory.create(AppModule)'),
      'src/app.module.ts': moduleFile(''),
      'test/app.e2e-spec.ts': `// end to end\n${create}`,
      'test/raw.e2e-spec.ts': 'const app = testing.createNestApplication({ rawBody: true });\n',
      'test/other.spec.ts': 'test();\n',
    });
    expect(nest.locate(host)).toMatchObject({
      obstacles: [
        {
          kind: 'other',
          file: 'test/app.e2e-spec.ts',
          line: 2,
          fix: expect.stringContaining('createNestApplication({ rawBody: true })'),
        },
        { kind: 'other', file: 'src/lambda.ts', fix: expect.stringContaining('NestFactory.create') },
      ],
    });
  });
});
