import type { Command, Help, Option } from 'commander';
import { wrap } from '../report/paint.ts';
import { environment, manuals } from './manual.ts';

/** The options that every command has, which come last. */
const commonNames = ['cwd', 'package', 'json', 'yes', 'quiet', 'verbose', 'color', 'help', 'version'];

/** Columns to write for: the terminal's, or what the user says, between 40 and 100. */
export const helpWidth = ({ stdout, env }: Pick<NodeJS.Process, 'stdout' | 'env'>): number =>
  Math.max(40, Math.min(stdout.columns || Number(env.COLUMNS) || 80, 100));

/** Help as a page of a manual: usage, what it does, options by kind, examples, exit codes, files, environment. */
export function helpAsManual(width: number, examplesOf: (command: Command) => readonly string[]) {
  return {
    formatHelp(command: Command, helper: Help): string {
      const manual = manuals[command.name()];
      const options = helper.visibleOptions(command);
      const isCommon = (option: Option): boolean => commonNames.includes(option.attributeName());
      const own = options.filter((option) => !isCommon(option));
      const choices = own.filter(({ helpGroupHeading }) => helpGroupHeading !== undefined);
      const rows = (list: readonly Option[]) =>
        list.map((option) => [helper.optionTerm(option), describe(option)] as const);
      const commands = helper.visibleCommands(command);
      const blocks = [
        wrap(`Usage: ${helper.commandUsage(command)}`, width, '  '),
        wrap(capital(helper.commandDescription(command)), width),
        ...(manual?.about ?? []).map((text) => wrap(text, width)),
        section(
          'Commands',
          table(
            commands.map((each) => [nameOf(each), helper.subcommandDescription(each)]),
            width,
          ),
        ),
        section('Options', table(rows(own.filter((option) => !choices.includes(option))), width)),
        section('Choices of the skills (info <skill> tells more)', table(rows(choices), width)),
        section('Common options', table(rows(options.filter(isCommon)), width)),
        section(
          'Examples',
          examplesOf(command).map((line) => `  $ backend-skills ${line}`),
        ),
        section(
          'Exit codes',
          table(
            (manual?.exits ?? []).map(([code, text]) => [String(code), text]),
            width,
          ),
        ),
        section('Files', table(manual?.files ?? [], width)),
        section('Environment', command.parent === null || manual === undefined ? [] : table(environment, width)),
        manual?.see === undefined ? '' : `See also: ${manual.see.join(', ')}`,
      ];
      return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
    },
  };
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`${title}:`, ...lines].join('\n');

/** Two columns, the second wrapped; below each other where the first is long or the width is small. */
function table(rows: readonly (readonly [term: string, text: string])[], width: number): string[] {
  const longest = Math.max(0, ...rows.map(([term]) => term.length));
  const column = Math.min(longest, Math.floor(width / 3)) + 4;
  return rows.flatMap(([term, text]) => {
    const indent = ' '.repeat(column);
    if (term.length + 4 > column) return [`  ${term}`, `${indent}${wrap(text, width, indent)}`];
    return [`  ${term}`.padEnd(column) + wrap(text, width, indent)];
  });
}

function describe({ description, argChoices = [], defaultValue }: Option): string {
  const values =
    argChoices.length === 0 || description.includes(argChoices[0] ?? '') ? '' : ` (${argChoices.join(', ')})`;
  const preset = typeof defaultValue === 'string' ? `; ${defaultValue} unless said otherwise` : '';
  return `${description}${values}${preset}`;
}

const nameOf = (command: Command): string =>
  [
    command.name(),
    ...command.registeredArguments.map((each) => argumentOf(each.name(), each.required, each.variadic)),
  ].join(' ');

const argumentOf = (name: string, required: boolean, variadic: boolean): string => {
  const text = `${name}${variadic ? '...' : ''}`;
  return required ? `<${text}>` : `[${text}]`;
};

const capital = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.:]$/.test(whole) ? whole : `${whole}.`;
};
