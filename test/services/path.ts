import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const suffix = process.platform === 'win32' ? '.exe' : '';

/** The folders of PATH (or of those given) that hold every one of these programs. */
export const foldersWith = (programs: readonly string[], folders = searchPath()): string[] =>
  folders.filter((folder) => programs.every((name) => existsSync(join(folder, name + suffix))));

/** A program's file in a folder, as the platform names it. */
export const program = (folder: string, name: string): string => join(folder, name + suffix);

const searchPath = (): string[] => (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');

/** Debian keeps Postgres off PATH, one folder per major version; the newest first. */
export function debianPostgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const majors = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return foldersWith(
    ['postgres', 'initdb'],
    majors.map((major) => join(root, major, 'bin')),
  );
}
