import fc from 'fast-check';
import type { Composed } from './server.ts';
import { indented, joined, type Style, styles, written } from './style.ts';

/** A Nest host, as choices among parts. Numbers are taken modulo what there is. */
export interface NestRecipe {
  framework: 'nest';
  system: 'esm' | 'cjs';
  creation: number;
  calls: readonly number[];
  start: number;
  module: number;
  owner: number;
  beside: readonly number[];
  /** The module class stands in the entry itself. */
  together: boolean;
  config: number;
  style: Style;
  moduleStyle: Style;
}

export const nestRecipes: fc.Arbitrary<NestRecipe> = fc.record({
  framework: fc.constant('nest' as const),
  system: fc.constantFrom('esm' as const, 'cjs' as const),
  creation: fc.nat(20),
  calls: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
  start: fc.nat(20),
  module: fc.nat(30),
  owner: fc.nat(20),
  beside: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
  together: fc.integer({ min: 0, max: 4 }).map((one) => one === 4),
  config: fc.nat(20),
  style: styles,
  moduleStyle: styles,
});

const options = "{\n  cors: true,\n  logger: ['error', 'warn'],\n}";
const creations = [
  'NestFactory.create(AppModule)',
  'NestFactory.create<NestExpressApplication>(AppModule)',
  'NestFactory.create(AppModule, { cors: true })',
  `NestFactory.create(AppModule, ${options})`,
  'NestFactory.create(AppModule, new FastifyAdapter())',
  'NestFactory.create<NestFastifyApplication>(\n  AppModule,\n  new FastifyAdapter({ logger: true }),\n)',
  `NestFactory.create(AppModule, new FastifyAdapter(), ${options})`,
  'NestFactory.create(AppModule, settings)',
  'NestFactory.create(AppModule, {})',
  'NestFactory.create(AppModule, {\n})',
  'NestFactory.create(\n  AppModule, // the root\n)',
  'NestFactory.create(AppModule, { rawBody: true })',
  'NestFactory.create(AppModule, { cors: true, })',
  'NestFactory.create(AppModule, { ...settings, cors: true })',
  'NestFactory.create(AppModule, { bodyParser: false })',
  'NestFactory.create(AppModule, {\n  // how it is served\n  cors: true // for all\n})',
];
const calls = [
  "app.setGlobalPrefix('api');",
  'app.enableCors();',
  'app.useGlobalPipes(new ValidationPipe({ whitelist: true }));',
  'app.use(helmet());',
  'app.enableShutdownHooks();',
  'const config = app.get(ConfigService);',
  "app.use(json({ limit: '1mb' }));",
  'app.useGlobalFilters(\n  new AllFilter(),\n);',
];
const lists = [
  '',
  '[]',
  '[ ]',
  '[UsersModule]',
  '[UsersModule, ConfigModule.forRoot({ isGlobal: true })]',
  '[\n  UsersModule,\n  ConfigModule.forRoot({\n    isGlobal: true,\n  }),\n]',
  '[\n  UsersModule,\n  ConfigModule\n]',
  '[\n  // users\n  UsersModule, // them\n  /* config */ ConfigModule,\n]',
  '[\n]',
  '[\n  // none yet\n]',
  'features',
  '[...features]',
  '[UsersModule,]',
  '[\n  UsersModule, ConfigModule,\n]',
  '[UsersModule /* only */]',
  '[\n  UsersModule,\n  ConfigModule // the last\n]',
];
const members = [
  'controllers: [AppController]',
  'providers: [AppService]',
  'exports: []',
  "providers: [\n  { provide: 'a', useValue: 1 },\n]",
];
const owners = [
  'export class AppModule {}',
  'export class AppModule {\n  constructor(private readonly config: ConfigService) {}\n}',
  'export class AppModule implements NestModule {\n  configure(consumer: MiddlewareConsumer) {\n    consumer.apply(one).forRoutes(two);\n  }\n}',
];

/** The files of a Nest project. */
export function composeNest(recipe: NestRecipe): Composed {
  const { system, style, moduleStyle, together } = recipe;
  const suffix = system === 'esm' ? '.js' : '';
  const files: Record<string, string> = {};
  const from = recipe.config % 3 === 0 ? 'src/app/app.module' : 'src/app.module';
  const imported = `import { AppModule } from '${from.replace('src/', './')}${suffix}';`;
  const inside = moduleOf(recipe);
  const main = mainOf(recipe, together ? inside : { imports: [imported], statements: [] });
  files['src/main.ts'] = written(main, style);
  if (!together)
    files[`${from}.ts`] = written(joined([...inside.imports, ...inside.statements], moduleStyle), moduleStyle);
  const manifest = {
    name: 'composed',
    ...(system === 'esm' ? { type: 'module' } : {}),
    scripts: { start: 'nest start', 'start:dev': 'nest start --watch' },
    dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@nestjs/config': '^4.0.0' },
    devDependencies: { typescript: '^5.6.0' },
  };
  files['package.json'] = `${JSON.stringify(manifest, null, 2)}\n`;
  files['tsconfig.json'] = `{ "compilerOptions": { "module": "${system === 'esm' ? 'nodenext' : 'commonjs'}" } }\n`;
  if (recipe.config % 2 === 0) files['nest-cli.json'] = '{ "sourceRoot": "src" }\n';
  return { files, entry: 'src/main.ts' };
}

function moduleOf(recipe: NestRecipe): { imports: string[]; statements: string[] } {
  const list = lists[recipe.module % lists.length] ?? '';
  const others = [...new Set(recipe.beside.map((index) => members[index % members.length] ?? ''))].filter(
    (member, index, all) => all.findIndex((one) => one.slice(0, 9) === member.slice(0, 9)) === index,
  );
  const entries =
    list === '' ? others : recipe.owner % 2 === 0 ? [`imports: ${list}`, ...others] : [...others, `imports: ${list}`];
  const wide = recipe.module % 2 === 0 || entries.some((entry) => entry.includes('\n'));
  const literal =
    entries.length === 0
      ? recipe.owner % 3 === 0
        ? ''
        : '{}'
      : wide
        ? `{\n${entries.map((entry) => `${indented(entry)},`).join('\n')}\n}`
        : `{ ${entries.join(', ')} }`;
  const owner = owners[recipe.owner % owners.length] ?? '';
  const decorators = recipe.owner % 5 === 0 ? '@Global()\n' : '';
  const uses = list.includes('features') ? ['const features = [UsersModule];'] : [];
  return {
    imports: [
      "import { Global, Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';",
      "import { ConfigModule, ConfigService } from '@nestjs/config';",
      "import { AppController, AppService, one, two, UsersModule } from 'shop';",
    ],
    statements: [...uses, `${decorators}@Module(${literal})\n${owner}`],
  };
}

function mainOf(recipe: NestRecipe, module: { imports: readonly string[]; statements: readonly string[] }): string {
  const creation = creations[recipe.creation % creations.length] ?? '';
  const settled = creation.includes('settings') ? ['const settings = { cors: true };'] : [];
  const chosen = [...new Set(recipe.calls.map((index) => calls[index % calls.length] ?? ''))];
  const body = joined([`const app = await ${creation};`, ...chosen, 'await app.listen(3000);'], recipe.style, 1);
  const starts = [
    [`async function bootstrap() {\n${indented(body)}\n}`, 'bootstrap();'],
    [`async function bootstrap(): Promise<void> {\n${indented(body)}\n}`, 'void bootstrap();'],
    [`const bootstrap = async () => {\n${indented(body)}\n};`, 'bootstrap().catch((error) => console.error(error));'],
    [`(async () => {\n${indented(body)}\n})();`],
    [`export async function bootstrap() {\n${indented(body)}\n}`, 'await bootstrap();'],
    [body],
  ].filter((_, index) => index < 4 || recipe.system === 'esm');
  const imports = [
    "import { ValidationPipe } from '@nestjs/common';",
    "import { NestFactory } from '@nestjs/core';",
    "import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';",
    "import type { NestExpressApplication } from '@nestjs/platform-express';",
    "import { AllFilter, helmet, json } from 'other';",
    ...(module.statements.length > 0 ? [] : ["import { ConfigService } from '@nestjs/config';"]),
    ...module.imports,
  ];
  const start = starts[recipe.start % starts.length] ?? [];
  return joined([...imports, ...module.statements, ...settled, ...start], recipe.style);
}
