import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { contentLimits } from '../../skills/content.ts';
import { isPackaging } from '../../skills/foreign.ts';
import { codeOf } from '../files.ts';
import { type Collector, collector, refused } from './texts.ts';

const deepest = 12;

/** The texts of a skill in a folder on this disk. Links and whatever is no plain file are refused, not followed. */
export function readFolder(folder: string, from: string): ReadonlyMap<string, string> {
  if (!isFolder(folder))
    throw new UserError(`There is no folder ${from}.`, 'Give the path of a folder with a skill.json in it.');
  const found = collector(from);
  walk(folder, '', found, from);
  return found.texts;
}

function walk(root: string, below: string, found: Collector, from: string): void {
  if (below.split('/').length > deepest) throw refused(from, `it has folders more than ${deepest} deep`);
  for (const name of namesIn(join(root, below), from)) {
    const path = below === '' ? name : `${below}/${name}`;
    const facts = lstatSync(join(root, path));
    if (facts.isSymbolicLink()) throw refused(from, `${JSON.stringify(path)} is a link`);
    // A repository of the skill's own is not a part of it.
    if (path === '.git') continue;
    if (name === 'node_modules')
      throw refused(from, `${JSON.stringify(path)} is in it, and a skill brings no packages`);
    if (facts.isDirectory()) walk(root, path, found, from);
    else if (isPackaging(path) && path !== 'package.json') continue;
    else if (facts.isFile()) {
      found.expect(path, facts.size);
      found.take(path, bytesOf(join(root, path), path, from));
    } else throw refused(from, `${JSON.stringify(path)} is not a plain file`);
  }
}

/** The names in a folder, in order; no more of them are read than a skill can have. */
function namesIn(folder: string, from: string): string[] {
  const names: string[] = [];
  const open = opendirSync(folder);
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      names.push(entry.name);
      if (names.length > contentLimits.files + 50) throw refused(from, `it has more than ${contentLimits.files} files`);
    }
  } finally {
    open.closeSync();
  }
  return names.sort();
}

/** A file's bytes: what stands there when it is opened is looked at again, and never more is read than it may have. */
function bytesOf(path: string, name: string, from: string): Uint8Array {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(file).isFile()) throw refused(from, `${JSON.stringify(name)} is not a plain file`);
    const bytes = new Uint8Array(contentLimits.file + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > contentLimits.file) throw refused(from, `${JSON.stringify(name)} grew while it was read`);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
