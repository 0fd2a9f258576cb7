import type { Command, Option } from 'commander';

/** What a shell may offer next, with a word on each. */
export interface Candidate {
  value: string;
  text: string;
}

/** The names that only the project and the catalogue know. */
export interface Names {
  skills(): readonly Candidate[];
  installed(): readonly Candidate[];
  packages(): readonly Candidate[];
}

/**
 * What fits where the cursor is: `words` are those behind the program's name, the last one as far as it is typed.
 * Nothing means: files.
 */
export function candidatesFor(program: Command, words: readonly string[], names: Names): Candidate[] {
  const typed = withoutSigns(words);
  const current = typed.at(-1) ?? '';
  const before = typed.slice(0, -1);
  const { command, args } = walk(program, before);
  const waiting = optionAwaiting(command, before.at(-1));
  if (waiting !== null) return valuesOf(waiting, current, names).filter(({ value }) => value.startsWith(current));
  const [, flag, part] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  const named = flag === undefined ? null : optionNamed(command, flag);
  if (named !== null && part !== undefined) {
    const values = valuesOf(named, part, names).filter(({ value }) => value.startsWith(part));
    return values.map(({ value, text }) => ({ value: `${flag}=${value}`, text }));
  }
  const all = current.startsWith('-') ? flagsOf(command, before) : argumentsOf(command, args, names);
  return all.filter(({ value }) => value.startsWith(current));
}

/** bash breaks words at '=': `--format = js` is what was typed as `--format=js`. */
function withoutSigns(words: readonly string[]): string[] {
  const last = words.at(-1) === '=' ? [...words.slice(0, -1), '=', ''] : words;
  return last.filter((word, n) => word !== '=' || !(last[n - 1] ?? '').startsWith('--'));
}

function walk(program: Command, words: readonly string[]): { command: Command; args: string[] } {
  let command = program;
  const args: string[] = [];
  words.forEach((word, n) => {
    if (word.startsWith('-') || optionAwaiting(command, words[n - 1]) !== null) return;
    const next = args.length === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (next === undefined) args.push(word);
    else command = next;
  });
  return { command, args };
}

const optionNamed = (command: Command, flag: string): Option | null =>
  command.options.find(({ long, short }) => long === flag || short === flag) ?? null;

function optionAwaiting(command: Command, word: string | undefined): Option | null {
  const option = word === undefined ? null : optionNamed(command, word);
  return option?.required === true ? option : null;
}

/** Of a list, what may stand behind the last comma, with what is before it. */
function valuesOf(option: Option, current: string, names: Names): Candidate[] {
  if (option.long === '--package') return [...names.packages()];
  const head = option.flags.includes('<values>') ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const said = new Set(head.split(','));
  return (option.argChoices ?? [])
    .filter((value) => !said.has(value))
    .map((value) => ({ value: `${head}${value}`, text: option.description.replace(/ \(.*\)$/, '') }));
}

/** Flags that can still be said: those that take lists may be said again. */
const flagsOf = (command: Command, before: readonly string[]): Candidate[] =>
  command.options
    .filter(({ hidden, long, flags }) => !hidden && long != null && (flags.includes('s>') || !before.includes(long)))
    .map(({ long, description }) => ({ value: long ?? '', text: description }));

function argumentsOf(command: Command, args: readonly string[], names: Names): Candidate[] {
  if (command.commands.length > 0) {
    if (args.length > 0) return [];
    return command.commands
      .filter((each) => !('_hidden' in each && each._hidden === true))
      .map((each) => ({ value: each.name(), text: each.description() }));
  }
  const argument = command.registeredArguments[args.length] ?? command.registeredArguments.at(-1);
  if (argument === undefined || (args.length > 0 && !argument.variadic)) return [];
  if (argument.argChoices !== undefined) return argument.argChoices.map((value) => ({ value, text: '' }));
  if (argument.name() !== 'skill') return [];
  const offered = ['add', 'info'].includes(command.name()) ? names.skills() : names.installed();
  return offered.filter(({ value }) => !args.includes(value));
}
