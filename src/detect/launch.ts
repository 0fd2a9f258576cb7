import type { Tree } from '../model.ts';
import { asString, readJson } from './json.ts';
import { fileOrFolder, sourceOf } from './modules.ts';
import { inside, isCode } from './paths.ts';
import { nestEntry, wranglerEntry } from './platforms.ts';

/** Flags that take the next word as their value. */
const valued =
  /^(-r|-e|-P|-c|-n|-i|-p|-l|-a|-x|--(require|import|loader|experimental-loader|project|watch-path|ext|env-file|env-file-if-exists|config|ignore|delay|signal|tsconfig|port|name|names|host|address|log-level|conditions|cwd|prefix-colors|inspect-port|compiler))$/;
/** Tools whose `--watch` names a folder; elsewhere it is a switch. */
const watchers = /^(nodemon|tsnd|ts-node-dev|forever|node-dev)$/;
const runners =
  /^(node|nodemon|tsx|ts-node|ts-node-esm|ts-node-dev|tsnd|node-dev|vite-node|babel-node|swc-node|esno|esr|jiti|bun|deno|pm2|pm2-runtime|forever|nest|wrangler|fastify|tsc-watch|tsup|tsdown|esbuild|micro|firebase|npm|pnpm|yarn|run-p|run-s|npm-run-all|concurrently|exec|turbo|nodemon\.cmd)$/;
const followers = /^(npm|pnpm|yarn|bun|run-p|run-s|npm-run-all|npm-run-all2)$/;

/** The source files that a shell command starts, in its order; scripts that it names are followed. */
export function launched(tree: Tree, scripts: Readonly<Record<string, string>>, command: string, depth = 3): string[] {
  return command.split(/\s*(?:&&|\|\||[;&|])\s*(?=(?:[^"']|"[^"]*"|'[^']*')*$)/).flatMap((part) => {
    const words = wordsOf(part);
    const at = words.findIndex((word) => runners.test(word));
    const runner = words[at];
    if (runner === undefined || depth === 0) return [];
    return ofRunner(tree, scripts, runner, words.slice(at + 1), depth);
  });
}

function ofRunner(
  tree: Tree,
  scripts: Readonly<Record<string, string>>,
  runner: string,
  words: string[],
  depth: number,
): string[] {
  const follow = (text: string) => launched(tree, scripts, text, depth - 1);
  if (runner === 'concurrently')
    return words
      .filter((word) => /[\s:]/.test(word))
      .flatMap((word) => follow(word.replace(/^(npm|pnpm|yarn|bun):/, '$1 run ')));
  if (runner === 'nest')
    return words[0] === 'start'
      ? list(nestEntry(tree, words.slice(1).find((word) => !word.startsWith('-')) ?? null))
      : [];
  if (followers.test(runner)) {
    const named = words.filter((word) => !word.startsWith('-') && scripts[word] !== undefined && !(word === 'run'));
    const texts = named.flatMap((name) => scripts[name] ?? []);
    if (texts.length > 0) return texts.flatMap(follow);
    if (runner !== 'bun')
      return words.length > 1 && words.some((word) => runners.test(word)) ? follow(words.join(' ')) : [];
  }
  const nested = words.filter((word) => /\s/.test(word)).flatMap(follow);
  const files = filesNamed(tree, words, watchers.test(runner));
  if (runner === 'wrangler' && files.length === 0)
    return /^(dev|deploy)$/.test(words[0] ?? '') ? list(wranglerEntry(tree)) : [];
  if (runner === 'nodemon' && files.length === 0 && nested.length === 0)
    return list(nodemonEntry(tree, scripts, depth));
  return runner === 'fastify' ? [...nested, ...files].slice(-1) : [...nested, ...files.slice(0, 1)];
}

const list = (file: string | null): string[] => (file === null ? [] : [file]);

function nodemonEntry(tree: Tree, scripts: Readonly<Record<string, string>>, depth: number): string | null {
  const manifest = readJson(tree, 'package.json');
  const exec = asString(readJson(tree, 'nodemon.json')?.exec);
  const main = asString(manifest?.main);
  return (
    (exec === null ? null : launched(tree, scripts, exec, depth - 1)[0]) ??
    (main === null ? null : startedFile(tree, main))
  );
}

/** The words of a command, quotes taken off, assignments and the value of flags left out. */
function wordsOf(command: string): string[] {
  const words = (command.match(/"(?:\\.|[^"])*"|'[^']*'|\S+/g) ?? []).map((word) =>
    word.replace(/^\\?["']|\\?["']$/g, ''),
  );
  return words.filter((word) => !/^\w+=\S*$/.test(word));
}

function filesNamed(tree: Tree, words: readonly string[], watching: boolean): string[] {
  const takesValue = (flag = '') => valued.test(flag) || (watching && /^(-w|--watch)$/.test(flag));
  const plain = words.filter((word, at) => !word.startsWith('-') && !takesValue(words[at - 1]));
  return plain.flatMap((word) => (/[\s*]/.test(word) ? [] : list(startedFile(tree, word))));
}

/** The source file that a started path means: itself, or what it was built from; null for configs and what is not code. */
export function startedFile(tree: Tree, word: string): string | null {
  const path = inside(word.replace(/^(\/(usr\/src\/)?(app|src)\/)/, ''));
  if (path === null || /(^|\/)(ecosystem|nodemon|pm2)[\w.]*$|\.config\.\w+$/.test(path)) return null;
  const file = path === '' ? mainOf(tree) : sourceOf(tree, path);
  if (file === null) return null;
  return isCode(file) || (!/\.\w+$/.test(file) && /^#!.*\b(node|tsx|bun)\b/.test(tree.read(file) ?? '')) ? file : null;
}

/** What package.json's `main` means as a source file. */
function mainOf(tree: Tree): string | null {
  const main = asString(readJson(tree, 'package.json')?.main);
  return main === null ? fileOrFolder(tree, '', true) : startedFile(tree, main.replace(/^\.?\/?$/, 'index'));
}
