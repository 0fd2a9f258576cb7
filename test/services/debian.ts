import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from './cache.ts';

/** Packages that every system has, or that only matter to an installed service. */
const systemPackages = /^(libc6|libgcc|libstdc|lsb-base|adduser|sysvinit-utils|init-system-helpers|libelogind|<)/;

/**
 * Redis from the distribution's own packages, unpacked into the cache: no root, nothing installed.
 * Where that fails and we are root, installed. Throws what apt says.
 */
export async function debianRedis(): Promise<{ file: string; libraries: string | null }> {
  try {
    const folder = await cached('redis-debian', unpackRedis);
    return { file: join(folder, 'usr', 'bin', 'redis-server'), libraries: libraryFolder(folder) };
  } catch (error) {
    if (process.getuid?.() !== 0) throw error;
    await execa('apt-get', ['update', '-qq'], { reject: false });
    const installed = await execa('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      reject: false,
    });
    if (installed.failed) throw error;
    return { file: '/usr/bin/redis-server', libraries: null };
  }
}

async function unpackRedis(folder: string): Promise<void> {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  // The system's package lists may be missing (slim images) or old: then lists of our own, which need no root either.
  const ours = await download(packages, []).catch(() =>
    ownLists(folder).then((options) => download(packages, options)),
  );
  for (const name of ours) await execa('dpkg-deb', ['-x', join(packages, name), folder]);
  const server = join(folder, 'usr', 'bin', 'redis-server');
  await execa(server, ['--version'], { env: { LD_LIBRARY_PATH: libraryFolder(folder) } });
  for (const name of ['packages', 'lists', 'apt']) rmSync(join(folder, name), { recursive: true, force: true });
}

async function download(folder: string, options: readonly string[]): Promise<string[]> {
  const kinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances', 'pre-depends'].map(
    (kind) => `--no-${kind}`,
  );
  const { stdout } = await execa('apt-cache', [...options, 'depends', ...kinds, 'redis-server', 'redis-tools']);
  const needed = [...stdout.matchAll(/Depends: (\S+)/g)].flatMap(([, name]) => name ?? []);
  const names = new Set(['redis-server', 'redis-tools', ...needed.filter((name) => !systemPackages.test(name))]);
  await execa('apt-get', [...options, '-o', 'APT::Sandbox::User=', 'download', ...names], { cwd: folder });
  return readdirSync(folder).filter((name) => name.endsWith('.deb'));
}

async function ownLists(folder: string): Promise<string[]> {
  const lists = join(folder, 'lists');
  const cache = join(folder, 'apt');
  for (const path of [lists, cache]) mkdirSync(join(path, 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'APT::Sandbox::User='];
  await execa('apt-get', [...options, 'update', '-qq']);
  return options;
}

/** Debian puts libraries in usr/lib/<machine>, older ones in lib/<machine>. */
function libraryFolder(folder: string): string {
  const roots = [join(folder, 'usr', 'lib'), join(folder, 'lib')].filter((path) => existsSync(path));
  const folders = roots.flatMap((root) => [
    root,
    ...readdirSync(root)
      .filter((name) => name.includes('-linux-'))
      .map((name) => join(root, name)),
  ]);
  return folders.join(':');
}
