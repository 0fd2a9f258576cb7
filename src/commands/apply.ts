import { join } from 'node:path';
import { gitState } from '../edge/git.ts';
import { install, installCommand, installFiles } from '../edge/shell.ts';
import { transact } from '../edge/transaction.ts';
import { Cancelled, UserError } from '../errors.ts';
import { folder, trustedLock } from '../lock/lock.ts';
import type { Change, Lock, PackageManager, Plan, Tree } from '../model.ts';
import type { Decision } from '../skills/choose.ts';
import { isHashOf } from '../text/hash.ts';
import type { Context } from './context.ts';
import type { Session } from './session.ts';
import { type Baseline, baselineOf, verifyAgainst } from './verify.ts';

interface Planned {
  plan: Plan;
  decisions: readonly Decision[];
}

interface Applying {
  install: boolean;
  keep: boolean;
  verify: boolean;
}

/** One transaction for all the plans of a run, with one install where a dependency changed. Gives what --verify found. */
export async function carryOut(
  verb: string,
  session: Session,
  planned: readonly Planned[],
  options: Applying,
  context: Context,
): Promise<boolean | null> {
  const { root } = session;
  const plans = planned.map(({ plan }) => plan);
  const manager = managerIn(plans);
  const baseline = options.verify ? await baselineOf(session) : null;
  const installs = options.install && manager !== null && (verb !== 'remove' || isInstalled(session));
  const transaction = {
    verb,
    skill: plans.map(({ skill }) => skill).join(' '),
    changes: joined(plans),
    removeEmpty: foldersLeftBy(joined(plans)),
    disk: context.disk,
  };
  const run = () =>
    transact(root, {
      ...transaction,
      snapshotFiles: installs
        ? [...installFiles(manager, root, session.workspaceRoot), join(root, 'package.json')]
        : [],
      during: installs ? (signal) => installing(manager, session, context, signal) : null,
    });
  try {
    await run();
  } catch (error) {
    if (!installs || !options.keep || error instanceof Cancelled) throw error;
    await transact(root, { ...transaction, snapshotFiles: [], during: null });
    throw new UserError(
      `${(error as Error).message} The files were kept (--keep).`,
      `Run ${installCommand(manager)} yourself.`,
    );
  }
  if (manager !== null && !options.install)
    context.terminal.remark(`Dependencies were declared, not installed: ${installCommand(manager)}`);
  return baseline === null ? null : verify(baseline, session, plans, context);
}

/** Where nothing was ever installed, taking a dependency out leaves nothing to do. Yarn may install without a folder. */
export const isInstalled = ({ tree, surroundings }: Pick<Session, 'tree' | 'surroundings'>): boolean =>
  [tree, surroundings.workspace?.tree].some((each) =>
    each?.list('').some((name) => ['node_modules/', '.pnp.cjs'].includes(name)),
  );

async function verify(
  baseline: Baseline,
  session: Session,
  plans: readonly Plan[],
  context: Context,
): Promise<boolean> {
  const failure = await verifyAgainst(baseline, session, plans, context);
  if (failure === null) return true;
  const { undo } = await import('./undo.ts');
  context.terminal.complain(failure);
  const wanted =
    context.terminal.json || (context.terminal.interactive && (await context.terminal.confirm('Take it back?', true)));
  if (wanted) await undo({ dryRun: false, install: true, silent: true }, context);
  throw new UserError(
    wanted
      ? 'The module did not pass the project’s own checks, and was taken back.'
      : 'The module did not pass the project’s own checks.',
    wanted ? 'See the output above.' : 'Take it back with: backend-skills undo',
  );
}

async function installing(
  manager: PackageManager,
  session: Session,
  { terminal }: Context,
  signal: AbortSignal,
): Promise<void> {
  terminal.remark(terminal.paint.dim(`Installing: ${installCommand(manager)}`));
  const onLine = (line: string): void => {
    if (terminal.verbose) terminal.remark(terminal.paint.dim(line));
  };
  await install(manager, { root: session.root, workspaceRoot: session.workspaceRoot, onLine, signal });
}

/** What is not committed yet of what the plans change, and is not as an earlier run of ours left it. */
export async function uncommittedIn({ root, tree }: Session, planned: readonly Planned[]): Promise<string[]> {
  const { dirty } = await gitState(root);
  const ours = new Set(planned.flatMap(({ plan }) => plan.changes.map(({ path }) => path)));
  const lock = trustedLock(tree);
  return dirty.filter((path) => ours.has(path) && !isAsWeLeftIt(path, tree, lock));
}

/** Names what is uncommitted before anything is written (but for what this run wrote itself); asks where somebody can answer. */
export async function confirmDirty(
  session: Session,
  planned: readonly Planned[],
  { force, written = [] }: { force: boolean; written?: readonly string[] },
  { terminal }: Context,
): Promise<void> {
  const touched = (await uncommittedIn(session, planned)).filter((path) => !written.includes(path));
  if (touched.length === 0 || force) return;
  const list = touched.join(', ');
  if (terminal.interactive) {
    if (await terminal.confirm(`Not committed yet, and about to be changed: ${list}. Go on?`, false)) return;
    throw new Cancelled('Stopped. Nothing was changed.');
  }
  throw new UserError(`Not committed yet, and about to be changed: ${list}.`, 'Commit or stash them, or pass --force.');
}

/** What an earlier run of ours has written, and nobody has changed since, needs no commit before the next. */
function isAsWeLeftIt(path: string, tree: Tree, lock: Lock): boolean {
  if (path.startsWith(`${folder}/`)) return true;
  const files = Object.values(lock.skills).flatMap((entry) => entry.files);
  const hash = lock.patched[path] ?? files.find((file) => file.path === path)?.hash;
  const text = tree.read(path);
  return hash !== undefined && text !== null && isHashOf(hash, text);
}

/** The plans of one run as one change per file: the first `before`, the last `after`. */
function joined(plans: readonly Plan[]): Change[] {
  const changes = new Map<string, Change>();
  for (const change of plans.flatMap((plan) => plan.changes)) {
    const before = changes.get(change.path)?.before ?? change.before;
    changes.set(change.path, {
      ...change,
      before: changes.has(change.path) ? (changes.get(change.path)?.before ?? null) : before,
    });
  }
  return [...changes.values()].filter(({ before, after }) => before !== after);
}

/** Folders that may be left empty: the innermost first. */
function foldersLeftBy(changes: readonly Change[]): string[] {
  const deleted = changes.filter(({ after }) => after === null).flatMap(({ path }) => foldersOf(path));
  return [...new Set(deleted)].sort((a, b) => b.length - a.length);
}

const foldersOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'));
};

const managers: readonly string[] = ['npm', 'pnpm', 'yarn', 'bun'];

function managerIn(plans: readonly Plan[]): PackageManager | null {
  const command = plans.flatMap(({ commands }) => commands).find(({ kind }) => kind === 'install')?.text;
  return command !== undefined && managers.includes(command) ? (command as PackageManager) : null;
}
