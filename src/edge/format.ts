import { execa } from 'execa';
import type { Formatter } from '../model.ts';
import { hostBin } from './host-bin.ts';
import { formatTogether, type Outcome } from './prettier.ts';
import { isRecord } from './splice.ts';

/** A file that is about to be created. */
export interface NewText {
  path: string;
  text: string;
}

/** The texts as the host's formatter writes them; `note` says why some stayed as they were. */
export interface Formatted {
  texts: Map<string, string>;
  note: string | null;
}

interface Way {
  /** The program's arguments for a file. Paths are from the project root. */
  arguments(path: string): string[];
  /** The formatted text, from what it printed; null where it said nothing of use. */
  text(output: string, path: string): string | null;
  /** Exit codes that still carry a text. */
  good: readonly number[];
}

const printed = (output: string): string | null => (output === '' ? null : output);

const ways: Readonly<Record<Formatter, Way>> = {
  prettier: { arguments: (path) => ['--stdin-filepath', path], text: printed, good: [0] },
  biome: { arguments: (path) => ['format', `--stdin-file-path=${path}`], text: printed, good: [0] },
  dprint: { arguments: (path) => ['fmt', '--stdin', path], text: printed, good: [0] },
  oxfmt: { arguments: (path) => [`--stdin-filepath=${path}`], text: printed, good: [0] },
  eslint: {
    arguments: (path) => ['--fix-dry-run', '--stdin', '--stdin-filename', path, '--format', 'json'],
    text: fixedByEslint,
    good: [0, 1],
  },
};

/**
 * Formats texts with the host's own formatter, its version and its configuration, over standard input: nothing is
 * written. A formatter that is not there, ignores a file or fails leaves the text as it is.
 */
export async function formatTexts(formatter: Formatter, root: string, texts: readonly NewText[]): Promise<Formatted> {
  const result = new Map(texts.map(({ path, text }) => [path, text]));
  const bin = hostBin(root, formatter);
  if (bin === null)
    return { texts: result, note: `${formatter} is not installed: new files follow the style of yours as we read it.` };
  const together = formatter === 'prettier' ? await formatTogether(bin, root, texts) : null;
  const outcomes = together ?? (await formatEach(formatter, bin, root, texts));
  const failures: string[] = [];
  for (const [index, { path }] of texts.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if ('failure' in outcome) failures.push(`${path} (${firstLine(outcome.failure)})`);
    else result.set(path, outcome.text);
  }
  return {
    texts: result,
    note: failures.length === 0 ? null : `${formatter} could not format ${failures.sort().join(', ')}.`,
  };
}

async function formatEach(
  formatter: Formatter,
  bin: string,
  root: string,
  texts: readonly NewText[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...texts.entries()];
  // Two at a time: each is a process of its own.
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      outcomes[next[0]] = await formatOne(formatter, bin, root, next[1]);
    }
  };
  await Promise.all([work(), work()]);
  return outcomes;
}

async function formatOne(formatter: Formatter, bin: string, root: string, { path, text }: NewText): Promise<Outcome> {
  const way = ways[formatter];
  const { exitCode, stdout, stderr } = await execa(bin, way.arguments(path), {
    cwd: root,
    input: text,
    reject: false,
    stripFinalNewline: false,
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  if (exitCode === undefined || !way.good.includes(exitCode)) return { failure: stderr };
  return { text: way.text(stdout, path) ?? text };
}

const firstLine = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '')
    ?.slice(0, 200) ?? 'it said nothing';

function fixedByEslint(output: string): string | null {
  try {
    const value: unknown = JSON.parse(output);
    const first: unknown = Array.isArray(value) ? value[0] : null;
    return isRecord(first) && typeof first.output === 'string' ? first.output : null;
  } catch {
    return null;
  }
}
