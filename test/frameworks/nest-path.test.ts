import { describe, expect, test } from 'vitest';
import { nest } from '../../src/frameworks/nest.ts';
import { main, moduleFile, nestHost } from './nest-hosts.ts';

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
