import { basePath, trustedLock } from '../lock/lock.ts';
import type { LockedFile, Tree } from '../model.ts';
import { changeLines } from '../report/change.ts';
import { toJson } from '../report/json.ts';
import { diffToText } from '../report/plan.ts';
import { type StandingChange, standingsIn, standingWords } from '../report/standing.ts';
import { installedIds } from '../skills/installed.ts';
import { isHashOf } from '../text/hash.ts';
import type { Context, ExitCode } from './context.ts';
import { hostOf, openSession, type Session } from './session.ts';

export interface DiffOptions {
  /** What an update would change, instead of what you have changed. */
  update: boolean;
  /** Long output goes through the pager. */
  pager: boolean;
}

/**
 * What you have changed in our modules since they were written (base against disk), or what an update would change
 * (disk against the newest). Exit code 1 where there is a difference. Files that were yours from the start (handlers)
 * are left out.
 */
export async function diff(names: readonly string[], options: DiffOptions, context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const session = openSession(context);
  const ids = installedIds(names, Object.keys(trustedLock(session.tree).skills), catalogue.manifests());
  const changes = options.update ? await updatesOf(ids, session, context) : editsOf(ids, session.tree);
  if (terminal.json) {
    const files = changes.map((change) => ({
      skill: change.skill,
      path: change.path,
      standing: change.standing,
      diff: changeLines(change, 3).join('\n'),
    }));
    const against = options.update ? ('update' as const) : ('written' as const);
    terminal.document(toJson('diff', { schema: 'backend-skills/diff/1', against, files }));
  } else if (changes.length === 0) {
    const clean = options.update ? 'Nothing to update.' : 'No edits: every file is as it was written.';
    terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} ${clean}`);
  } else {
    const text = changes.map((change) => changeToText(change, context)).join('\n\n');
    if (options.pager) await terminal.page(text);
    else terminal.say(text);
  }
  return changes.length > 0 ? 1 : 0;
}

function changeToText(change: StandingChange, { terminal: { paint } }: Context): string {
  const [head = '', ...lines] = diffToText(change, paint).split('\n');
  return [`${head}  ${paint.dim(`(${change.skill}: ${standingWords[change.standing]})`)}`, ...lines].join('\n');
}

const editsOf = (ids: readonly string[], tree: Tree): StandingChange[] =>
  Object.entries(trustedLock(tree).skills)
    .filter(([id]) => ids.includes(id))
    .flatMap(([id, { files }]) => files.flatMap((file) => editOf(tree, id, file)));

function editOf(tree: Tree, skill: string, { path, hash, kind }: LockedFile): StandingChange[] {
  if (kind === 'owned') return [];
  const after = tree.read(path);
  if (after !== null && isHashOf(hash, after)) return [];
  const before = tree.read(basePath(path));
  if (before === null && after === null) return [];
  return [{ skill, path, before, after, standing: after === null ? 'missing' : 'edited' }];
}

/** The plan that `update` would carry out, with markers where both have changed a line. Asks nothing. */
async function updatesOf(ids: readonly string[], session: Session, context: Context): Promise<StandingChange[]> {
  // Only here: what plans an update takes longer to load than a comparison takes to run.
  const { planSkills, refuseHomeless } = await import('./add.ts');
  const { updateOptions } = await import('./flags.ts');
  const { skills } = trustedLock(session.tree);
  const quiet: Context = { ...context, terminal: { ...context.terminal, interactive: false } };
  const planned = await planSkills(
    ids.map((id) => context.catalogue.skill(id)),
    refuseHomeless(hostOf(session, null)),
    session,
    updateOptions({}, ids, context.catalogue),
    quiet,
  );
  return planned.flatMap(({ plan }) => {
    const previous = skills[plan.skill];
    return previous === undefined ? [] : standingsIn(plan, previous);
  });
}
