import { trustedLock } from '../lock/lock.ts';
import { treeAfter } from '../plan/draft.ts';
import { planRemove } from '../plan/remove.ts';
import { planToText } from '../report/plan.ts';
import { installedIds } from '../skills/installed.ts';
import type { Planned } from './add.ts';
import { carryOut, uncommittedIn } from './apply.ts';
import type { Context, ExitCode } from './context.ts';
import { report } from './document.ts';
import { hostOf, openForWriting } from './session.ts';

export interface RemoveOptions {
  dryRun: boolean;
  install: boolean;
  keep: boolean;
}

/** Takes skills out: the exact reverse of what the lock records. Throws UserError for a skill that is not here. */
export async function remove(names: readonly string[], options: RemoveOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const session = openForWriting(context);
  let host = hostOf(session, null);
  const planned: Planned[] = [];
  for (const name of names) {
    const lock = trustedLock(host.tree);
    const plan = planRemove(
      installedIds([name], Object.keys(lock.skills), context.catalogue.manifests())[0] ?? name,
      host,
      lock,
    );
    planned.push({ plan, decisions: [] });
    host = { ...host, tree: treeAfter(host.tree, plan.changes) };
  }
  for (const { plan } of planned) terminal.say(planToText(plan, [], terminal.paint, terminal.verbose));
  const uncommitted = await uncommittedIn(session, planned);
  if (uncommitted.length > 0)
    terminal.remark(
      `\n${terminal.paint.mark.warn} Not committed yet, and about to be changed: ${uncommitted.join(', ')}.`,
    );
  if (!options.dryRun) {
    if (terminal.interactive && !(await terminal.confirm('Take these out?', true))) return 1;
    await carryOut('remove', session, planned, { ...options, verify: false }, context);
    terminal.say(`\n${terminal.paint.green(terminal.paint.mark.done)} Removed ${names.join(', ')}.`);
  }
  return report('remove', planned, { applied: !options.dryRun, verified: null, repeat: null }, context);
}
