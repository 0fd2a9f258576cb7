import { readJson } from '../detect/json.ts';
import type { Host, Json, Op } from '../model.ts';
import { joinPath } from '../text/path.ts';
import { declared } from './wanted.ts';

/** The task that checks one package for drift, by the name that it has in every package. */
export const taskName = 'modules:check';

/** The runner of tasks that a workspace has, by its file. */
export type TaskRunner = 'turbo.json' | 'nx.json';

export const taskRunnerOf = ({ tree }: Pick<Host, 'tree'>): TaskRunner | null =>
  (['turbo.json', 'nx.json'] as const).find((file) => tree.has(file)) ?? null;

/**
 * Ops that let Turborepo or Nx run the check in every package that has modules, and remember what it said while
 * nothing has changed: the task's definition at the root, and a script in each package (from the root).
 */
export function taskOps(host: Host, runner: TaskRunner, packages: readonly string[], version: string): Op[] {
  const run = declared(host).has('backend-skills') ? 'backend-skills' : `npx --yes backend-skills@${version}`;
  return [
    { op: 'json', file: runner, ...definition(host, runner) },
    ...packages.map(
      (folder): Op => ({
        op: 'json',
        file: joinPath(folder, 'package.json'),
        path: ['scripts', taskName],
        value: `${run} check`,
      }),
    ),
  ];
}

function definition({ tree }: Host, runner: TaskRunner): { path: string[]; value: Json } {
  if (runner === 'nx.json')
    return { path: ['targetDefaults', taskName], value: { cache: true, inputs: ['{projectRoot}/**/*'] } };
  // Until its second version Turborepo called the tasks its pipeline.
  const tasks = readJson(tree, runner)?.pipeline === undefined ? 'tasks' : 'pipeline';
  // Its own inputs leave out what git ignores, and hold the lock and the merge bases like every other file.
  return { path: [tasks, taskName], value: { outputs: [] } };
}
