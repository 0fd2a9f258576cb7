import { UserError } from '../errors.ts';
import { keptFiles, keptPaths } from '../lock/kept.ts';
import { attributesPath, lockPath, writeLock } from '../lock/lock.ts';
import type { Choices, Desire, Host, Lock, LockEntry, Op, Plan, Skill, Tree } from '../model.ts';
import { dependenciesIn } from './dependencies.ts';
import { type Draft, draftOf } from './draft.ts';
import { opKey } from './op-key.ts';
import { applyOps, dropOps } from './ops.ts';
import { withPatched } from './patched.ts';
import { type Policy, reconcile } from './reconcile.ts';

export interface AddInput {
  skill: Skill;
  host: Host;
  lock: Lock;
  choices: Choices;
  /** Formatted by the host's formatter where it has one. */
  desire: Desire;
  stamp: string;
  policy: Policy;
}

/** What must change so that the skill stands in the host as desired. Pure; with nothing to do, `changes` is empty. */
export function planAdd({ skill, host, lock, choices, desire, stamp, policy }: AddInput): Plan {
  const previous = lock.skills[skill.id] ?? null;
  const others = othersIn(lock, skill.id);
  const draft = draftOf(host.tree);
  const files = reconcile(draft, host, desire.files, previous, policy);
  const wanted = new Set(desire.ops.map(opKey));
  const stale = (previous?.ops ?? []).filter(({ op }) => !wanted.has(opKey(op)));
  const dropped = dropOps(draft, stale, others, previous?.created ?? []);
  const applied = applyOps(draft, desire.ops, previous?.ops ?? [], others, policy.goneStays === true);
  const entry: LockEntry = {
    version: skill.version,
    ...(skill.source === undefined ? {} : { source: skill.source }),
    choices,
    stamp,
    files: files.files,
    ops: applied.ops,
    steps: [...desire.steps, ...applied.steps],
    created: createdBy(
      applied.ops.map(({ op }) => op),
      host,
      [previous, ...others],
    ),
  };
  const next: Lock = { ...lock, skills: { ...lock.skills, [skill.id]: entry } };
  keep(draft, host.tree, skill);
  record(draft, withPatched(next, lock, draft, host));
  return {
    verb: 'add',
    skill: skill.id,
    changes: files.conflicts.length > 0 ? [] : draft.changes(),
    entry,
    commands: installsAnew(draft, host, desire.ops)
      ? [{ kind: 'install', text: host.profile.packageManager.value }]
      : [],
    steps: entry.steps,
    obstacles: desire.obstacles,
    endpoints: desire.endpoints,
    methods: desire.methods ?? {},
    notes: [...desire.notes, ...files.notes, ...dropped, ...applied.notes],
    conflicts: files.conflicts,
    open: files.open,
    next: desire.next,
  };
}

export const othersIn = (lock: Lock, id: string): LockEntry[] =>
  Object.entries(lock.skills)
    .filter(([other]) => other !== id)
    .map(([, entry]) => entry);

/** Writes the lock into the draft; without a skill left, everything of ours goes. With other line endings it is the same. */
export function record(draft: Draft, lock: Lock): void {
  const text = writeLock(lock);
  writeAnew(draft, lockPath, text);
  const foreign = Object.values(lock.skills).some(({ source }) => source !== undefined);
  const attributes = `base/** linguist-generated\n${foreign ? 'skills/** linguist-vendored\n' : ''}`;
  writeAnew(draft, attributesPath, text === null ? null : attributes);
}

/** Writes a file of the record, unless it says the same with the line endings of another system. */
function writeAnew(draft: Draft, path: string, text: string | null): void {
  if (text === null || draft.read(path)?.replaceAll('\r\n', '\n') !== text) draft.write(path, text);
}

/** Writes the copy of a skill that is not ours; what an older one had more goes. */
function keep(draft: Draft, tree: Tree, skill: Skill): void {
  if (skill.source === undefined) return;
  const wanted = keptFiles(skill);
  for (const path of keptPaths(tree, skill.id)) if (!wanted.has(path)) draft.write(path, null);
  for (const [path, text] of wanted) {
    // With other line endings it is the same copy.
    if (draft.read(path)?.replaceAll('\r\n', '\n') !== text.replaceAll('\r\n', '\n')) draft.write(path, text);
  }
}

/** Throws a UserError where the plan has conflicts. */
export function refuseConflicts({ conflicts, skill }: Plan): void {
  const first = conflicts[0];
  if (first === undefined) return;
  const list = conflicts.map(({ path, message }) => `${path} ${message}`).join('\n  ');
  throw new UserError(
    `"${skill}" cannot be added without touching files of yours:\n  ${list}`,
    'Rename or remove them, choose another folder with --dir, or pass --force to keep yours as .orig.',
  );
}

/** A file that another entry has made is ours as well: whichever goes last takes it away. */
function createdBy(ops: readonly Op[], host: Host, entries: readonly (LockEntry | null)[]): string[] {
  const made = new Set(entries.flatMap((entry) => entry?.created ?? []));
  const files = ops.map(({ file }) => file).filter((file) => made.has(file) || !host.tree.has(file));
  return [...new Set([...(entries[0]?.created ?? []), ...files])].sort();
}

const installsAnew = (draft: Draft, host: Host, ops: readonly Op[]): boolean =>
  dependenciesIn(ops).size > 0 && draft.read('package.json') !== host.tree.read('package.json');
