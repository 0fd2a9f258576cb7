import { detect } from '../detect/index.ts';
import { UserError } from '../errors.ts';
import { readLock } from '../lock/lock.ts';
import type { Change, Choices, Host, Plan, Skill, Tree } from '../model.ts';
import { type Answer, choicesOf, decide } from '../skills/choose.ts';
import { planAdd } from './add.ts';
import { bareHost } from './bare.ts';
import { check } from './check.ts';
import type { Ranges } from './dependencies.ts';
import { desire, siteOf } from './desire.ts';
import { treeAfter } from './draft.ts';
import { guarded, rangesOf } from './guard.ts';
import { planRemove } from './remove.ts';
import { hostFacts, moduleFolder } from './wanted.ts';

/** A law that a skill breaks on a host. */
export interface Broken {
  law: string;
  choices: Choices;
  detail: string;
}

export type Texts = Readonly<Record<string, string>>;

const stamp = '20260102030405';

/** A host in memory, with its facts. */
export function trialHost(files: Texts, workspace: { files: Texts; folder: string } | null, node: string): Host {
  const tree = treeOf(files);
  const around = workspace && { tree: treeOf(workspace.files), folder: workspace.folder };
  const surroundings = { workspace: around, node, userAgent: null };
  return { tree, surroundings, profile: detect(tree, surroundings) };
}

const nothing: Tree = { list: () => [], has: () => false, read: () => null };
const treeOf = (files: Texts): Tree =>
  treeAfter(
    nothing,
    Object.entries(files).map(([path, after]) => ({ path, before: null, after })),
  );

/** The choices to try on a host: the defaults, and every value of every choice once beside them. */
export function choicesToTry(skill: Skill, host: Host): Choices[] {
  const facts = hostFacts(host, siteOf(host));
  const first = decide(skill, facts, {}, null);
  const asked = first.flatMap(({ name, offered }): Record<string, Answer>[] => {
    const kind = skill.choices[name]?.kind;
    if (kind === 'flag') return [true, false].map((value) => ({ [name]: value }));
    if (kind === 'many') return [...offered.map((value) => ({ [name]: [value] })), { [name]: [...offered] }];
    return kind === 'one' ? offered.map((value) => ({ [name]: value })) : [];
  });
  const all = [first, ...asked.flatMap((answers) => attempt(() => [decide(skill, facts, answers, null)]) ?? [])];
  return [...new Map(all.map((decisions) => [JSON.stringify(choicesOf(decisions)), choicesOf(decisions)])).values()];
}

/** A refusal is an answer here: the combination is not offered. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** Adds, adds again, checks, removes and undoes a skill in memory, and says which laws did not hold. */
export async function lawsBroken(
  skill: Skill,
  host: Host,
  files: Texts,
  choices: Choices,
  ranges: Ranges,
): Promise<Broken[]> {
  const broken: Broken[] = [];
  const expect = (law: string, faults: readonly string[]): void => {
    if (faults.length > 0) broken.push({ law, choices, detail: faults.join('\n') });
  };
  try {
    const added = add(skill, host, choices, ranges);
    expect(
      'nothing of the host’s is in the way',
      added.conflicts.map(({ path, message }) => `${path} ${message}`),
    );
    const after = hostAfter(host, added.changes);
    expect(
      'adding twice changes nothing',
      add(skill, after, choices, ranges).changes.map(({ path }) => path),
    );
    const drift = await check(after, [], { [skill.id]: skill.version });
    expect(
      'nothing has drifted right after',
      drift.flatMap(({ rule, message }) => (rule === 'step-open' ? [] : [message])),
    );
    const removed = planRemove(skill.id, after, readLock(after.tree).lock);
    const without = hostAfter(after, removed.changes);
    expect('removing restores every byte', differences(without.tree, files, [...added.changes, ...removed.changes]));
    expect('removing leaves nothing behind', removed.notes);
    const undone = hostAfter(after, inverted(added.changes));
    expect('undo restores every byte', differences(undone.tree, files, added.changes));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    expect('it can be planned', [error.message]);
  }
  return broken;
}

function add(skill: Skill, host: Host, choices: Choices, ranges: Ranges): Plan {
  const lock = readLock(host.tree).lock;
  const bare = bareHost(host, lock.skills[skill.id] ?? null);
  const dir = moduleFolder(bare, skill.folder);
  const where = { dir, stamp, docs: true };
  const all = { ...ranges, ...rangesOf(skill) };
  const wanted = guarded(skill, () => desire(skill, bare, siteOf(bare), choices, where, all));
  const policy = { force: false, overlap: 'fail' } as const;
  return planAdd({ skill, host, lock, choices: { ...choices, dir, docs: true }, desire: wanted, stamp, policy });
}

const hostAfter = (host: Host, changes: readonly Change[]): Host => ({ ...host, tree: treeAfter(host.tree, changes) });

const inverted = (changes: readonly Change[]): Change[] =>
  changes.map(({ path, before, after }) => ({ path, before: after, after: before }));

function differences(tree: Tree, files: Texts, changes: readonly Change[]): string[] {
  const paths = new Set([...Object.keys(files), ...changes.map(({ path }) => path)]);
  return [...paths].filter((path) => tree.read(path) !== (files[path] ?? null));
}
