import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { expect } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
const inputs = [
  'src',
  'scripts',
  'templates',
  'fixtures',
  'test/example-skill',
  'bin',
  'tsdown.config.ts',
  'package.json',
];

/**
 * The program as it is shipped, with the example skill beside the others: built once for what the sources are, into
 * the temporary folder, so that any user can run it and no other build is in its way.
 */
async function program(): Promise<string> {
  const folder = join(realpathSync(tmpdir()), `backend-skills-program-${process.getuid?.() ?? 'me'}-${inputHash()}`);
  if (existsSync(folder)) return join(folder, 'bin/backend-skills.js');
  const draft = mkdtempSync(join(tmpdir(), 'program-'));
  const local = { cwd: repository, preferLocal: true };
  await execa('tsdown', ['--out-dir', join(draft, 'dist'), '--logLevel', 'error'], local);
  for (const name of ['bin', 'package.json', 'templates'])
    cpSync(join(repository, name), join(draft, name), { recursive: true });
  for (const name of ['oxc-parser', '@oxc-parser', '@oxc-project', 'libpg-query', '@pgsql']) {
    cpSync(join(repository, 'node_modules', name), join(draft, 'node_modules', name), { recursive: true });
  }
  cpSync(join(repository, 'test/example-skill'), join(draft, 'templates/example-skill'), { recursive: true });
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another test file was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return join(folder, 'bin/backend-skills.js');
}

function inputHash(): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const path = join(repository, input);
    if (!existsSync(path)) continue;
    const names = statSync(path).isFile() ? [''] : filesBelow(path);
    for (const name of names) hash.update(name).update(readFileSync(join(path, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** What a run printed, and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

interface World {
  /** Another program than the one that is shipped. */
  program?: string;
  env?: Readonly<Record<string, string>>;
  /** True: as somebody who may not write what is ours (where the tests run as root). */
  nobody?: boolean;
  /** 'pipe': standard input is open and says nothing. */
  stdin?: 'ignore' | 'pipe';
  terminal?: boolean;
}

/** A project on the disk, with a state folder of its own, and the program run in it. */
export interface Place {
  root: string;
  run(args: readonly string[], world?: World): Promise<Ran>;
  start(args: readonly string[], world?: World): ReturnType<typeof launch>;
  /** The same at a terminal of its own (through util-linux' `script`), where a person types. */
  atTerminal(args: readonly string[], world?: World): ReturnType<typeof launch>;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Every file, folder and link below the project: its mode and its bytes. */
  photo(): Record<string, string>;
}

const places: string[] = [];

/** A new project with these files, in a folder of its own. */
export function place(files: Readonly<Record<string, string>>): Place {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'command-')));
  places.push(outer);
  const root = join(outer, 'project');
  const state = join(outer, 'state');
  for (const folder of [root, state]) mkdirSync(folder);
  chmodSync(outer, 0o755);
  if (process.getuid?.() === 0) chownSync(state, 65534, 65534);
  const at = (path: string): string => join(root, path);
  const write = (path: string, text: string): void => {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const start = (args: readonly string[], world: World = {}) => launch(root, state, args, world);
  return {
    root,
    start,
    atTerminal: (args, world = {}) => launch(root, state, args, { ...world, stdin: 'pipe', terminal: true }),
    write,
    read: (path) => readFileSync(at(path), 'utf8'),
    photo: () => photo(root),
    async run(args, world) {
      const { exitCode, stdout, stderr, signal } = await start(args, world);
      if (exitCode === undefined) throw new Error(`backend-skills ${args.join(' ')} was ended by ${signal}: ${stderr}`);
      return { code: exitCode, stdout, stderr };
    },
  };
}

/** Deletes every project of this test file. */
export function clearPlaces(): void {
  for (const folder of places.splice(0)) rmSync(folder, { recursive: true, force: true });
}

let built: Promise<string> | null = null;
/** Builds the program where it is not built yet; to be called before the first run. */
export const ready = (): Promise<string> => {
  built ??= program().then((path) => {
    shipped = path;
    return path;
  });
  return built;
};
let shipped = '';

/** The program with other templates: what a later version of it would be. */
export function laterProgram(change: (templates: string) => void): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'later-')));
  places.push(folder);
  const from = join(shipped, '../..');
  for (const name of ['bin', 'dist', 'templates', 'package.json'])
    cpSync(join(from, name), join(folder, name), { recursive: true });
  symlinkSync(join(from, 'node_modules'), join(folder, 'node_modules'));
  change(join(folder, 'templates'));
  return join(folder, 'bin/backend-skills.js');
}

function launch(
  root: string,
  state: string,
  args: readonly string[],
  { program: runs = shipped, env = {}, nobody = false, stdin = 'ignore', terminal = false }: World,
) {
  if (shipped === '') throw new Error('Await ready() before the first run.');
  const asNobody = nobody && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const PATH = process.env.PATH ?? '';
  const line = [process.execPath, runs, ...args];
  const command = line.map((word) => `'${word}'`).join(' ');
  const [program = '', ...words] = terminal
    ? ['/usr/bin/script', '-qec', `stty cols 100 rows 40; exec ${command}`, '/dev/null']
    : line;
  return execa(program, words, {
    cwd: root,
    stdin,
    reject: false,
    stripFinalNewline: false,
    timeout: 60_000,
    extendEnv: false,
    env: { PATH, TERM: 'xterm', HOME: state, LANG: 'C.UTF-8', XDG_STATE_HOME: state, ...env },
    ...asNobody,
  });
}

function photo(folder: string, prefix = ''): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      Object.assign(seen, { [`${prefix}${entry.name}/`]: 'folder' }, photo(path, `${prefix}${entry.name}/`));
    else seen[prefix + entry.name] = entry.isSymbolicLink() ? 'link' : readFileSync(path, 'latin1');
  }
  return seen;
}

/** What a run printed as its one document, valid by the schema that is shipped under this name. */
export function documentOf({ stdout }: Pick<Ran, 'stdout'>, name: string): Record<string, unknown> {
  const document = JSON.parse(stdout);
  const schema = JSON.parse(readFileSync(join(shipped, `../../dist/schemas/${name}.schema.json`), 'utf8'));
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

/** Runs it twice, for a person and with --json: both refuse in the same words, and nothing has changed. */
export async function refuses(
  where: Place,
  args: readonly string[],
  says: readonly RegExp[],
  code = 2,
  world: World = {},
): Promise<void> {
  const before = where.photo();
  const { stderr, ...ran } = await where.run(args, world);
  const machine = await where.run([...args, '--json'], world);
  expect(ran.code, stderr).toBe(code);
  expect(machine.code, machine.stderr).toBe(code);
  for (const pattern of says) expect(stderr).toMatch(pattern);
  expect(stderr.match(/^ {2}→ ./gm), stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  const document = documentOf(machine, 'error');
  expect(document).toMatchObject({ schema: 'backend-skills/error/1', exitCode: code });
  for (const pattern of says) expect(`✗ ${document.message}\n  → ${document.hint}`).toMatch(pattern);
  expect(where.photo()).toEqual(before);
}
