/** Resolves '.', '..' and doubled slashes of a project path; '' is the root. Keeps leading '..' that lead out. */
export function normalise(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(segment);
  }
  return kept.join('/');
}

/** Joins project paths and normalises; empty parts (the root) vanish. */
export const joinPath = (...parts: readonly string[]): string => normalise(parts.join('/'));

/** The folder of a path; '' for what lies in the root. */
export const dirname = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A path's last segment. */
export const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** How to get from one folder to a path: 'b/c' from 'a' to 'a/b/c', '../b' from 'a' to 'b', '' for the same. */
export function relativePath(fromFolder: string, to: string): string {
  const from = normalise(fromFolder).split('/').filter(Boolean);
  const target = normalise(to).split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < target.length && from[shared] === target[shared]) shared++;
  return [...from.slice(shared).map(() => '..'), ...target.slice(shared)].join('/');
}

/** Names that Windows gives to devices, with or without an extension. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?$/i;
/** Folders that are never ours, as a case-insensitive disk, or one that knows short 8.3 names, would find them. */
const forbidden = /^(\.git|git~[0-9]+|node_modules|node_m~[0-9]+)$/i;
/** Control characters, what Windows refuses or reads as something else (drive letter, stream), and the backslash. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a path with a control character is what this finds
const unsafe = /[\u0000-\u001f\u007f<>:"|?*\\]/;
/** Lone halves of a character, and what is not seen and some file systems ignore (so that '.g\u200cit' would be '.git'). */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Surrogate}\u2028\u2029\ufff9-\ufffb]/u;

const isSafeSegment = (segment: string): boolean =>
  segment !== '' &&
  !/^\.+$/.test(segment) &&
  !/[. ]$/.test(segment) &&
  !device.test(segment) &&
  !forbidden.test(segment);

/** Whether a path from outside (a lock, a skill) names a file in the project on every system. Never throws. */
export function isSafePath(path: string): boolean {
  if (path === '' || unsafe.test(path) || unseen.test(path)) return false;
  return (
    path.normalize('NFC') === path &&
    path.normalize('NFKC').split('/').every(isSafeSegment) &&
    path.split('/').every(isSafeSegment)
  );
}
