import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type ParsedTarEntryWithData, unpackTar } from 'modern-tar';
import { UserError } from '../../errors.ts';
import { contentLimits } from '../../skills/content.ts';
import { isPackaging } from '../../skills/foreign.ts';
import { codeOf } from '../files.ts';
import { collector, refused } from './texts.ts';

/** Packed, and unpacked with its headers; no tarball of a skill within bounds comes near. */
const most = {
  packed: 12_000_000,
  unpacked: contentLimits.whole + 2_000_000,
  entries: contentLimits.files * 3,
  wait: 60_000,
};

/** The texts of a skill in a tarball on this disk. */
export async function readTarball(path: string, from: string): Promise<ReadonlyMap<string, string>> {
  return unpack(packedBytes(path, from), from);
}

/** The texts of a skill in a tarball behind an https URL; every step on the way is https. */
export async function download(url: string, from: string): Promise<ReadonlyMap<string, string>> {
  const signal = AbortSignal.timeout(most.wait);
  let next = new URL(url);
  for (let hop = 0; hop < 5; hop++) {
    const response = await answerOf(next, signal);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      next = new URL(location, next);
      if (next.protocol !== 'https:') throw refused(from, `it leads to ${next.protocol}//, which is not read`);
      continue;
    }
    if (!response.ok) throw unreachable(from, `the server answered ${response.status}`);
    return unpack(await bodyOf(response, from), from);
  }
  throw unreachable(from, 'it leads from one address to the next');
}

async function answerOf(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw unreachable(url.href, cause instanceof Error ? cause.message : String(cause));
  }
}

async function bodyOf(response: Response, from: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > most.packed) throw refused(from, `it is larger than ${most.packed} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const unreachable = (from: string, why: string): UserError =>
  new UserError(`${from} could not be fetched: ${why}.`, 'Check the address and your connection, then run it again.');

function packedBytes(path: string, from: string): Uint8Array {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > most.packed) throw refused(from, `it is larger than ${most.packed} bytes`);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === null) throw error;
    throw new UserError(`${from} cannot be read (${codeOf(error)}).`, 'Give the path of a tarball (.tgz) of a skill.');
  }
}

/** Everything happens in memory: nothing of a tarball is ever written where its names say. */
async function unpack(packed: Uint8Array, from: string): Promise<ReadonlyMap<string, string>> {
  const entries = await entriesOf(await unzipped(packed, from), from);
  const files = entries.filter(({ header }) => header.type === 'file');
  const top = topOf(files.map(({ header }) => header.name));
  const found = collector(from);
  for (const { header, data } of files) {
    const path = header.name.replace(/^\.\//, '').slice(top.length);
    // What npm and git put beside a skill need not be a text.
    if (isPackaging(path) && path !== 'package.json') continue;
    found.expect(path, header.size);
    found.take(path, data ?? new Uint8Array());
  }
  return found.texts;
}

async function unzipped(packed: Uint8Array, from: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: most.unpacked });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
      throw refused(from, `it has more than ${contentLimits.whole} bytes in all`);
    throw refused(from, 'it is not a gzipped tarball');
  }
}

async function entriesOf(archive: Uint8Array, from: string): Promise<ParsedTarEntryWithData[]> {
  let count = 0;
  try {
    return await unpackTar(archive, {
      strict: true,
      filter: ({ name, type, size }) => {
        count += 1;
        if (count > most.entries) throw refused(from, `it has more than ${contentLimits.files} files`);
        if (type !== 'file' && type !== 'directory')
          throw refused(from, `${JSON.stringify(name)} is a ${type}, not a plain file`);
        if (size > contentLimits.file)
          throw refused(from, `${JSON.stringify(name)} has more than ${contentLimits.file} bytes`);
        if (/^\/|\\|^[A-Za-z]:|(^|\/)\.\.(\/|$)|\0/.test(name))
          throw refused(from, `${JSON.stringify(name)} leads out of it`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refused(from, `it is not a tarball (${(error as Error).message.replace(/\.$/, '')})`);
  }
}

/** 'package/', or whatever the one folder is called that everything lies in; '' where skill.json lies at the top. */
function topOf(names: readonly string[]): string {
  const plain = names.map((name) => name.replace(/^\.\//, ''));
  if (plain.includes('skill.json')) return '';
  const tops = new Set(plain.map((name) => name.split('/')[0]));
  const [top = ''] = tops;
  return tops.size === 1 && plain.every((name) => name.includes('/')) ? `${top}/` : '';
}
