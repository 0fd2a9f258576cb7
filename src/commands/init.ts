import pkg from '../../package.json' with { type: 'json' };
import { packagesWithLock } from '../edge/packages.ts';
import { belowRepository } from '../edge/repository.ts';
import { UserError } from '../errors.ts';
import { planInit } from '../plan/init.ts';
import { nextToText, planToText } from '../report/plan.ts';
import { isSafePath } from '../text/path.ts';
import { carryOut } from './apply.ts';
import type { Context, ExitCode } from './context.ts';
import { report } from './document.ts';
import { hostOf, openForWriting, type Session } from './session.ts';

export interface InitOptions {
  ci: 'github' | 'gitlab' | null;
  /** The task of Turborepo or Nx. */
  tasks: boolean;
  folder: string | null;
  dryRun: boolean;
}

/** Writes the project's settings, and on request the workflow and the task. Overwrites nothing. */
export async function init(options: InitOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const session = openForWriting(context);
  refuseMisplaced(options, session);
  const host = hostOf(session, null);
  const isRoot = host.profile.workspace.value?.role === 'root';
  const plan = planInit(host, {
    ...options,
    version: pkg.version,
    below: belowRepository(session.root),
    packages: isRoot ? packagesWithLock(session.root).packages.map(({ folder }) => folder) : [''],
  });
  if (plan.conflicts.length > 0) {
    const list = plan.conflicts.map(({ path, message }) => `${path} ${message}`).join('\n  ');
    throw new UserError(`Nothing was written:\n  ${list}`, 'Move it out of the way, then run the command again.');
  }
  const planned = [{ plan, decisions: [] }];
  const applies = plan.changes.length > 0 && !options.dryRun;
  terminal.say(planToText(plan, [], terminal.paint, terminal.verbose));
  if (plan.changes.length === 0) terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} Nothing to write.`);
  if (applies) {
    if (terminal.interactive && !(await terminal.confirm('Write these?', true))) return 1;
    await carryOut('init', session, planned, { install: false, keep: false, verify: false }, context);
    const written = plan.changes.map(({ path }) => path).join(', ');
    terminal.say(`\n${terminal.paint.green(terminal.paint.mark.done)} Wrote ${written}.`);
    if (plan.next.length > 0) terminal.say(nextToText(plan.next, terminal.paint));
  }
  return report('init', planned, { applied: applies, verified: null, repeat: null }, context);
}

function refuseMisplaced({ ci, tasks, folder }: InitOptions, { workspaceRoot }: Session): void {
  if (folder !== null && !isSafePath(folder))
    throw new UserError(`--folder ${folder} is not a folder in this project.`, 'Give a path such as src/modules.');
  if (workspaceRoot === null || (ci === null && !tasks)) return;
  throw new UserError(
    `${ci === null ? 'Tasks are' : 'A workflow is'} for the whole workspace, and this is one package of it.`,
    `Run it at the root: --cwd ${workspaceRoot}`,
  );
}
