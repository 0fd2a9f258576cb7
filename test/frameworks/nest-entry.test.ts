import { describe, expect, test } from 'vitest';
import { hostOf } from './hosts.ts';
import { type Files, kinds, main, moduleFile, nestHost, wired } from './nest-hosts.ts';

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
