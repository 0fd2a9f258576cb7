import { asObject, asString, readJson } from '../../detect/json.ts';
import type { Tree } from '../../model.ts';

const lockPath = '.backend-skills/lock.json';
let last: { lock: string; files: ReadonlySet<string> } = { lock: '', files: new Set() };

/** True for a file that the lock records as one of our modules' (and not for a host file that a line of ours stands in). */
export function isOurs(tree: Tree, path: string): boolean {
  const lock = tree.read(lockPath);
  if (lock === null) return false;
  if (last.lock !== lock) last = { lock, files: new Set(filesOf(tree)) };
  return last.files.has(path);
}

function filesOf(tree: Tree): string[] {
  const skills = asObject(readJson(tree, lockPath)?.skills) ?? {};
  return Object.values(skills).flatMap((entry) => {
    const files = asObject(entry)?.files;
    return (Array.isArray(files) ? files : []).flatMap((file) => asString(asObject(file)?.path) ?? []);
  });
}
