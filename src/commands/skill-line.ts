import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FrameworkId } from '../model.ts';
import type { Context, ExitCode } from './context.ts';

type Make = (parent: Command, usage: string, description: string, examples: readonly string[]) => Command;
type Act = (work: (context: Context, ...args: never[]) => Promise<ExitCode>) => (...args: unknown[]) => Promise<void>;

/** `skill new`, `skill validate` and `skill test`: for those who write skills. */
export function skillCommands(program: Command, make: Make, act: Act): void {
  const skill = program.command('skill').description('write skills of your own: new, validate, test').exitOverride();
  make(skill, 'new <name>', 'a small skill that works, in a new folder', [
    'skill new audit-log --framework express,fastify',
  ])
    .addOption(
      new Option('--framework <names>', 'the frameworks it is for; all five where none is named').argParser(
        frameworksIn,
      ),
    )
    .action(
      act(async (context, name: string, { framework = [] }: { framework?: readonly FrameworkId[] }) =>
        (await import('./skill.ts')).newSkill(name, { framework }, context),
      ),
    );
  make(
    skill,
    'validate [folder]',
    'what is wrong with a skill’s manifest, templates and files; exit 1 where something is',
    ['skill validate ./skills/audit-log'],
  ).action(
    act(async (context, folder: string | undefined) =>
      (await import('./skill.ts')).validateSkill(folder ?? '.', context),
    ),
  );
  make(skill, 'test [folder]', 'add, check, update, remove and undo it on two dozen small projects, in memory', [
    'skill test ./skills/audit-log',
  ]).action(
    act(async (context, folder: string | undefined) => (await import('./skill.ts')).testSkill(folder ?? '.', context)),
  );
}

const known: readonly FrameworkId[] = ['express', 'fastify', 'hono', 'nest', 'next'];

function frameworksIn(value: string, before: readonly FrameworkId[] | undefined): FrameworkId[] {
  const found = value.split(',').map((name) => {
    const id = known.find((each) => each === name.trim());
    if (id === undefined) throw new InvalidArgumentError(`Choose from ${known.join(', ')}.`);
    return id;
  });
  return [...new Set([...(before ?? []), ...found])];
}
