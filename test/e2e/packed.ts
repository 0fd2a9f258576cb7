import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { outsideEnvironment } from '../services/outside.ts';

const repository = resolve(import.meta.dirname, '../..');

/** What npm says about the tarball that it made. */
export interface Contents {
  filename: string;
  size: number;
  unpackedSize: number;
  files: readonly { path: string }[];
}

/** How a run of the program ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The package as a user gets it: packed, and installed by npm in a folder of its own. */
export interface Packed {
  /** The folder that it was installed in. */
  folder: string;
  contents: Contents;
  /** What npm printed while it installed. */
  installed: string;
  /** Runs the installed program, with what is added to its environment; never throws, whatever its exit code. */
  run(args: readonly string[], cwd?: string, more?: NodeJS.ProcessEnv): Promise<Ran>;
  drop(): void;
}

/** Packs what the build left in dist and installs the tarball. Throws what npm says. */
export async function installPacked(): Promise<Packed> {
  const room = mkdtempSync(join(tmpdir(), 'backend-skills-packed-'));
  const folder = join(room, 'empty');
  mkdirSync(folder);
  const env = { ...outsideEnvironment(), CI: '1', NO_COLOR: '1' };
  const npm = (args: readonly string[], cwd: string) => execa('npm', args, { cwd, env, extendEnv: false, all: true });
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', room], repository);
  const [contents] = JSON.parse(stdout) as [Contents];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const { all } = await npm(['install', '--no-audit', '--no-fund', join(room, contents.filename)], folder);
  const program = join(folder, 'node_modules/.bin/backend-skills');
  return {
    folder,
    contents,
    installed: all,
    async run(args, cwd = folder, more = {}) {
      const options = { cwd, env: { ...env, ...more }, extendEnv: false, reject: false, stdin: 'ignore' } as const;
      const { exitCode, stdout, stderr } = await execa(program, args, options);
      return { code: exitCode ?? -1, stdout, stderr };
    },
    drop: () => rmSync(room, { recursive: true, force: true, maxRetries: 5 }),
  };
}
