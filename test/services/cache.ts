import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
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

/** A folder of the cache, built once: `build` fills another folder, and a rename puts it in place whole or not at all. */
export async function cached(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const place = join(cacheRoot(), name);
  if (existsSync(place)) return place;
  const draft = join(cacheRoot(), `.draft-${randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  chmodSync(draft, 0o755);
  try {
    await build(draft);
    mkdirSync(dirname(place), { recursive: true });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error; // else another run was first, and its folder is as good
  }
  return place;
}
