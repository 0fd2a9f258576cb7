import type { PackageManager } from '../model.ts';

/** The files each package manager keeps its resolution in. */
export const lockfilesOf: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  pnpm: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  yarn: ['yarn.lock', '.yarnrc.yml', '.pnp.cjs', '.pnp.loader.mjs'],
  bun: ['bun.lock', 'bun.lockb'],
};

/** All of them. */
export const lockfileNames: readonly string[] = Object.values(lockfilesOf).flat();
