import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basePath } from '../../src/lock/lock.ts';
import type { Texts } from '../update/moves.ts';

/** What a released version of a skill left in one host: the host as it was, and what each set of choices wrote. */
export interface Frozen {
  skill: string;
  version: string;
  host: Texts;
  /** Written files by path, merge bases left out where they are the file's text. `rich` is written over `defaults`; null: not there. */
  defaults: Readonly<Record<string, string | null>>;
  rich: Readonly<Record<string, string | null>>;
}

export type Variant = 'defaults' | 'rich';

const here = import.meta.dirname;

/** Every project that a released version has left, with its name. */
export const released: readonly { name: string; frozen: Frozen }[] = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(here, name)).map((file) => `${name}/${file.replace(/\.json$/, '')}`))
  .sort()
  .map((name) => ({ name, frozen: JSON.parse(readFileSync(join(here, `${name}.json`), 'utf8')) }));

/** The project as that version left it. */
export function rebuilt({ host, defaults, rich }: Frozen, variant: Variant): Texts {
  const written = variant === 'rich' ? { ...defaults, ...rich } : defaults;
  const files = new Map(Object.entries(host));
  for (const [path, text] of Object.entries(written)) if (text !== null) files.set(path, text);
  const lock: { skills: Record<string, { files: { path: string; kind: string }[] }> } = JSON.parse(
    files.get('.backend-skills/lock.json') ?? '{}',
  );
  for (const { path, kind } of Object.values(lock.skills).flatMap((entry) => entry.files)) {
    const text = files.get(path);
    if (kind === 'managed' && text !== undefined && !files.has(basePath(path))) files.set(basePath(path), text);
  }
  return Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The other way: what a version has left, as it is kept. */
export function freeze(
  skill: string,
  version: string,
  host: Texts,
  projects: Readonly<Record<Variant, Texts>>,
): Frozen {
  const defaults = slim(written(host, projects.defaults));
  const all = slim(written(host, projects.rich));
  const differs = Object.entries(all).filter(([path, text]) => defaults[path] !== text);
  const absent = Object.keys(defaults).filter((path) => all[path] === undefined);
  const rich = Object.fromEntries([...differs, ...absent.map((path) => [path, null] as const)].sort());
  return { skill, version, host, defaults, rich };
}

const written = (host: Texts, project: Texts): Record<string, string> =>
  Object.fromEntries(Object.entries(project).filter(([path, text]) => host[path] !== text));

/** Without the merge bases that say the same as their files. */
const slim = (files: Readonly<Record<string, string>>): Record<string, string> => {
  const same = new Set(Object.entries(files).map(([path, text]) => `${basePath(path)}\0${text}`));
  return Object.fromEntries(Object.entries(files).filter(([path, text]) => !same.has(`${path}\0${text}`)));
};
