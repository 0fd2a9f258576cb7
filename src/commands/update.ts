import { trustedLock } from '../lock/lock.ts';
import { refuseConflicts } from '../plan/add.ts';
import { planToText } from '../report/plan.ts';
import { installedIds } from '../skills/installed.ts';
import { type AddOptions, planSkills, refuseHomeless } from './add.ts';
import { carryOut, confirmDirty } from './apply.ts';
import type { Context, ExitCode } from './context.ts';
import { report } from './document.ts';
import { hostOf, openForWriting } from './session.ts';
import { agree, refuseUntrusted, sayStrangers, strangersIn } from './trust.ts';

/**
 * Moves modules to the newest template, or to other choices, by a three-way merge: your edits stay. All modules where
 * none is named. Exit code 2 where conflict markers were left.
 */
export async function update(names: readonly string[], options: AddOptions, context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const session = openForWriting(context);
  const installed = Object.keys(trustedLock(session.tree).skills);
  const skills = installedIds(names, installed, catalogue.manifests()).map((id) => catalogue.skill(id));
  const strangers = strangersIn(skills, trustedLock(session.tree));
  refuseUntrusted(skills, strangers, options, context);
  const planned = await planSkills(
    skills,
    refuseHomeless(hostOf(session, options.framework)),
    session,
    options,
    context,
  );
  for (const { plan } of planned) refuseConflicts(plan);
  const changed = planned.filter(({ plan }) => plan.changes.length > 0);
  sayStrangers(strangers, changed, context);
  for (const { plan, decisions } of changed) {
    terminal.say(`\n${planToText(plan, decisions, terminal.paint, terminal.verbose)}`);
  }
  const state = { applied: changed.length > 0 && !options.dryRun, verified: null, repeat: null };
  if (changed.length === 0) terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} Nothing to update.`);
  if (!state.applied) return report('update', planned, state, context);
  await confirmDirty(session, changed, options, context);
  if (terminal.interactive && !(await agree(strangers, context))) return 1;
  const verified = await carryOut('update', session, changed, options, context);
  report('update', planned, { ...state, verified }, context);
  const open = changed.flatMap(({ plan }) => plan.open);
  if (open.length === 0) return 0;
  terminal.complain(`Conflict markers to settle: ${open.join(', ')}.`);
  return 2;
}
