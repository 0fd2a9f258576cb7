import { UserError } from '../errors.ts';
import type { Skill, SkillSource } from '../model.ts';
import { isSafePath } from '../text/path.ts';
import { contentHash, excessOf } from './content.ts';
import { faultsInForeign } from './foreign-manifest.ts';
import { faultInJson } from './json-guard.ts';
import { faultsInSkill, loadSkill, readManifest } from './load.ts';
import type { Manifest } from './schema.ts';

/**
 * A skill that is not ours, from its texts: the same loader as for ours, behind bounds and rules for what may mean harm.
 * `source` says where it came from; its hash is taken from the texts where it is not known. Throws a UserError.
 */
export function loadForeign(
  from: string,
  texts: ReadonlyMap<string, string>,
  source: Omit<SkillSource, 'hash'>,
): Skill {
  const own = withoutPackaging(texts);
  const first = faultsInTexts(texts)[0] ?? faultsInOwn(own, true)[0];
  if (first !== undefined) throw invalid(from, first);
  return { ...loadSkill(from, own), source: { from: source.from, resolved: source.resolved, hash: contentHash(own) } };
}

export const invalid = (from: string, fault: string): UserError =>
  new UserError(`The skill "${from}" is not valid: ${fault}`, 'Do not add it; ask who made it to correct it.');

/** Everything that is wrong with a skill that is not ours, for the person who writes it. */
export function faultsOf(texts: ReadonlyMap<string, string>): string[] {
  const outside = faultsInTexts(texts);
  return outside.length > 0 ? outside : faultsInOwn(withoutPackaging(texts), false);
}

/** The hash that the skill of these texts would be agreed to by. */
export const foreignHash = (texts: ReadonlyMap<string, string>): string => contentHash(withoutPackaging(texts));

function faultsInOwn(texts: ReadonlyMap<string, string>, quick: boolean): string[] {
  const manifest = manifestOf(texts);
  if (typeof manifest === 'string') return [manifest];
  const faults = faultsInForeign(manifest);
  // Only what is known to be harmless is looked at more closely.
  return faults.length > 0 || quick ? faults : faultsInSkill(manifest, texts);
}

function manifestOf(texts: ReadonlyMap<string, string>): Manifest | string {
  const text = texts.get('skill.json');
  const fault = text === undefined ? null : faultInJson(text);
  if (fault !== null) return `skill.json ${fault}.`;
  try {
    return readManifest(text, (message) => new UserError(message, ''));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** What lies in the top folder of a package or a repository and is no part of a skill. */
const packaging =
  /^(package\.json|package-lock\.json|\.gitignore|\.gitattributes|\.npmignore|\.editorconfig|\.DS_Store|(readme|license|licence|changelog|notice)(\.\w+)?)$/i;

export const isPackaging = (path: string): boolean => packaging.test(path);

const withoutPackaging = (texts: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...texts].filter(([path]) => !isPackaging(path)));

function faultsInTexts(texts: ReadonlyMap<string, string>): string[] {
  const excess = excessOf(texts);
  if (excess !== null) return [`${excess}.`];
  return [...faultsInPaths([...texts.keys()]), ...faultsInPackage(texts), ...[...texts].flatMap(faultsInText)];
}

function faultsInPaths(paths: readonly string[]): string[] {
  const seen = new Map<string, string>();
  return paths.flatMap((path) => {
    const fault = faultInPath(path);
    if (fault !== null) return [`${JSON.stringify(path)} ${fault}.`];
    const folded = path.normalize('NFKC').toLowerCase();
    const other = seen.get(folded);
    seen.set(folded, path);
    return other === undefined ? [] : [`"${path}" and "${other}" are one file on some systems.`];
  });
}

function faultInPath(path: string): string | null {
  if (path.length > 200) return 'is too long a path';
  if (!isSafePath(path)) return 'is not a path that a skill can have';
  if (isPackaging(path)) return null;
  return path.split('/').some((name) => name.startsWith('.')) ? 'is hidden, and a skill has no hidden files' : null;
}

const lifecycle = /^((pre|post)?(install|uninstall|prepare)|prepublish)$/;

/** A skill is data: a package of one has nothing to run when it is installed. */
function faultsInPackage(texts: ReadonlyMap<string, string>): string[] {
  const text = texts.get('package.json');
  if (text === undefined) return [];
  const fault = faultInJson(text);
  if (fault !== null) return [`package.json ${fault}.`];
  const json: unknown = JSON.parse(text);
  const scripts = typeof json === 'object' && json !== null && 'scripts' in json ? json.scripts : null;
  return Object.keys(Object(scripts))
    .filter((name) => lifecycle.test(name))
    .map((name) => `its package.json has a script "${name}", which would run when it is installed.`);
}

/** Escape sequences and what turns the direction of a text around: the reader would see something else than what is there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a text with a control character is what this finds
const deceiving = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function faultsInText([path, text]: [string, string]): string[] {
  const found = deceiving.exec(text)?.[0];
  if (found === undefined) return [];
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return [`"${path}" has a control character (U+${code}), which hides what it says.`];
}
