import type { Host } from '../../model.ts';
import { declared } from '../wanted.ts';

/** What a workflow must know of the project that it checks. */
export interface CiProject {
  /** From the repository's root; '' for the root itself. */
  folder: string;
  /** Whether it is a workspace whose packages are checked in one run. */
  workspace: boolean;
  /** The file that names Node's version; null where none does. */
  nodeFile: string | null;
  /** What installs and runs us. `setup`: the action that brings the package manager, where Node does not. */
  commands: { setup: string | null; install: string | null; run: string };
}

/** Used where the project names no version of Node: the oldest that is still looked after. */
export const fallbackNode = '22';

/**
 * How CI runs us: through the project's own package manager where the project depends on us, so that its lockfile
 * decides the version; else by itself in the version that wrote the workflow, with nothing to install.
 */
export function ciProject(host: Host, folder: string, version: string): CiProject {
  const { profile, tree } = host;
  const own = declared(host).has('backend-skills');
  return {
    folder,
    workspace: profile.workspace.value?.role === 'root',
    nodeFile: ['.nvmrc', '.node-version'].find((name) => tree.has(name)) ?? null,
    commands: own ? ownCommands(host) : { setup: null, install: null, run: `npx --yes backend-skills@${version}` },
  };
}

function ownCommands({ profile, tree }: Host): CiProject['commands'] {
  const berry = tree.has('.yarnrc.yml') || /"packageManager":\s*"yarn@(?!1\.)/.test(tree.read('package.json') ?? '');
  switch (profile.packageManager.value) {
    case 'npm':
      return { setup: null, install: 'npm ci', run: 'npx --no backend-skills' };
    case 'pnpm':
      return {
        setup: 'pnpm/action-setup@v4',
        install: 'pnpm install --frozen-lockfile',
        run: 'pnpm exec backend-skills',
      };
    case 'yarn':
      return {
        setup: null,
        install: berry ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
        run: 'yarn run backend-skills',
      };
    case 'bun':
      return { setup: 'oven-sh/setup-bun@v2', install: 'bun install --frozen-lockfile', run: 'bunx backend-skills' };
  }
}

/** The two runs of a pipeline. */
export const runsOf = ({ commands: { run }, workspace }: CiProject): { check: string; doctor: string } => ({
  check: `${run} check${workspace ? ' --all' : ''}`,
  doctor: `${run} doctor`,
});
