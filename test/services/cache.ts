import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder for what tests fetch once and use again; BS_TEST_CACHE moves it. Outside the repository. */
export function cacheRoot(): string {
  const folder = process.env.BS_TEST_CACHE ?? join(openTemp(), `backend-skills-test-cache-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A temporary folder that other users can walk into: a server that refuses root runs as another user. */
export function openTemp(): string {
  const folders = [tmpdir(), '/tmp', '/var/tmp'];
  return folders.find((folder) => existsSync(folder) && isOpen(folder)) ?? tmpdir();
}

function isOpen(folder: string): boolean {
  if (process.getuid?.() !== 0) return isWritable(folder);
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, 2);
    return true;
  } catch {
    return false;
  }
}

/**
 * A folder of the cache, built once: `build` fills another folder, and a rename puts it in place whole or not at all.
 * Who comes while another process builds the same folder waits for it.
 */
export async function cached(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const place = join(cacheRoot(), name);
  mkdirSync(dirname(place), { recursive: true });
  while (!existsSync(place)) {
    if (takeTurn(`${place}.lock`)) {
      try {
        if (!existsSync(place)) await buildInto(place, build);
      } finally {
        rmSync(`${place}.lock`, { force: true });
      }
    } else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return place;
}

async function buildInto(place: string, build: (folder: string) => Promise<void>): Promise<void> {
  const draft = join(cacheRoot(), `.draft-${randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  chmodSync(draft, 0o755);
  try {
    await build(draft);
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** True when the lock is ours now. A lock whose owner no longer lives is taken away, for the next try. */
function takeTurn(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
