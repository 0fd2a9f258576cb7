import type { Option, Terminal } from '../edge/terminal.ts';
import type { Skill } from '../model.ts';
import { type Answer, type Decision, isOpen } from '../skills/choose.ts';
import { matchesPattern } from '../skills/pattern.ts';

/**
 * Asks what the project does not answer, one question at a time; each answer may open or close later ones, so
 * everything is decided anew after it.
 */
export async function askOpen(
  skill: Skill,
  first: Decision[],
  decideWith: (answers: Readonly<Record<string, Answer>>) => Decision[],
  terminal: Terminal,
): Promise<Decision[]> {
  const answers: Record<string, Answer> = {};
  let decisions = first;
  for (;;) {
    const open = decisions.find((decision) => isOpen(decision) && answers[decision.name] === undefined);
    if (open === undefined) return decisions;
    answers[open.name] = await askOne(skill, open, terminal);
    decisions = decideWith(answers);
  }
}

async function askOne(skill: Skill, { name, value, because, offered }: Decision, terminal: Terminal): Promise<Answer> {
  const choice = skill.choices[name];
  if (choice === undefined) return value;
  const options = offered.map((each): Option => {
    const label = choice.options?.[each]?.label ?? each;
    return [value].flat().includes(each) ? { value: each, label, hint: because } : { value: each, label };
  });
  switch (choice.kind) {
    case 'flag':
      return terminal.confirm(choice.ask, value === true);
    case 'text':
      return terminal.ask(choice.ask, String(value), (text) =>
        matchesPattern(choice.pattern ?? '.*', text) ? undefined : `It must look like ${String(value)}.`,
      );
    case 'one':
      return terminal.choose(choice.ask, options, String(value));
    case 'many':
      return terminal.chooseMany(choice.ask, options, [value].flat().map(String));
  }
}
