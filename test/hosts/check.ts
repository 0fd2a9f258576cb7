import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { execa } from 'execa';
import { parseSync } from 'oxc-parser';
import { readManifest } from './fixtures.ts';
import type { Host } from './prepare.ts';

/** What a command of the host's said. */
export interface Outcome {
  ok: boolean;
  output: string;
}

/** The flags that generated code must pass, whatever the host has. */
const strictest = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  skipLibCheck: true,
};

/**
 * The host's own type check; for a JavaScript host, that every file parses.
 * `within` names the files (or folders) to judge, with the strictest flags: the host's own files need not pass those.
 */
export async function typeCheck(host: Host, within: readonly string[] | null = null): Promise<Outcome> {
  if (!existsSync(join(host.folder, 'tsconfig.json'))) return parseAll(host);
  if (within === null) return command(host, scriptsOf(host).types ?? 'tsc --noEmit');
  // CommonJS cannot be written with the module syntax that verbatimModuleSyntax asks for.
  const compilerOptions = {
    ...strictest,
    ...(host.fixture.manifest.type === 'module' ? { verbatimModuleSyntax: true } : {}),
  };
  const overlay = 'tsconfig.strictest.json';
  writeFileSync(join(host.folder, overlay), JSON.stringify({ extends: './tsconfig.json', compilerOptions }));
  const { output } = await command(host, `tsc --noEmit --pretty false -p ${overlay}`);
  const errors = output.split('\n').filter((line) => /\berror TS\d+/.test(line));
  // An error without a place (a bad option, no input) is nobody's: it counts too.
  const ours = errors.filter((line) => !/^[^\s(]+\(\d+,/.test(line) || within.some((path) => line.startsWith(path)));
  return { ok: ours.length === 0, output: ours.join('\n') };
}

/**
 * The host's own tests, all or only these files. Not ok when none ran: `passed` counts those that did.
 */
export async function runTests(host: Host, files: readonly string[] = []): Promise<Outcome & { passed: number }> {
  const script = scriptsOf(host).test ?? 'node --test';
  const { ok, output } = await command(host, files.length === 0 ? script : only(script, files));
  const passed = Number(counts.map((count) => count.exec(output)?.[1]).find((found) => found !== undefined) ?? 0);
  return { ok: ok && passed > 0, output, passed };
}

/** How vitest, jest, mocha and node:test (as spec and as TAP) say how many tests passed. */
const counts = [/Tests\s.*?(\d+) passed/, /Tests:\s.*?(\d+) passed/, /(\d+) passing/, /^(?:ℹ|#) pass (\d+)/m];

/** The host's test command narrowed to files. A command that compiles first runs everything: its files have other names. */
function only(script: string, files: readonly string[]): string {
  const list = files.map((file) => `'${file}'`).join(' ');
  if (/^vitest/.test(script)) return `vitest run ${list}`;
  if (/\bjest\b/.test(script)) return `${script} --runTestsByPath ${list}`;
  if (/^mocha/.test(script)) return `mocha ${options(script)} ${list}`;
  if (/^node\b.*--test/.test(script)) return `node ${options(script)} --test ${list}`;
  return script;
}

/** The options of a command that load something, e.g. `--import tsx`. */
const options = (script: string): string =>
  (script.match(/(?:--(?:import|require|loader|node-option)|-r)[ =]\S+/g) ?? []).join(' ');

/** The scripts of the copy as it stands: it may have been given some. */
export const scriptsOf = (host: Host): Record<string, string> => readManifest(host.folder)?.scripts ?? {};

/** Runs a shell command in the project's folder. */
export async function command(host: Host, text: string): Promise<Outcome> {
  const run = await execa(text, {
    shell: true,
    cwd: host.folder,
    env: host.env,
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: 240_000,
  });
  return { ok: !run.failed, output: String(run.all) };
}

function parseAll(host: Host): Outcome {
  const files = sources(host.folder);
  const errors = files.flatMap((file) =>
    parseSync(file, readFileSync(file, 'utf8'), { lang: 'jsx' }).errors.map(
      (error) => `${relative(host.folder, file)}: ${error.message}`,
    ),
  );
  return { ok: errors.length === 0 && files.length > 0, output: errors.join('\n') };
}

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?jsx?$/.test(path) && !path.split(sep).includes('node_modules'))
    .map((path) => join(folder, path));
