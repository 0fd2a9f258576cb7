import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { SkillSource } from '../../model.ts';
import type { Source } from '../../skills/source.ts';
import { readFolder } from './folder.ts';
import { fetchRepository } from './git.ts';
import { fetchPackage } from './npm.ts';
import { download, readTarball } from './tarball.ts';

/** The texts of a skill from outside, and where they were found. */
export interface Fetched {
  texts: ReadonlyMap<string, string>;
  source: Omit<SkillSource, 'hash'>;
}

/** A source as it is recorded: a path from the project's root, whatever folder it was typed in. */
export function rooted(source: Source, cwd: string, root: string): Source {
  if (source.kind !== 'folder' && source.kind !== 'tarball') return source;
  const path = relative(root, resolve(cwd, source.path)).split(sep).join('/');
  if (isAbsolute(path) || path.startsWith('.')) return { ...source, path: path === '' ? '.' : path };
  return { ...source, path: path === '' ? '.' : `./${path}` };
}

/** Fetches a rooted source. Throws a UserError where it cannot be had, or is no skill within bounds. */
export async function fetchSource(source: Source, text: string, root: string): Promise<Fetched> {
  switch (source.kind) {
    case 'folder':
      return plain(source.path, readFolder(resolve(root, source.path), source.path));
    case 'tarball':
      return plain(source.path, await readTarball(resolve(root, source.path), source.path));
    case 'download':
      return plain(source.url, await download(source.url, source.url));
    case 'npm': {
      const { texts, version } = await fetchPackage(source, root, text);
      return { texts, source: { from: text, resolved: `npm:${source.name}@${version}` } };
    }
    case 'git': {
      const { texts, commit } = await fetchRepository(source, text);
      return { texts, source: { from: text, resolved: `${text.split('#')[0]}#${commit}` } };
    }
  }
}

const plain = (from: string, texts: ReadonlyMap<string, string>): Fetched => ({
  texts,
  source: { from, resolved: from },
});
