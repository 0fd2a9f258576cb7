import { describe, expect, test } from 'vitest';
import { hostOf } from './hosts.ts';
import { kinds, main, moduleFile, nestHost, wired } from './nest-hosts.ts';

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
