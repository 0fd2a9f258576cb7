import { Option } from 'commander';
import type { Catalogue } from '../edge/catalogue.ts';
import { UserError } from '../errors.ts';
import type { FrameworkId } from '../model.ts';
import type { Answer } from '../skills/choose.ts';
import type { Manifest } from '../skills/schema.ts';
import type { AddOptions } from './add.ts';
import { answersIn } from './set.ts';

/** One command line option per choice, over all skills: lists may be repeated or separated by commas. */
export function flagsFor(manifests: readonly Manifest[]): Option[] {
  const rows = manifests.flatMap(({ choices }) => Object.entries(choices));
  const names = [...new Set(rows.map(([name]) => name))];
  return names.flatMap((name) => {
    const same = rows.filter(([other]) => other === name).map(([, choice]) => choice);
    const [choice] = same;
    if (choice === undefined) return [];
    // Two skills may offer the same choice with other values: the help shows what any of them takes.
    const values = [...new Set(same.flatMap(({ options }) => Object.keys(options ?? {})))];
    const text = values.length === 0 ? choice.ask : `${choice.ask} (${values.join(', ')})`;
    return optionsFor(name, choice.kind, text, choice.defaults.at(-1)?.value === true).map((option) => {
      // For the help and the shell's completion; what a skill really takes is checked when the skill is known.
      if (values.length > 0) option.argChoices = values;
      return option.helpGroup('Choices');
    });
  });
}

function optionsFor(name: string, kind: string, text: string, initially: boolean): Option[] {
  // Both can be said; the help shows the one that changes something.
  if (kind === 'flag')
    return [new Option(`--${name}`, text).hideHelp(initially), new Option(`--no-${name}`, text).hideHelp(!initially)];
  if (kind !== 'many') return [new Option(`--${name} <value>`, text)];
  const list = (value: string, before: string[] | undefined): string[] => [...(before ?? []), ...valuesIn(value)];
  return [new Option(`--${name} <values>`, text).argParser(list)];
}

const valuesIn = (list: string): string[] =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** The parsed options as `add` wants them; choices that none of the named skills has are refused. */
export function addOptions(
  options: Readonly<Record<string, unknown>>,
  names: readonly string[],
  catalogue: Catalogue,
): AddOptions {
  const skills = names.map((name) => catalogue.skill(name));
  const asked: Record<string, Answer> = {};
  for (const manifest of catalogue.manifests()) {
    for (const name of Object.keys(manifest.choices)) {
      const value = options[camelCase(name)];
      if (value === undefined) continue;
      if (names.length > 0 && !skills.some((skill) => skill.choices[name] !== undefined)) {
        throw new UserError(
          `--${name} is a choice of "${manifest.id}", not of ${names.join(', ')}.`,
          `Leave it out, or add ${manifest.id} too.`,
        );
      }
      asked[name] = value as Answer;
    }
  }
  if (Array.isArray(options.set)) Object.assign(asked, answersIn(options.set.map(String), skills));
  return {
    asked,
    dryRun: options.dryRun === true,
    yes: options.yes === true,
    force: options.force === true,
    overlap: 'fail',
    replace: false,
    install: options.install !== false,
    keep: options.keep === true,
    verify: options.verify === true,
    docs: options.docs === true,
    dir: typeof options.dir === 'string' ? options.dir : null,
    framework: typeof options.framework === 'string' ? (options.framework as FrameworkId) : null,
    trust: typeof options.trust === 'string' ? options.trust : null,
  };
}

/** The same for `update`: a list that is asked for takes the place of the recorded one, and overlaps are merged as told. */
export function updateOptions(
  options: Readonly<Record<string, unknown>>,
  names: readonly string[],
  catalogue: Catalogue,
): AddOptions {
  const overlap =
    (['markers', 'ours', 'theirs', 'fail'] as const).find((how) => how === options.onConflict) ?? 'markers';
  return { ...addOptions(options, names, catalogue), overlap, replace: true };
}

const camelCase = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
