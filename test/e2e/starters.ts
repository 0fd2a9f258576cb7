import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { readManifest, type SetName } from '../hosts/fixtures.ts';
import { type Host, outsideEnvironment } from '../hosts/prepare.ts';
import { cached } from '../services/cache.ts';

/** A project as a framework's own command makes it: the package that has the command, and its arguments. */
export interface Starter {
  name: string;
  /** Name and range, as npm takes it. */
  from: string;
  command: readonly string[];
  set: SetName;
}

const project = 'starter-app';
const nest = ['nest', 'new', project, '--skip-git', '--skip-install', '--package-manager', 'npm'];

export const starters = {
  express: {
    name: 'express-generator',
    from: 'express-generator@4',
    command: ['express', '--no-view', project],
    set: 'express4',
  },
  nest11: { name: '@nestjs/cli 11', from: '@nestjs/cli@11', command: nest, set: 'nest11' },
  nest12: { name: '@nestjs/cli 12', from: '@nestjs/cli@12', command: nest, set: 'nest12' },
} as const satisfies Record<string, Starter>;

/** A fresh copy of what the starter's command makes, installed by npm: made once, then kept in the cache. */
export async function prepareStarter({ name, from, command, set }: Starter): Promise<Host> {
  const env = { ...outsideEnvironment(), CI: '1', NO_COLOR: '1' };
  const room = await cached(join('starters', from.replaceAll('/', '-')), async (folder) => {
    const [program = '', ...args] = command;
    const npm = (words: readonly string[], cwd: string) =>
      execa('npm', [...words, '--no-audit', '--no-fund', '--prefer-offline'], { cwd, env, extendEnv: false });
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    await npm(['install', '--prefix', tools, '--ignore-scripts', from], tools);
    await execa(join(tools, 'node_modules/.bin', program), args, {
      cwd: folder,
      env,
      extendEnv: false,
      stdin: 'ignore',
    });
    rmSync(tools, { recursive: true });
    await npm(['install'], join(folder, project));
    mkdirSync(join(folder, 'runs'));
  });
  const root = mkdtempSync(join(room, 'runs/run-'));
  const folder = join(root, project);
  const modules = join(room, project, 'node_modules');
  cpSync(join(room, project), folder, { recursive: true, filter: (path) => path !== modules });
  linkTree(modules, join(folder, 'node_modules'));
  return hostIn(folder, { name, set, env, drop: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }) });
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

/** Copies installed packages by hard links: there are thousands of files, and nothing writes into them. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, copy);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy);
    else linkSync(source, copy);
  }
}
