import { describe, expect, test } from 'vitest';
import { kinds, main, moduleFile, nestHost, wired } from './nest-hosts.ts';

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
