import { isCode } from '../../detect/paths.ts';
import { perFile } from '../../detect/remember.ts';
import { kindOf, type Project } from '../project.ts';
import { importersOf } from './browser.ts';

/** What a function is called by: its name, and the names of what holds it, in small letters. */
export interface Called {
  name: string;
  holders: ReadonlySet<string>;
}

const mostFiles = 20;

/** Files that may call a function: its own; others that call something of its name and import its file, or call it of what holds it, where these are not many. */
export function filesThatMayCall(project: Project, own: string, called: Called, isGivenWhole: boolean): string[] {
  const calling = callingFiles(project, called.name).filter((path) => path !== own);
  const imports = calling.length > 0 || isGivenWhole ? importersThrough(project, own) : nobody;
  const isCommon = calling.length > mostFiles;
  const named = calling.filter(
    (path) => imports.has(path) || (!isCommon && isCalledOf(project.tree.read(path) ?? '', called)),
  );
  // Who imports a default export gives it a name of its own.
  const others = isGivenWhole ? [...named, ...imports] : named;
  return [...new Set([own, ...others.slice(0, mostFiles)])].sort();
}

const nobody: ReadonlySet<string> = new Set();

/** The files that import a file, or one that only passes on what it exports. */
const importersThrough = perFile((project: Project, path: string): ReadonlySet<string> => {
  const direct = importersOf(project, path);
  const passing = direct.filter((one) => passesOn.test(project.tree.read(one) ?? ''));
  return new Set([...direct, ...passing.flatMap((one) => importersOf(project, one))]);
});

const passesOn = /^\s*export\s*(type\s*)?[*{][^;{(]*\bfrom\s*['"]|\bexports\b[^\n;]*=\s*(\{[^}]*)?\brequire\s*\(/m;

/** True where a text calls something of the function's name, of what has the name of what holds it: `users.find(`. */
function isCalledOf(text: string, { name, holders }: Called): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    if (text[at - 1] !== '.') continue;
    const end = skipBack(text, at - 1, isBetween);
    const start = skipBack(text, end, isWord);
    if (start < end && holders.has(plain(text.slice(start, end)))) return true;
  }
  return false;
}

/** What stands between a name and its dot: blanks, and the signs of `users?.find` and `users!.find`. */
const isBetween = (code: number): boolean => isSpace(code) || code === 63 || code === 33;

/** A name in small letters, without the signs between them. */
export const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9\n]/g, '');

const knownFiles = new WeakMap<Project, readonly string[]>();

/** The project's code that runs on the server: asked for by every function, so told apart once. */
function appFiles(project: Project): readonly string[] {
  const before = knownFiles.get(project);
  if (before) return before;
  const files = project.files.filter((path) => {
    const text = isCode(path) ? project.tree.read(path) : null;
    return text !== null && kindOf(path, text) === 'app';
  });
  knownFiles.set(project, files);
  return files;
}

const knownCalls = new WeakMap<Project, ReadonlyMap<string, readonly number[]>>();

/** The server's files that call something of a name. Looking each name up in every file's text would cost functions × text. */
function callingFiles(project: Project, name: string): readonly string[] {
  const files = appFiles(project);
  const calls = knownCalls.get(project) ?? callsIn(project, files);
  knownCalls.set(project, calls);
  return (calls.get(name) ?? []).map((at) => files[at] ?? '');
}

/** By a function's name, the places in a list of the files that call something of that name: numbers, as there are many. */
function callsIn(project: Project, files: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const calls = new Map<string, number[]>();
  for (const [at, path] of files.entries())
    for (const name of calledNames(project.tree.read(path) ?? '')) {
      const places = calls.get(name);
      if (places) places.push(at);
      else calls.set(name, [at]);
    }
  return calls;
}

/** The names that stand before a parenthesis, type arguments between them left out. */
function calledNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at = text.indexOf('('); at !== -1; at = text.indexOf('(', at + 1)) {
    let end = skipBack(text, at, isSpace);
    if (text[end - 1] === '>') end = skipBack(text, text.lastIndexOf('<', end), isSpace);
    const start = skipBack(text, end, isWord);
    if (start < end) names.add(text.slice(start, end));
  }
  return names;
}

function skipBack(text: string, from: number, is: (code: number) => boolean): number {
  let at = from;
  while (at > 0 && is(text.charCodeAt(at - 1))) at--;
  return at;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 36;
