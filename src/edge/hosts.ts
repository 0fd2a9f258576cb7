import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A small project that skills are tried on; of a workspace, its package that is a backend. */
export interface TrialHost {
  name: string;
  /** The project's own files, by path. */
  files: Readonly<Record<string, string>>;
  workspace: { files: Readonly<Record<string, string>>; folder: string } | null;
}

/** The hosts that ship with the program: one file beside it, or the folders of the repository. */
export function openHosts(): TrialHost[] {
  const packed = fileURLToPath(new URL('./hosts.json', import.meta.url));
  const all = existsSync(packed)
    ? (JSON.parse(readFileSync(packed, 'utf8')) as Packed)
    : packHosts(fileURLToPath(new URL('../../fixtures', import.meta.url)));
  return Object.entries(all).map(([name, files]) => hostOf(name, files));
}

type Packed = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Every host of a folder as data: name → path → text. For the build, which makes one file of it. */
export function packHosts(folder: string): Packed {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries(names.map(({ name }) => [name, filesIn(join(folder, name))]).sort());
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .sort();
  return Object.fromEntries(
    files.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

function hostOf(name: string, files: Readonly<Record<string, string>>): TrialHost {
  const folder = ['apps/api', 'packages/api'].find((path) => files[`${path}/package.json`] !== undefined);
  if (folder === undefined) return { name, files, workspace: null };
  const own = Object.entries(files).filter(([path]) => path.startsWith(`${folder}/`));
  return {
    name,
    files: Object.fromEntries(own.map(([path, text]) => [path.slice(folder.length + 1), text])),
    workspace: { files, folder },
  };
}
