import { UserError } from '../errors.ts';
import type { Choice, Skill } from '../model.ts';
import { siteOf } from '../plan/desire.ts';
import { hostFacts } from '../plan/wanted.ts';
import type { Document } from '../report/documents.ts';
import { toJson } from '../report/json.ts';
import type { Paint } from '../report/paint.ts';
import { type Decision, decide } from '../skills/choose.ts';
import type { Facts } from '../skills/facts.ts';
import { holds } from '../skills/when.ts';
import type { Context, ExitCode } from './context.ts';
import { hostOf, openSession } from './session.ts';

type Row = Document['skill']['choices'][number];

/** One skill: its choices (with what this project would get), files, variables and pairs. */
export async function info(name: string, context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const skill = catalogue.skill(name);
  const here = decidedHere(skill, context);
  const choices = Object.entries(skill.choices).map(([id, choice]) => rowOf(id, choice, here));
  if (terminal.json) terminal.document(toJson('skill', documentOf(skill, choices)));
  else terminal.say(toText(skill, choices, terminal.paint));
  return 0;
}

interface Here {
  facts: Facts;
  decisions: readonly Decision[];
}

function decidedHere(skill: Skill, context: Context): Here | null {
  try {
    const host = hostOf(openSession(context), null);
    const facts = hostFacts(host, siteOf(host));
    return { facts, decisions: decide(skill, facts, {}, null) };
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function rowOf(name: string, choice: Choice, here: Here | null): Row {
  const decision = here?.decisions.find((each) => each.name === name);
  const options = Object.entries(choice.options ?? {}).map(([value, { label, unless }]) => {
    const because = here === null ? null : (unless?.find(({ when }) => holds(when, here.facts))?.because ?? null);
    return { value, label, works: because === null, because };
  });
  const value = decision === undefined ? null : decision.value;
  return { name, ask: choice.ask, kind: choice.kind, value, because: decision?.because ?? null, options };
}

const documentOf = (skill: Skill, choices: Row[]): Document['skill'] => ({
  schema: 'backend-skills/skill/1',
  id: skill.id,
  title: skill.title,
  summary: skill.summary,
  version: skill.version,
  aliases: [...skill.aliases],
  frameworks: [...skill.frameworks],
  pairs: [...skill.pairs],
  choices,
  files: [...new Set(skill.files.map(({ to }) => to))],
  env: skill.env.map(({ name, why }) => ({ name, why })),
  dependencies: [...new Set(skill.dependencies.map(({ name }) => name))],
});

function toText(skill: Skill, choices: readonly Row[], paint: Paint): string {
  const blocks = choices.map(({ name, ask, kind, value, because, options }) => {
    const here = value === null ? '' : ` ${paint.dim(`here: ${[value].flat().join(', ')} (${because})`)}`;
    const flag = skill.source !== undefined ? `--set ${name}=` : kind === 'flag' ? `--[no-]${name}` : `--${name}`;
    const head = `  ${paint.bold(flag)}  ${ask}${here}`;
    return [head, ...options.map((option) => `      ${optionToText(option, paint)}`)].join('\n');
  });
  return [
    `${paint.bold(skill.title)} ${paint.dim(`${skill.id} ${skill.version}`)}`,
    skill.summary,
    `\nChoices\n${blocks.join('\n')}`,
    `\nVariables\n${skill.env.map(({ name, why }) => `  ${name}  ${paint.dim(why)}`).join('\n')}`,
    skill.pairs.length > 0 ? `\nPairs with ${skill.pairs.join(', ')}` : '',
    `\n${paint.dim(`Try it: backend-skills add ${skill.id} --dry-run`)}`,
  ]
    .filter((block) => block !== '')
    .join('\n');
}

const optionToText = ({ value, label, works, because }: Row['options'][number], paint: Paint): string =>
  works ? `${value}  ${paint.dim(label)}` : paint.dim(`${value}  not here: ${because}`);
