import { type Command, Option } from 'commander';
import type { CommonOptions, Context } from './context.ts';

/** The options that every command takes. */
export const common = (command: Command): Command =>
  command
    .option('--cwd <folder>', 'work there instead of here')
    .option('--package <name>', 'a package of the workspace, by name or folder')
    .option('--json', 'one JSON document on standard output; everything else on standard error')
    .option('-y, --yes', 'never ask; take what the project shows, then defaults')
    .option('--quiet', 'only the result')
    .option('--verbose', 'everything, the lock and its merge bases included')
    .option('--no-color', 'no colours');

/** The options of a command that reports findings. */
export const reporting = (command: Command): Command =>
  command
    .addOption(
      new Option('--format <name>', 'how to print what was found').choices([
        'text',
        'json',
        'sarif',
        'github',
        'junit',
        'markdown',
        'gitlab',
      ]),
    )
    .option('--output <file>', 'write the report there, and print it as text')
    .addOption(
      new Option('--fail-on <severity>', 'the least that ends the run with 1').choices(['error', 'warning', 'info']),
    );

/** `--format json` is `--json`, as long as the report goes to standard output. */
export function commonOptions(command: Command): CommonOptions {
  const { format, output, ...options } = command.opts<CommonOptions & { format?: string; output?: string }>();
  return format === 'json' && output === undefined ? { ...options, json: true } : options;
}

/** Which of several frameworks a project has. */
export const frameworkOption = (): Option =>
  new Option('--framework <name>', 'which of several frameworks').choices([
    'express',
    'fastify',
    'hono',
    'nest',
    'next',
  ]);

/** What a command line names, with the skills that are not ours: sources are fetched here. */
export const opened = async (names: readonly string[], context: Context) =>
  (await import('./foreign.ts')).openSkills(names, context);

/** What a command that takes skills from elsewhere understands too. */
export const foreignOptions = (command: Command): Command =>
  command
    .option('--set <name=value>', 'a choice by its name, as --set path=/audit', repeated)
    .option('--trust <sha256>', 'agree to the content of a skill from elsewhere, and to no other');

/** An option that takes a list, separated by commas or by being repeated. */
export const listOption = (flags: string, text: string): Option =>
  new Option(flags, text).argParser((value: string, before: string[] | undefined) => [
    ...(before ?? []),
    ...value.split(',').flatMap((one) => one.trim() || []),
  ]);

const repeated = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** One flag per choice of the skills in the catalogue. */
export async function choiceFlags(...commands: readonly Command[]): Promise<void> {
  const { openCatalogue } = await import('../edge/catalogue.ts');
  const { flagsFor } = await import('./flags.ts');
  const manifests = openCatalogue().manifests();
  for (const command of commands) for (const option of flagsFor(manifests)) command.addOption(option);
}

/** Whether to speak JSON is wanted before the arguments are known to be right. */
export const jsonOnly = (argv: readonly string[]): CommonOptions => ({ json: argv.includes('--json') });
