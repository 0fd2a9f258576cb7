import { faultInKept, keptFolder, keptPaths } from '../lock/kept.ts';
import type { Host, Lock, LockEntry, Plan, Tree } from '../model.ts';
import { othersIn, record } from './add.ts';
import { dependenciesIn } from './dependencies.ts';
import { type Draft, draftOf } from './draft.ts';
import { inherit } from './inherit.ts';
import { dropOps } from './ops.ts';
import { withPatched } from './patched.ts';
import { takeAway } from './reconcile.ts';

/** The exact reverse of what the lock records for a skill. The user's own edits are kept and named. Pure. */
export function planRemove(id: string, host: Host, lock: Lock): Plan {
  const entry = lock.skills[id];
  if (entry === undefined) throw new Error(`"${id}" is not in the lock.`);
  const others = othersIn(lock, id);
  const draft = draftOf(host.tree);
  const notes: string[] = [];
  for (const file of entry.files) takeAway(draft, file, notes);
  const stillCreated = new Set(others.flatMap(({ created }) => created));
  notes.push(
    ...dropOps(
      draft,
      entry.ops,
      others,
      entry.created.filter((file) => !stillCreated.has(file)),
    ),
  );
  notes.push(...letGo(draft, host.tree, id, entry));
  const { [id]: _, ...skills } = lock.skills;
  record(draft, withPatched({ ...lock, skills: inherit(skills, entry.ops) }, lock, draft, host));
  const declares = dependenciesIn(entry.ops.filter(({ standing }) => standing === 'done').map(({ op }) => op)).size > 0;
  return {
    verb: 'remove',
    skill: id,
    changes: draft.changes(),
    entry: null,
    commands: declares ? [{ kind: 'install', text: host.profile.packageManager.value }] : [],
    steps: entry.steps.map((step) => ({ ...step, title: `Take out by hand what you pasted: ${step.title}` })),
    obstacles: [],
    endpoints: [],
    notes,
    conflicts: [],
    open: [],
    next: [],
  };
}

/** Takes the copy of a skill that is not ours away; one that is not as we wrote it stays, and is named. */
function letGo(draft: Draft, tree: Tree, id: string, { source }: LockEntry): string[] {
  const paths = source === undefined ? [] : keptPaths(tree, id);
  if (source === undefined || paths.length === 0) return [];
  if (faultInKept(tree, id, source) !== null) return [`${keptFolder(id)}: kept, because it was changed.`];
  for (const path of paths) draft.write(path, null);
  return [];
}
