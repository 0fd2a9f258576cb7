import { Cancelled } from '../errors.ts';
import { type Paint, paintWith } from '../report/paint.ts';
import { page } from './pager.ts';

export interface TerminalOptions {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  yes: boolean;
  color: boolean;
}

/** Where a run speaks and asks. With `--json`, only `document` reaches standard output. */
export interface Terminal {
  /** False where nobody could answer: piped, CI, --json, --yes. */
  interactive: boolean;
  verbose: boolean;
  json: boolean;
  paint: Paint;
  /** The run's result, for standard output (standard error with --json). */
  say(text: string): void;
  /** Beside the result: progress and remarks. Silent with --quiet. */
  remark(text: string): void;
  /** What went wrong: always on standard error. */
  complain(text: string): void;
  /** A long result, through the user's pager where there is one to page it. */
  page(text: string): Promise<void>;
  /** The one JSON document. */
  document(text: string): void;
  confirm(question: string, initial: boolean): Promise<boolean>;
  choose(question: string, options: readonly Option[], initial: string): Promise<string>;
  chooseMany(question: string, options: readonly Option[], initial: readonly string[]): Promise<string[]>;
  ask(question: string, initial: string, fault: (value: string) => string | undefined): Promise<string>;
}

export interface Option {
  value: string;
  label: string;
  hint?: string;
}

type World = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'platform'>;

/** The real terminal. Throws Cancelled from a prompt that the user leaves. */
export function openTerminal(options: TerminalOptions, world: World = process): Terminal {
  const { stdin, stdout, stderr, env } = world;
  const toError = options.json;
  const stream = toError ? stderr : stdout;
  const paint = paintWith(
    usesColour(options, world, stream),
    speaksUnicode(world),
    Math.min(stream.columns || Number(env.COLUMNS) || 80, 120),
  );
  return {
    interactive: stdin.isTTY === true && stdout.isTTY === true && !env.CI && !options.json && !options.yes,
    verbose: options.verbose,
    json: options.json,
    paint,
    say: (text) => {
      stream.write(`${text}\n`);
    },
    remark: (text) => {
      if (!options.quiet) stream.write(`${text}\n`);
    },
    complain: (text) => {
      stderr.write(`${text}\n`);
    },
    page: (text) => page(text, world),
    document: (text) => {
      stdout.write(`${text}\n`);
    },
    ...prompts,
  };
}

const prompts: Pick<Terminal, 'confirm' | 'choose' | 'chooseMany' | 'ask'> = {
  confirm: async (message, initialValue) => {
    const { confirm, isCancel } = await import('@clack/prompts');
    const answer = await confirm({ message, initialValue });
    return isCancel(answer) ? stopped() : answer;
  },
  choose: async (message, options, initialValue) => {
    const { select, isCancel } = await import('@clack/prompts');
    const answer = await select({ message, options: [...options], initialValue });
    return isCancel(answer) ? stopped() : answer;
  },
  chooseMany: async (message, options, initialValues) => {
    const { multiselect, isCancel } = await import('@clack/prompts');
    const initial = [...initialValues];
    const answer = await multiselect({ message, options: [...options], initialValues: initial, required: true });
    return isCancel(answer) ? stopped() : answer;
  },
  ask: async (message, initialValue, fault) => {
    const { text, isCancel } = await import('@clack/prompts');
    const answer = await text({ message, initialValue, validate: (value) => fault(value ?? '') });
    return isCancel(answer) ? stopped() : answer;
  },
};

function stopped(): never {
  throw new Cancelled('Stopped. Nothing was changed.');
}

function usesColour({ color }: TerminalOptions, { env }: World, stream: NodeJS.WriteStream): boolean {
  if (!color || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

function speaksUnicode({ env, platform }: World): boolean {
  if (platform === 'win32') return env.WT_SESSION !== undefined || env.TERM_PROGRAM !== undefined;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) && env.TERM !== 'linux';
}
