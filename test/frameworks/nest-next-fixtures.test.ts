import { expect, test } from 'vitest';
import { frameworks } from '../../src/frameworks/index.ts';
import type { Host, Intent } from '../../src/model.ts';
import { addAll, drop } from '../../src/patch/index.ts';
import { hostFrom } from './fixture.ts';

const intentFor = ({ profile }: Host): Intent => {
  const file = profile.framework.value === 'nest' ? 'webhooks.module' : 'index';
  const folder = [profile.sourceFolder.value, 'webhooks'].filter((part) => part !== '').join('/');
  return { slot: 'raw', name: 'webhooks', file: `${folder}/${file}.${profile.language.value}`, mount: '/webhooks' };
};

/** The lines that wiring adds or changes, by file; taking it out again must give the file back. */
function changedLines(host: Host): Record<string, string[]> {
  const id = host.profile.framework.value;
  if (id === null) throw new Error('no framework was found');
  const { ops, step } = frameworks[id].wire(intentFor(host), frameworks[id].locate(host), host);
  expect(step).toBeNull();
  const changed: Record<string, string[]> = {};
  for (const file of new Set(ops.map((op) => op.file))) {
    const before = host.tree.read(file) ?? '';
    const own = ops.filter((op) => op.file === file);
    const patched = addAll(before, own, file);
    if ('refused' in patched) throw new Error(patched.refused);
    const back = [...patched.ops].reverse().reduce((text, { op }) => drop(text, op), patched.text);
    expect(back).toBe(before);
    const old = new Set(before.split('\n'));
    changed[file] = patched.text.split('\n').filter((line) => !old.has(line));
  }
  return changed;
}

const nests: [name: string, prefix: string, obstacles: string[], changed: Record<string, string[]>][] = [
  [
    'nest10-ts-cjs',
    '/api/v1',
    [],
    {
      'src/root.module.ts': ["import { WebhooksModule } from './webhooks/webhooks.module';", '    WebhooksModule,'],
      'src/main.ts': ['  const app = await NestFactory.create(RootModule, { rawBody: true });'],
    },
  ],
  [
    'nest11-ts-cjs',
    '',
    ['other test/app.e2e-spec.ts'],
    {
      'src/app.module.ts': [
        "import { WebhooksModule } from './webhooks/webhooks.module';",
        '  imports: [EchoModule, WebhooksModule],',
      ],
      'src/main.ts': ['  const app = await NestFactory.create(AppModule, { bufferLogs: true, rawBody: true });'],
    },
  ],
  [
    'nest12-ts-esm',
    '',
    [],
    {
      'src/service.module.ts': [
        "import { WebhooksModule } from './webhooks/webhooks.module.js';",
        '@Module({ controllers: [HealthController, EchoController], imports: [WebhooksModule] })',
      ],
      'src/create-app.ts': ['    rawBody: true,'],
    },
  ],
  [
    'nest-fastify-ts',
    '',
    [],
    {
      'src/app/app.module.ts': [
        'import { WebhooksModule } from "../webhooks/webhooks.module"',
        'const imports: NonNullable<Parameters<typeof Module>[0]["imports"]> = [WebhooksModule]',
      ],
      'src/main.ts': ['    rawBody: true,'],
    },
  ],
];

test.each(nests)('%s is wired in the module and in the options', (name, prefix, obstacles, changed) => {
  const host = hostFrom(name);
  const site = frameworks.nest.locate(host);
  expect(site).toMatchObject({ framework: 'nest', prefix, unplaced: null });
  expect('obstacles' in site && site.obstacles.map(({ kind, file }) => `${kind} ${file}`)).toEqual(obstacles);
  expect(changedLines(host)).toEqual(changed);
});

const nexts: [name: string, folder: string, fileName: string | null, obstacles: object[]][] = [
  ['next16-app-ts', 'src/app/api', 'route', []],
  ['next15-app-ts', 'app/api', 'route', [{ kind: 'proxy', file: 'middleware.ts', line: 10, fix: null }]],
  ['next14-pages-js', 'pages/api', null, []],
];

test.each(nexts)('%s takes a file by its place', (name, folder, fileName, obstacles) => {
  const host = hostFrom(name);
  expect(frameworks.next.locate(host)).toMatchObject({
    convention: { folder, prefix: '/api', fileName },
    prefix: '/api',
    obstacles,
  });
  expect(changedLines(host)).toEqual({});
});

const others: [name: string, folder: string, changed: Record<string, string[]>][] = [
  [
    'trpc-express-ts',
    '',
    {
      'src/app.ts': ["import { webhooks } from './webhooks/index.js';", "  app.use('/webhooks', webhooks);"],
    },
  ],
  [
    'workspace-npm',
    'apps/api',
    {
      'src/app.ts': ["import { webhooks } from './webhooks/index.js';", "app.use('/webhooks', webhooks);"],
    },
  ],
  [
    'workspace-yarn',
    'packages/api',
    {
      'lib/app.js': ["const { webhooks } = require('./webhooks')", "app.use('/webhooks', webhooks)"],
    },
  ],
];

test.each(others)('%s is wired where its app is, beside what is layered on it', (name, folder, changed) => {
  expect(changedLines(hostFrom(name, folder))).toEqual(changed);
});

test('workspace-pnpm is wired in its package, whose siblings use a catalog', () => {
  const host = hostFrom('workspace-pnpm', 'packages/api');
  expect(host.profile.workspace.value).toEqual({ role: 'package', catalog: true });
  expect(Object.keys(changedLines(host))).toEqual(['src/app.ts']);
});
