import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A peer's comparable job: one feature added to a small project, nothing installed, nothing asked. */
export interface PeerJob {
  /** The package that does it. */
  peer: string;
  title: string;
  /** Without the program itself. */
  arguments: readonly string[];
  /** The small project: files by path. */
  files: Readonly<Record<string, string>>;
  /** What it must have written, and a piece of that. */
  writes: readonly [path: string, piece: string];
}

const cache = join(tmpdir(), 'backend-skills-bench-peers');
const nestHost = resolve(import.meta.dirname, '../fixtures/nest11-ts-cjs');
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const manifest = json({ name: 'host', version: '0.0.1', private: true, type: 'module' });

const svelteHost = {
  'package.json': json({
    name: 'host',
    version: '0.0.1',
    private: true,
    type: 'module',
    devDependencies: { '@sveltejs/kit': '^2.50.0', svelte: '^5.0.0', typescript: '^5.9.0', vite: '^7.0.0' },
  }),
  'vite.config.ts': [
    "import { sveltekit } from '@sveltejs/kit/vite';",
    "import { defineConfig } from 'vite';",
    'export default defineConfig({ plugins: [sveltekit()] });\n',
  ].join('\n'),
  'svelte.config.js': 'export default { kit: {} };\n',
  'tsconfig.json': '{ "extends": "./.svelte-kit/tsconfig.json" }\n',
  'src/app.html': '<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
  'src/routes/+page.svelte': '<h1>Host</h1>\n',
};

const hook = 'export const hook = (event) => event.id;\n';

export const peerJobs: readonly PeerJob[] = [
  {
    peer: '@nestjs/cli',
    title: 'nest generate module hooks',
    arguments: ['generate', 'module', 'hooks'],
    files: {},
    writes: ['src/app.module.ts', 'HooksModule'],
  },
  {
    peer: 'plop',
    title: 'plop hook (one file, one line of the entry)',
    arguments: ['hook'],
    files: {
      'package.json': manifest,
      'src/app.js': '// hooks\n',
      'plopfile.js': [
        'export default (plop) =>',
        "  plop.setGenerator('hook', { prompts: [], actions: [",
        `    { type: 'add', path: 'src/hook.js', template: ${JSON.stringify(hook)} },`,
        "    { type: 'append', path: 'src/app.js', pattern: '// hooks', template: \"import './hook.js';\" },",
        '  ] });\n',
      ].join('\n'),
    },
    writes: ['src/app.js', "import './hook.js'"],
  },
  {
    peer: 'sv',
    title: 'sv add tailwindcss --no-install',
    arguments: ['add', 'tailwindcss=plugins:none', '--no-install', '--no-git-check', '--no-download-check'],
    files: svelteHost,
    writes: ['vite.config.ts', 'tailwindcss()'],
  },
  {
    peer: 'shadcn',
    title: 'shadcn add ./item.json (one file)',
    arguments: ['add', './item.json', '--yes'],
    files: {
      'package.json': manifest,
      // Beside a components.json it would ask its registry for colours.
      'item.json': json({
        name: 'hook',
        type: 'registry:item',
        files: [{ path: 'src/hook.js', type: 'registry:file', target: '~/src/hook.js', content: hook }],
      }),
    },
    writes: ['src/hook.js', 'hook'],
  },
];

/** Installs the peers once, for all runs on this machine. */
export function installPeers(): void {
  if (existsSync(join(cache, 'node_modules'))) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{"private":true}');
  const names = peerJobs.map(({ peer }) => peer);
  spawnSync('npm', ['install', '--no-audit', '--no-fund', ...names], { cwd: cache, stdio: 'inherit' });
}

/** A peer's program. */
export function binOf(peer: string): string {
  const folder = join(cache, 'node_modules', peer);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return join(folder, typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? ''));
}

/** Writes a peer's project anew. */
export function writeHost({ peer, files }: PeerJob, root: string): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  if (peer === '@nestjs/cli') cpSync(nestHost, root, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Whether a peer did its job in the project. */
export const didIt = ({ writes: [path, piece] }: PeerJob, root: string): boolean =>
  existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8').includes(piece);
