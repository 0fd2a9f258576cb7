import type { Catalogue } from '../edge/catalogue.ts';
import { UserError } from '../errors.ts';
import { readLock } from '../lock/lock.ts';
import type { Lock, Skill, Tree } from '../model.ts';
import { readManifest } from '../skills/load.ts';
import type { Manifest } from '../skills/schema.ts';
import { identityOf, parseSource, type Source } from '../skills/source.ts';
import type { Context } from './context.ts';
import { openSession, type Session } from './session.ts';

/** The skills that a command line names: their ids, and a catalogue that has those that are not ours too. */
export interface Opened {
  names: string[];
  context: Context;
}

/**
 * Opens what a command line names: a source is fetched and stands for its skill from here on; a skill that is not ours
 * and installed is read from its copy in the project. Throws a UserError for what cannot be had or is refused.
 */
export async function openSkills(names: readonly string[], context: Context): Promise<Opened> {
  const sources = new Map(names.map((name) => [name, parseSource(name)]));
  const session = sessionIn(
    context,
    [...sources.values()].some((source) => source !== null),
  );
  if (session === null) return { names: [...names], context };
  const { lock } = readLock(session.tree);
  const fetched: Skill[] = [];
  const ids: string[] = [];
  for (const [name, source] of sources) {
    const skill = source === null ? null : await fetchSkill(source, name, session, lock, context);
    if (skill !== null) fetched.push(skill);
    ids.push(skill?.id ?? name);
  }
  const kept = Object.keys(lock.skills).filter((id) => lock.skills[id]?.source !== undefined);
  if (fetched.length === 0 && kept.length === 0) return { names: ids, context };
  return {
    names: ids,
    context: { ...context, catalogue: await widened(context.catalogue, fetched, session.tree, lock) },
  };
}

/** The project, where there is one; without a source to fetch a command may do without. */
function sessionIn(context: Context, needed: boolean): Session | null {
  try {
    return openSession(context);
  } catch (error) {
    if (needed || !(error instanceof UserError)) throw error;
    return null;
  }
}

async function fetchSkill(
  source: Source,
  text: string,
  session: Session,
  lock: Lock,
  context: Context,
): Promise<Skill> {
  const { fetchSource, rooted } = await import('../edge/sources/index.ts');
  const { loadForeign } = await import('../skills/foreign.ts');
  const at = rooted(source, context.cwd, session.root);
  const { texts, source: found } = await fetchSource(at, text, session.root);
  const skill = loadForeign(found.from, texts, found);
  refuseTaken(skill, context.catalogue);
  refuseOther(skill, at, lock);
  return skill;
}

function refuseTaken({ id, aliases, source }: Skill, catalogue: Catalogue): void {
  const ours = catalogue.manifests().flatMap((manifest) => [manifest.id, ...manifest.aliases]);
  const taken = [id, ...aliases].find((name) => ours.includes(name));
  if (taken === undefined) return;
  throw new UserError(
    `The skill of ${source?.from} is called "${taken}", which is the name of one that ships with backend-skills.`,
    `Add that one (backend-skills add ${taken}), or ask who made the other to rename it.`,
  );
}

/** An id stays with the source it was first added from, so that nobody can take a name over. */
function refuseOther({ id, aliases, source }: Skill, at: Source, lock: Lock): void {
  const recorded = lock.skills[id]?.source;
  const before = recorded === undefined ? null : parseSource(recorded.from);
  if (recorded !== undefined && (before === null || identityOf(before) !== identityOf(at)))
    throw new UserError(
      `"${id}" is here from ${recorded.from}, and ${source?.from} is another source.`,
      `Take the one that is here out first: backend-skills remove ${id}`,
    );
  const other = aliases.find((alias) => alias !== id && lock.skills[alias] !== undefined);
  if (other === undefined) return;
  throw new UserError(
    `"${id}" also calls itself "${other}", which is in this project.`,
    'Ask who made it to rename it.',
  );
}

/** The catalogue with the skills that were just fetched, and with those whose copies lie in the project. */
async function widened(ours: Catalogue, fetched: readonly Skill[], tree: Tree, lock: Lock): Promise<Catalogue> {
  const { readKept } = await import('../lock/kept-skill.ts');
  const kept = Object.entries(lock.skills).filter(
    ([id, { source }]) => source !== undefined && !fetched.some((skill) => skill.id === id),
  );
  // A copy that was changed is refused where it is used, not where others are.
  const whole = kept.flatMap(([id, entry]) => {
    try {
      return [readKept(tree, id, entry)];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
  const here = [...fetched, ...whole];
  return {
    ranges: () => ours.ranges(),
    manifests: () => [...ours.manifests(), ...here.map(manifestOf)],
    skill: (name) => {
      const damaged = kept.find(([id]) => id === name && !whole.some((skill) => skill.id === id));
      if (damaged !== undefined) return readKept(tree, ...damaged);
      return here.find(({ id, aliases }) => id === name || aliases.includes(name)) ?? ours.skill(name);
    },
  };
}

/** A skill's manifest, as it was read. */
const manifestOf = ({ texts }: Skill): Manifest =>
  readManifest(texts.get('skill.json'), (message) => new Error(message));
