import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { readManifest, type SetName } from '../hosts/fixtures.ts';
import type { Host } from '../hosts/prepare.ts';
import { cached } from '../services/cache.ts';
import { outsideEnvironment } from '../services/outside.ts';
import { nodeOf, programsOf } from '../services/tools.ts';

/** A project as a framework's own command makes it: the package that has the command, and its arguments. */
export interface Starter {
  name: string;
  /** Name and range, as npm takes it. */
  from: string;
  command: readonly string[];
  set: SetName;
  /** What its owner must change before it works at all: a file, a text in it, and the text in its place. */
  repair?: readonly [file: string, text: string, better: string];
  /** The Node that its scripts ask for, where it is not the oldest of ours. */
  node?: 24;
}

/** The host's own install, after the add. */
export const installAgain = 'npm install --no-audit --no-fund --prefer-offline';
const install = installAgain.split(' ').slice(1);

const project = 'starter-app';
const fastify = (...flags: string[]): string[] => ['fastify', 'generate', project, ...flags];
const nest = ['nest', 'new', project, '--skip-git', '--skip-install', '--package-manager', 'npm'];

/** create-hono is not among them: it downloads its templates from elsewhere. */
export const starters = {
  express: {
    name: 'express-generator',
    from: 'express-generator@4',
    command: ['express', '--no-view', project],
    set: 'express4',
  },
  nest11: { name: '@nestjs/cli 11', from: '@nestjs/cli@11', command: nest, set: 'nest11' },
  nest12: { name: '@nestjs/cli 12', from: '@nestjs/cli@12', command: nest, set: 'nest12' },
  fastifyJs: { name: 'fastify-cli', from: 'fastify-cli@8', command: fastify(), set: 'fastify5' },
  fastifyEsm: { name: 'fastify-cli --esm', from: 'fastify-cli@8', command: fastify('--esm'), set: 'fastify5' },
  fastifyTs: {
    name: 'fastify-cli --lang=ts',
    from: 'fastify-cli@8',
    command: fastify('--lang=ts'),
    set: 'fastify5',
    // Its tsconfigs are of TypeScript 5, and its test script has Node expand a pattern.
    repair: ['package.json', '"typescript": "~6.0.2"', '"typescript": "~5.9.3"'],
    node: 24,
  },
  next: {
    // Without --empty its layout downloads fonts while it is built.
    name: 'create-next-app',
    from: 'create-next-app@16',
    command: [
      ...['create-next-app', project, '--ts', '--app', '--empty', '--eslint', '--no-tailwind', '--no-src-dir'],
      ...['--no-react-compiler', '--no-agents-md', '--import-alias', '@/*'],
      ...['--use-npm', '--skip-install', '--disable-git'],
    ],
    set: 'next16',
  },
  t3: {
    name: 'create-t3-app',
    from: 'create-t3-app@7',
    command: ['create-t3-app', project, '--CI', '--noGit', '--noInstall', '--trpc', '--appRouter', '--eslint'],
    set: 'next15',
  },
} as const satisfies Record<string, Starter>;

/** A fresh copy of what the starter's command makes, installed by npm: made once, then kept in the cache. */
export async function prepareStarter(starter: Starter): Promise<Host> {
  const { name, set, node } = starter;
  const env = await environmentOf(node);
  const room = await cached(join('starters', name.replaceAll(/\W+/g, '-').replace(/^-/, '')), (folder) =>
    make(starter, folder, env),
  );
  const root = mkdtempSync(join(room, 'runs/run-'));
  const folder = join(root, project);
  const modules = join(room, project, 'node_modules');
  cpSync(join(room, project), folder, { recursive: true, filter: (path) => path !== modules });
  linkTree(modules, join(folder, 'node_modules'));
  return hostIn(folder, { name, set, env, drop: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }) });
}

async function environmentOf(node: Starter['node']): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...outsideEnvironment(), CI: '1', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' };
  if (node === undefined) return env;
  // Types are checked once, by the compiler, and not again with each test file.
  return { ...env, TS_NODE_TRANSPILE_ONLY: '1', PATH: `${(await nodeOf(node)).folder}:${env.PATH}` };
}

async function make({ from, command, repair }: Starter, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [program = '', ...args] = command;
  const options = { env, extendEnv: false, stdin: 'ignore' } as const;
  await execa(join(await programsOf(from), program), args, { ...options, cwd: folder });
  const cwd = join(folder, project);
  if (repair) {
    const [file, text, better] = repair;
    const before = readFileSync(join(cwd, file), 'utf8');
    if (!before.includes(text)) throw new Error(`${file} of ${from} says no more: ${text}`);
    writeFileSync(join(cwd, file), before.replace(text, better));
  }
  // Twice: of what the first install leaves out, only the second clears npm's list.
  for (const args of [install, install]) await execa('npm', args, { ...options, cwd });
  mkdirSync(join(folder, 'runs'));
}

/** A folder with a project as a host of the harness; its own programs are on PATH, as in `npm run`. */
export function hostIn(
  folder: string,
  { name, set, env, drop }: Pick<Host, 'env' | 'drop'> & { name: string; set: SetName },
): Host {
  const manifest = readManifest(folder);
  if (manifest === null) throw new Error(`${name} made no package.json.`);
  return {
    fixture: { name, root: folder, project: '', set, manifest, health: '/', echo: '/' },
    root: folder,
    folder,
    env: { ...env, PATH: `${join(folder, 'node_modules/.bin')}:${env.PATH}` },
    write() {
      throw new Error('Only the installed program writes here.');
    },
    drop,
  };
}

/** Copies installed packages by hard links: there are thousands of files, and nothing writes into them but npm its own list. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, copy);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy);
    else if (entry.name === '.package-lock.json') cpSync(source, copy);
    else linkSync(source, copy);
  }
}
