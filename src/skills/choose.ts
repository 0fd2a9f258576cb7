import { UserError } from '../errors.ts';
import type { Choice, ChoiceOption, Choices, Skill } from '../model.ts';
import { type Facts, factNames } from './facts.ts';
import { suggest } from './nearest.ts';
import { matchesPattern } from './pattern.ts';
import { holds } from './when.ts';

export type Answer = Choices[string];

/** One choice as it stands: its value, where that came from, and whether a person should still be asked. */
export interface Decision {
  name: string;
  value: Answer;
  source: 'flag' | 'recorded' | 'settings' | 'project' | 'default';
  because: string;
  /** The values on offer in this host; empty for text and flags. */
  offered: readonly string[];
}

/**
 * Decides every choice of a skill: what was asked for by flag, else what the lock records, else what the project's
 * settings say (`preset`), else what the project shows, else the manifest's default. Throws a UserError for a value that is unknown or cannot work in this host.
 */
export function decide(
  skill: Skill,
  facts: Facts,
  asked: Readonly<Record<string, Answer>>,
  recorded: Choices | null,
  preset: Choices = {},
): Decision[] {
  refuseUnknown(skill, asked);
  const decisions: Decision[] = [];
  const values: Record<string, Answer | Facts[string]> = { ...facts };
  for (const [name, choice] of Object.entries(skill.choices)) {
    if (!holds(choice.when, values)) continue;
    const offered = offeredBy(choice, values);
    const decision = decideOne(name, choice, values, asked[name], recorded?.[name], preset[name]);
    refuseImpossible(skill, name, choice, decision.value, values, offered);
    decisions.push({ ...decision, offered });
    values[name] = decision.value;
  }
  return decisions;
}

export const choicesOf = (decisions: readonly Decision[]): Choices =>
  Object.fromEntries(decisions.map(({ name, value }) => [name, value]));

/** True where the project itself does not answer and nobody has said: what an interactive run asks. */
export const isOpen = ({ source, offered }: Decision): boolean => source === 'default' && offered.length !== 1;

function decideOne(
  name: string,
  choice: Choice,
  values: Readonly<Record<string, Answer | Facts[string]>>,
  flag: Answer | undefined,
  recorded: Answer | undefined,
  preset: Answer | undefined,
): Omit<Decision, 'offered'> {
  if (flag !== undefined) {
    const grown =
      choice.grows && Array.isArray(recorded) && Array.isArray(flag) ? [...new Set([...recorded, ...flag])] : flag;
    return { name, value: grown, source: 'flag', because: 'asked for' };
  }
  if (recorded !== undefined) return { name, value: recorded, source: 'recorded', because: 'recorded in the lock' };
  if (preset !== undefined) return { name, value: preset, source: 'settings', because: 'backend-skills.json says so' };
  const workable = choice.defaults.filter(
    (row) => holds(row.when, values) && [row.value].flat().every((value) => obstacleTo(choice, value, values) === null),
  );
  const row = workable[0];
  if (row === undefined) {
    const offered = offeredBy(choice, values);
    throw new UserError(
      `Nothing that "${name}" offers can work in this project by default.`,
      offered.length > 0
        ? `Choose one yourself: --${name} ${offered.join(' | ')}.`
        : (firstReason(choice, values) ?? ''),
    );
  }
  const seen = Object.keys(row.when ?? {}).some((key) => (factNames as readonly string[]).includes(key));
  return { name, value: row.value, source: seen ? 'project' : 'default', because: row.because };
}

function refuseUnknown(skill: Skill, asked: Readonly<Record<string, Answer>>): void {
  const names = Object.keys(skill.choices);
  for (const name of Object.keys(asked)) {
    if (names.includes(name)) continue;
    throw new UserError(
      `"${skill.id}" has no choice called "${name}".`,
      suggest(name, names, `Its choices are: ${names.join(', ')}.`),
    );
  }
}

function refuseImpossible(
  skill: Skill,
  name: string,
  choice: Choice,
  value: Answer,
  values: Readonly<Record<string, Answer | Facts[string]>>,
  offered: readonly string[],
): void {
  if (choice.kind === 'text') {
    if (typeof value === 'string' && matchesPattern(choice.pattern ?? '.*', value)) return;
    throw new UserError(
      `"${String(value)}" is not a valid ${name}.`,
      `It must look like "${String(choice.defaults[0]?.value)}".`,
    );
  }
  if (choice.kind === 'flag') return;
  const wanted = [value].flat().map(String);
  if (wanted.length === 0)
    throw new UserError(`"${skill.id}" needs at least one ${name}.`, `Choose from: ${offered.join(', ')}.`);
  for (const each of wanted) {
    if (choice.options?.[each] === undefined) {
      throw new UserError(
        `"${each}" is not a ${name} that "${skill.id}" knows.`,
        suggest(each, offered, `Choose from: ${offered.join(', ')}.`),
      );
    }
    const because = obstacleTo(choice, each, values);
    if (because === null) continue;
    const hint = offered.length > 0 ? `Use --${name} ${offered[0]}.` : 'Nothing else that is on offer works here.';
    throw new UserError(`${name} "${each}" cannot work in this project: ${because}`, hint);
  }
}

const offeredBy = (choice: Choice, values: Readonly<Record<string, Answer | Facts[string]>>): string[] =>
  Object.keys(choice.options ?? {}).filter((value) => obstacleTo(choice, value, values) === null);

function obstacleTo(
  choice: Choice,
  value: string | boolean,
  values: Readonly<Record<string, Answer | Facts[string]>>,
): string | null {
  const option: ChoiceOption | undefined = choice.options?.[String(value)];
  return option?.unless?.find((row) => holds(row.when, values))?.because ?? null;
}

const firstReason = (choice: Choice, values: Readonly<Record<string, Answer | Facts[string]>>): string | null =>
  Object.keys(choice.options ?? {})
    .map((value) => obstacleTo(choice, value, values))
    .find((because) => because !== null) ?? null;
