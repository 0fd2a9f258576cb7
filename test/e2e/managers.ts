import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { outsideEnvironment } from '../services/outside.ts';
import { bunPrograms, programsOf } from '../services/tools.ts';

/** A package manager, as its users have it. */
export interface Manager {
  name: string;
  command: 'pnpm' | 'yarn' | 'bun';
  /** The folder to put on PATH. */
  programs(): Promise<string>;
  lockfile: string;
  /** Whether a workspace is tried, too. */
  workspaces: boolean;
  /** How a package names a sibling. */
  sibling: string;
  /** Its own files at the root of a project. */
  settings: Readonly<Record<string, string>>;
  /** What makes it ask a registry that refuses, and nothing that it has kept. */
  refused(empty: string): Readonly<Record<string, string>>;
}

const nowhere = 'http://127.0.0.1:1/';

const pnpm: Manager = {
  name: 'pnpm 10',
  command: 'pnpm',
  programs: () => programsOf('pnpm@10'),
  lockfile: 'pnpm-lock.yaml',
  workspaces: true,
  sibling: 'workspace:*',
  settings: {},
  refused: (empty) => ({
    npm_config_registry: nowhere,
    npm_config_store_dir: empty,
    npm_config_cache_dir: empty,
    npm_config_fetch_retries: '0',
  }),
};

const yarn1: Manager = {
  name: 'yarn 1',
  command: 'yarn',
  programs: () => programsOf('yarn@1.22.22'),
  lockfile: 'yarn.lock',
  workspaces: true,
  sibling: '*',
  settings: {},
  refused: (empty) => ({ YARN_REGISTRY: nowhere, YARN_CACHE_FOLDER: empty }),
};

const yarn4: Manager = {
  name: 'yarn 4',
  command: 'yarn',
  programs: () => programsOf('@yarnpkg/cli-dist@4'),
  lockfile: 'yarn.lock',
  workspaces: true,
  sibling: 'workspace:*',
  settings: { '.yarnrc.yml': 'nodeLinker: node-modules\n' },
  refused: (empty) => ({
    YARN_NPM_REGISTRY_SERVER: nowhere,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_HTTP_RETRY: '0',
    YARN_CACHE_FOLDER: empty,
    YARN_GLOBAL_FOLDER: empty,
  }),
};

const pnp: Manager = {
  ...yarn4,
  name: 'yarn 4 (Plug’n’Play)',
  workspaces: false,
  settings: { '.yarnrc.yml': 'nodeLinker: pnp\n' },
};

const bun: Manager = {
  name: 'bun',
  command: 'bun',
  programs: bunPrograms,
  lockfile: 'bun.lock',
  workspaces: true,
  sibling: 'workspace:*',
  settings: {},
  refused: (empty) => ({ BUN_CONFIG_REGISTRY: nowhere, npm_config_registry: nowhere, BUN_INSTALL_CACHE_DIR: empty }),
};

export const managers: readonly Manager[] = [pnpm, yarn1, yarn4, pnp, bun];

/** A project on disk that its manager has installed. */
export interface Managed {
  root: string;
  /** The package that gets the skills. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Runs the manager in the package. */
  run(args: readonly string[]): Promise<{ ok: boolean; output: string }>;
  drop(): void;
}

const server = `import express from 'express';

const app = express();

app.use(express.json());
app.get('/', (_request, response) => response.json({ fine: true }));

app.listen(process.env.PORT ?? 3000);
`;

const manifest = (fields: object): string =>
  `${JSON.stringify({ version: '1.0.0', private: true, ...fields }, null, 2)}\n`;

const api = (dependencies: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  'package.json': manifest({
    name: 'api',
    type: 'module',
    scripts: { start: 'node server.js', test: 'node --test' },
    dependencies: { express: '^5.0.0', ...dependencies },
  }),
  'server.js': server,
  'test/first.test.js': "import { test } from 'node:test';\n\ntest('runs', () => {});\n",
});

/** An Express project, alone or as a package of a workspace, installed by its manager. Throws what that says. */
export async function projectOf(manager: Manager, kind: 'package' | 'workspace'): Promise<Managed> {
  const root = mkdtempSync(join(tmpdir(), 'backend-skills-managed-'));
  const isWorkspace = kind === 'workspace';
  const folder = isWorkspace ? join(root, 'packages/api') : root;
  const files = isWorkspace ? workspaceOf(manager) : api({});
  for (const [path, text] of Object.entries({ ...files, ...manager.settings })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const outside = { ...outsideEnvironment(), CI: '1', NO_COLOR: '1', YARN_ENABLE_TELEMETRY: '0' };
  const env: NodeJS.ProcessEnv = { ...outside, PATH: `${await manager.programs()}:${process.env.PATH}` };
  // A first install makes the lockfile, which yarn 4 does not do in CI.
  await execa(manager.command, ['install'], {
    cwd: root,
    env: { ...env, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
    extendEnv: false,
  });
  return {
    root,
    folder,
    env,
    async run(args) {
      const options = { cwd: folder, env, extendEnv: false, reject: false, all: true } as const;
      const { failed, all } = await execa(manager.command, args, options);
      return { ok: !failed, output: all };
    },
    drop: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function workspaceOf({ command, sibling }: Manager): Readonly<Record<string, string>> {
  const inApi = Object.entries(api({ words: sibling })).map(([path, text]) => [`packages/api/${path}`, text]);
  const workspaces = command === 'pnpm' ? {} : { workspaces: ['packages/*'] };
  return {
    'package.json': manifest({ name: 'shop', ...workspaces }),
    ...(command === 'pnpm' ? { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' } : {}),
    'packages/words/package.json': manifest({ name: 'words', type: 'module', exports: './index.js' }),
    'packages/words/index.js': "export const hello = 'hello';\n",
    ...Object.fromEntries(inApi),
  };
}
