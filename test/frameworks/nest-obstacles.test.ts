import { describe, expect, test } from 'vitest';
import { nest } from '../../src/frameworks/nest.ts';
import { main, moduleFile, nestHost } from './nest-hosts.ts';

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

  test('a controller that another module of ours made is none', () => {
    const host = nestHost({
      'src/main.ts': main('NestFactory.create(AppModule)'),
      'src/app.module.ts': `import { B } from './b';\n${moduleFile(' controllers: [B] ')}`,
      'src/b.ts': "@Controller('webhooks')\nexport class B {\n  @Post()\n  take() {}\n}\n",
      '.backend-skills/lock.json': '{ "skills": { "webhook": { "files": [{ "path": "src/b.ts" }] } } }',
    });
    expect(nest.locate(host)).toMatchObject({ obstacles: [] });
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
