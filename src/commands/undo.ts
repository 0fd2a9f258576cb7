import { install, installFiles } from '../edge/shell.ts';
import { transact } from '../edge/transaction.ts';
import { forgetQuietly, lastUndo, undoChanges, undoModes } from '../edge/undo.ts';
import { UserError } from '../errors.ts';
import type { Plan } from '../model.ts';
import { planToText } from '../report/plan.ts';
import type { Context, ExitCode } from './context.ts';
import { report } from './document.ts';
import { hostOf, openForWriting, reading } from './session.ts';

export interface UndoOptions {
  dryRun: boolean;
  install: boolean;
  /** True where the undo is part of another command, whose document it is not. */
  silent: boolean;
}

/** Takes back the last applied plan. Throws UserError where there is none, or where its files were edited since. */
export async function undo(options: UndoOptions, context: Context): Promise<ExitCode> {
  const { terminal, disk } = context;
  const session = openForWriting(context);
  const last = reading(session.root, () => lastUndo(session.root, disk));
  const changes = reading(session.root, () => undoChanges(session.root, disk));
  if (last === null)
    throw new UserError('There is nothing to undo here.', 'Run `backend-skills remove <skill>` to take a skill out.');
  const plan: Plan = { ...emptyPlan, skill: last.skill, changes };
  if (!options.silent) terminal.say(planToText(plan, [], terminal.paint, terminal.verbose));
  if (!options.dryRun) {
    const manager = hostOf(session, null).profile.packageManager.value;
    const declared = options.install && last.lockfiles.length > 0;
    await transact(session.root, {
      verb: 'undo',
      disk,
      skill: last.skill,
      changes,
      removeEmpty: last.removeEmpty,
      modes: undoModes(last),
      lockfiles: last.lockfiles,
      snapshotFiles: declared ? installFiles(manager, session.root, session.workspaceRoot) : [],
      during: declared
        ? (signal) => install(manager, { root: session.root, workspaceRoot: session.workspaceRoot, signal })
        : null,
    });
    forgetQuietly(session.root, disk);
    terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} Took back: ${last.verb} ${last.skill}.`);
  }
  if (options.silent) return 0;
  return report('undo', [{ plan }], { applied: !options.dryRun, verified: null, repeat: null }, context);
}

const emptyPlan: Plan = {
  verb: 'undo',
  skill: '',
  changes: [],
  entry: null,
  commands: [],
  steps: [],
  obstacles: [],
  endpoints: [],
  notes: [],
  conflicts: [],
  open: [],
  next: [],
};
