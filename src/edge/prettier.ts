import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { factsOf, realFiles } from './files.ts';
import { isRecord } from './splice.ts';

/** What became of one text. */
export type Outcome = { text: string } | { failure: string };

/**
 * Runs in the host's folder, on the host's Node, however old: it reads which prettier to take and the files, and
 * prints what became of them as its last line. It asks what the program asks for a file over standard input: is it
 * ignored, what is its configuration, and how is it formatted. Before its third major, prettier leaves .gitignore unread
 * and takes a path as it is given.
 */
const script = `
let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => { input += chunk; });
process.stdin.on('end', async () => {
  const { resolve } = require('path');
  const { folder, files } = JSON.parse(input);
  const prettier = require(folder);
  const old = parseInt(prettier.version, 10) < 3;
  const ignorePath = old ? resolve('.prettierignore') : [resolve('.gitignore'), resolve('.prettierignore')];
  const formatted = async (path, text) => {
    const filepath = resolve(path);
    const { ignored } = await prettier.getFileInfo(filepath, { ignorePath, resolveConfig: false });
    if (ignored) return text;
    const options = await prettier.resolveConfig(filepath, { editorconfig: true });
    return prettier.format(text, { ...options, filepath: old ? path : filepath });
  };
  const failureOf = (path, error) =>
    error && error.constructor.name === 'UndefinedParserError' ? error.message : path + ': ' + String(error);
  const outcomes = [];
  for (const { path, text } of files) {
    outcomes.push(await formatted(path, text).then(
      (result) => ({ text: result || text }),
      (error) => ({ failure: '[error] ' + failureOf(path, error) }),
    ));
  }
  process.stdout.write('\\n' + JSON.stringify(outcomes) + '\\n', () => process.exit(0));
});
`;

/**
 * Formats texts with the prettier beside its program, all in one process; nothing is written. What became of each, in
 * their order, or null where that prettier or a Node for it cannot be loaded.
 */
export async function formatTogether(
  bin: string,
  root: string,
  files: readonly { path: string; text: string }[],
): Promise<Outcome[] | null> {
  const folder = join(dirname(dirname(bin)), 'prettier');
  if (factsOf(realFiles, join(folder, 'package.json')) === null) return null;
  const { exitCode, stdout } = await execa('node', ['-e', script], {
    cwd: root,
    input: JSON.stringify({ folder, files: files.map(({ path, text }) => ({ path, text })) }),
    reject: false,
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  if (exitCode !== 0) return null;
  // What the host's configuration and plugins print comes before it.
  const outcomes = outcomesIn(stdout.slice(stdout.lastIndexOf('\n') + 1));
  return outcomes?.length === files.length ? outcomes : null;
}

function outcomesIn(line: string): Outcome[] | null {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) && value.every(isOutcome) ? value : null;
  } catch {
    return null;
  }
}

const isOutcome = (value: unknown): value is Outcome =>
  isRecord(value) && (typeof value.text === 'string' || typeof value.failure === 'string');
