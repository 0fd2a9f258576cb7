import { readLock } from '../../src/lock/lock.ts';
import type { Change, Host, Plan, Skill } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { bareHost } from '../../src/plan/bare.ts';
import { check } from '../../src/plan/check.ts';
import type { Ranges } from '../../src/plan/dependencies.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import type { Policy } from '../../src/plan/reconcile.ts';
import { hostFacts, moduleFolder } from '../../src/plan/wanted.ts';
import { type Answer, choicesOf, decide } from '../../src/skills/choose.ts';
import { catalogue, hostFor } from '../fixtures.ts';

/** A whole project, by path. */
export type Texts = Readonly<Record<string, string>>;

interface Wishes {
  asked?: Readonly<Record<string, Answer>>;
  overlap?: Policy['overlap'];
  ranges?: Ranges;
}

const stamp = '20260102030405';

const hostOf = (files: Texts): Host => hostFor({ files, workspace: null });

/** The plan that adds a skill to a project, or updates it there, as the commands make it (without the host's formatter). */
export function move(
  skill: Skill,
  files: Texts,
  { asked = {}, overlap = 'markers', ranges = catalogue.ranges() }: Wishes = {},
): Plan {
  const host = hostOf(files);
  const { lock, fault } = readLock(host.tree);
  if (fault !== null) throw new Error(fault.message);
  const previous = lock.skills[skill.id] ?? null;
  const bare = bareHost(host, previous);
  const site = siteOf(bare);
  const recorded =
    previous === null
      ? null
      : Object.fromEntries(Object.entries(previous.choices).filter(([name]) => asked[name] === undefined));
  const answers = choicesOf(decide(skill, hostFacts(bare, site), asked, recorded));
  const dir = String(previous?.choices.dir ?? moduleFolder(bare, skill.folder));
  const choices = { ...answers, dir, docs: false };
  const when = previous?.stamp ?? stamp;
  const wanted = desire(skill, bare, site, choices, { dir, stamp: when, docs: false }, ranges);
  const policy = { force: false, overlap, goneStays: true };
  return planAdd({ skill, host, lock, choices, desire: wanted, stamp: when, policy });
}

/** The project after a plan. */
export function after(files: Texts, { changes }: { changes: readonly Change[] }): Texts {
  const next = new Map(Object.entries(files));
  for (const { path, after: text } of changes) {
    if (text === null) next.delete(path);
    else next.set(path, text);
  }
  return Object.fromEntries([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The project as it was before a plan, from how it is after it. */
export const undone = (files: Texts, { changes }: { changes: readonly Change[] }): Texts =>
  after(files, { changes: changes.map(({ path, before, after: text }) => ({ path, before: text, after: before })) });

/** What check finds, as `rule path`, sorted; `skill` is the newest there is. */
export async function drift(files: Texts, skill: Skill): Promise<string[]> {
  const found = await check(hostOf(files), [], { [skill.id]: skill.version });
  return found.map(({ rule, path }) => `${rule} ${path}`).sort();
}
