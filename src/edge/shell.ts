import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../errors.ts';
import type { PackageManager } from '../model.ts';
import { factsOf, realFiles } from './files.ts';
import { lockfilesOf } from './lockfiles.ts';

/** Where to install, and who listens. `signal` stops it. */
export interface Installation {
  root: string;
  workspaceRoot: string | null;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
  env?: Readonly<Record<string, string>>;
}

const commands: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['install', '--no-audit', '--no-fund'],
  pnpm: ['install', '--no-frozen-lockfile'],
  yarn: ['install'],
  bun: ['install'],
};

// In CI some refuse to change their lockfile, which is what an install after a new dependency does.
const environment = {
  YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
  NPM_CONFIG_FROZEN_LOCKFILE: 'false',
  FORCE_COLOR: '0',
  NO_COLOR: '1',
};

const shownLines = 15;

/** The command as a person would type it. */
export const installCommand = (manager: PackageManager): string => `${manager} install`;

/** The files that an install may change, absolute: in the project and, for a package of a workspace, at its root. */
export function installFiles(manager: PackageManager, root: string, workspaceRoot: string | null): string[] {
  const folders = workspaceRoot === null ? [root] : [workspaceRoot, root];
  return folders.flatMap((folder) => lockfilesOf[manager].map((name) => join(folder, name)));
}

/**
 * Installs with the host's package manager, asking nothing. Throws UserError with the end of its output where it
 * fails, or where it is not there.
 */
export async function install(
  manager: PackageManager,
  { root, workspaceRoot, onLine, signal, env }: Installation,
): Promise<void> {
  const tail: string[] = [];
  const child = execa(manager, [...commands[manager]], {
    cwd: folderFor(manager, root, workspaceRoot),
    stdin: 'ignore',
    all: true,
    reject: false,
    env: { ...environment, ...env },
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  for await (const line of child.iterable({ from: 'all' })) {
    tail.push(line);
    if (tail.length > shownLines) tail.shift();
    onLine?.(line);
  }
  const { failed, code, exitCode, isCanceled } = await child;
  if (!failed) return;
  if (isCanceled) throw new UserError(`\`${installCommand(manager)}\` was stopped.`, 'Run the command again.');
  throw code === 'ENOENT' ? absent(manager) : unsuccessful(manager, exitCode ?? null, tail);
}

const absent = (manager: PackageManager): UserError =>
  new UserError(
    `This project uses ${manager}, which is not on your PATH.`,
    `Install ${manager}, or add --no-install and install yourself.`,
  );

const unsuccessful = (manager: PackageManager, exitCode: number | null, tail: readonly string[]): UserError =>
  new UserError(
    [
      `\`${installCommand(manager)}\` failed (exit code ${exitCode ?? 'none'}). Its last lines:`,
      ...tail.map((line) => `  ${line}`),
    ].join('\n'),
    hintFor(tail.join('\n'), manager),
  );

function hintFor(output: string, manager: PackageManager): string {
  if (/ERESOLVE/.test(output)) return 'Settle the conflicting versions that npm names, then run the command again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(output)) {
    return 'Check your connection, then run the command again, or add --no-install.';
  }
  if (/ERR_PNPM_IGNORED_BUILDS|approve-builds/.test(output))
    return 'Run `pnpm approve-builds`, then run the command again.';
  if (/ENOSPC/.test(output)) return 'Free some disk space, then run the command again.';
  return `Make \`${installCommand(manager)}\` work by itself, then run the command again.`;
}

// A workspace is installed from its root, unless the package keeps a lockfile of its own.
function folderFor(manager: PackageManager, root: string, workspaceRoot: string | null): string {
  if (workspaceRoot === null) return root;
  const own = lockfilesOf[manager].some(
    (name) => name.includes('lock') && factsOf(realFiles, join(root, name)) !== null,
  );
  return own ? root : workspaceRoot;
}
