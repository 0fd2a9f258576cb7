import { UserError } from '../errors.ts';
import type { Lock, Plan, Skill } from '../model.ts';
import { foreignToText } from '../report/foreign.ts';
import type { Context } from './context.ts';

interface Trusting {
  yes: boolean;
  dryRun: boolean;
  /** The sha256 that the content must have, or its first 12 digits and more. */
  trust: string | null;
}

/** The skills of a run that are not ours and that nobody has agreed to yet: the lock does not name their content. */
export const strangersIn = (skills: readonly Skill[], lock: Lock): Skill[] =>
  skills.filter(({ id, source }) => source !== undefined && lock.skills[id]?.source?.hash !== source.hash);

/**
 * Refuses a skill that is not ours where its content is not what `--trust` names, and where nobody could be asked and
 * neither `--trust` nor `--yes` stands for an answer. Throws a UserError.
 */
export function refuseUntrusted(
  skills: readonly Skill[],
  strangers: readonly Skill[],
  options: Trusting,
  { terminal }: Context,
): void {
  const foreign = skills.filter(({ source }) => source !== undefined);
  if (options.trust !== null && foreign.length !== 1)
    throw new UserError(
      `--trust names the content of one skill from elsewhere, and ${foreign.length} are named.`,
      'Add one skill at a time, or leave --trust out.',
    );
  for (const skill of foreign) {
    const { id, source } = skill;
    if (source === undefined) continue;
    if (options.trust !== null && !(options.trust.length >= 12 && source.hash.startsWith(options.trust)))
      throw new UserError(
        `The content of "${id}" (${source.resolved}) has the sha256 ${source.hash}, and --trust names ${options.trust}.`,
        'Look at what has changed, and name the new one where you agree.',
      );
    if (options.trust !== null || options.yes || options.dryRun || terminal.interactive) continue;
    if (!strangers.includes(skill)) continue;
    throw new UserError(
      `"${id}" (${source.resolved}) was not made by backend-skills, and nobody is here to say yes to it.`,
      `Look at it with --dry-run, then add --trust ${source.hash} (or --yes, for whatever is there).`,
    );
  }
}

/** Says of each stranger what it would do, before the plan itself is shown. */
export function sayStrangers(
  strangers: readonly Skill[],
  plans: readonly { plan: Plan }[],
  { terminal }: Context,
): void {
  for (const skill of strangers) {
    const plan = plans.find((each) => each.plan.skill === skill.id)?.plan;
    if (plan !== undefined) terminal.say(`\n${foreignToText(skill, plan, terminal.paint)}`);
  }
}

/** The last question before anything is written; a stranger is not agreed to by pressing return. */
export const agree = (strangers: readonly Skill[], { terminal }: Context): Promise<boolean> =>
  strangers.length === 0
    ? terminal.confirm('Apply these changes?', true)
    : terminal.confirm(`Trust ${strangers.map(({ id }) => id).join(', ')}, and apply these changes?`, false);
