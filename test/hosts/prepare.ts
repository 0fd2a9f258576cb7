import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from '../services/cache.ts';
import { installFolder } from '../services/install.ts';
import { outsideEnvironment } from '../services/outside.ts';
import type { Fixture, Manifest, SetName } from './fixtures.ts';

/** A copy of a fixture that can be changed, checked and booted. */
export interface Host {
  fixture: Fixture;
  /** The copy's root, absolute: the workspace root where it is a workspace. */
  root: string;
  /** The project's folder, absolute: what `--cwd` would name. */
  folder: string;
  /** What its commands run with: the set's programs on PATH. */
  env: NodeJS.ProcessEnv;
  /** Writes files, by their path in the project's folder. */
  write(files: Iterable<readonly [path: string, text: string]>): void;
  /** Removes the copy. */
  drop(): void;
}

/**
 * Copies a fixture to where the set's dependencies are found by walking up: nothing is installed for it.
 * The set itself is installed the first time. Throws what the installer says.
 */
export async function prepareHost(fixture: Fixture, set: SetName = fixture.set): Promise<Host> {
  const installed = await installSet(set);
  const root = join(installed, 'runs', `${fixture.name}-${randomUUID().slice(0, 8)}`);
  const folder = join(root, fixture.project);
  cpSync(fixture.root, root, { recursive: true, filter: (path) => !/[\\/](node_modules|dist|\.next)$/.test(path) });
  linkSiblings(root);
  return {
    fixture,
    root,
    folder,
    env: hostEnvironment(installed),
    write(files) {
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    drop: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** A set's folder in the cache, with its node_modules; installed once per content and Node major. */
async function installSet(set: SetName): Promise<string> {
  const text = readFileSync(fileURLToPath(new URL(`./sets/${set}/package.json`, import.meta.url)), 'utf8');
  const major = process.versions.node.split('.')[0];
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return cached(join('sets', `${set}-${hash}-node${major}`), async (folder) => {
    writeFileSync(join(folder, 'package.json'), text);
    await installFolder(folder);
    mkdirSync(join(folder, 'runs'));
  });
}

/** What a package manager would do for a workspace: its packages are found by name. */
function linkSiblings(root: string): void {
  for (const group of ['packages', 'apps', 'libs'].filter((name) => existsSync(join(root, name)))) {
    for (const name of readdirSync(join(root, group))) {
      const manifest = join(root, group, name, 'package.json');
      if (!existsSync(manifest)) continue;
      const { name: packageName } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
      if (packageName === undefined) continue;
      const link = join(root, 'node_modules', packageName);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, group, name), link, 'junction');
    }
  }
}

function hostEnvironment(installed: string): NodeJS.ProcessEnv {
  return {
    ...outsideEnvironment(),
    PATH: `${join(installed, 'node_modules', '.bin')}:${process.env.PATH}`,
    NO_COLOR: '1',
    CI: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_IGNORE_INCORRECT_LOCKFILE: '1',
    WRANGLER_SEND_METRICS: 'false',
  };
}
