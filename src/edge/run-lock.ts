import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Disk } from './disk.ts';
import { bytesOf, codeOf, deleteFile, deleteIfEmpty, factsOf, makeFolders, unless, writeNew } from './files.ts';
import { resolveInside } from './inside.ts';
import { isRecord } from './splice.ts';

interface Holder {
  pid: number;
  host: string;
  since: string;
  command: string;
}

const draft = /^run\.lock(\.takeover)?\.[0-9a-f]{16}$/;
const attempts = 50;
const pauseMs = 20;

/** Takes the project's run lock; gives the way to let it go. Throws UserError where another living process holds it. */
export function takeRunLock(root: string, disk: Disk): () => void {
  const path = resolveInside(root, '.backend-skills/run.lock', disk.files);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 1) pause();
    if (place(path, disk)) return () => release(path, disk);
    const holder = holderOf(path, disk);
    if (holder === null) continue;
    if (!isStale(holder, disk)) throw heldBy(holder);
    takeAway(path, disk);
  }
  throw new UserError(
    'The run lock .backend-skills/run.lock changes hands without end.',
    'Wait for other runs to finish, then run the command again.',
  );
}

/** Takes away what runs that died have left of the lock. Never touches a living run's. */
export function sweepRunLock(root: string, disk: Disk): void {
  const path = resolveInside(root, '.backend-skills/run.lock', disk.files);
  for (const name of unless(['ENOENT', 'ENOTDIR'], () => disk.files.readdirSync(dirname(path)), [])) {
    const file = join(dirname(path), name);
    if (!draft.test(name) && name !== 'run.lock.takeover') continue;
    const holder = holderOf(file, disk);
    if (holder === null || isStale(holder, disk)) deleteFile(disk.files, file);
  }
  deleteIfEmpty(disk.files, dirname(path));
}

/** True where a file or a leftover of the lock lies in the project. */
export function hasRunLock(root: string, disk: Disk): boolean {
  const folder = resolveInside(root, '.backend-skills', disk.files);
  const names = unless(['ENOENT', 'ENOTDIR'], () => disk.files.readdirSync(folder), null);
  return names !== null && (names.length === 0 || names.some((name) => name.startsWith('run.lock')));
}

const pause = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);

// The lock appears with its content in one step (a link), so that nobody ever reads half of it.
function place(path: string, { files, run }: Disk): boolean {
  const holder: Holder = { pid: run.pid, host: run.host, since: run.now().toISOString(), command: run.command };
  const bytes = Buffer.from(`${JSON.stringify(holder)}\n`);
  const own = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    makeFolders(files, dirname(path));
    writeNew(files, own, bytes);
    return linked(own, path, bytes, { files });
  } catch (error) {
    // Somebody swept our draft, or the folder that another run left empty.
    if (codeOf(error) === 'ENOENT') return false;
    quietly(() => deleteFile(files, own));
    quietly(() => deleteIfEmpty(files, dirname(path)));
    throw error;
  } finally {
    quietly(() => deleteFile(files, own));
  }
}

function linked(own: string, path: string, bytes: Buffer, { files }: Pick<Disk, 'files'>): boolean {
  try {
    files.linkSync(own, path);
    return true;
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'EEXIST') return false;
    // A file system without links: the second best, an exclusive create.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error;
    const create = (): boolean => {
      writeNew(files, path, bytes);
      return true;
    };
    return unless(['EEXIST'], create, false);
  }
}

// A lock that cannot be removed must not fail a run that is over: it counts as dead as soon as this process is.
function release(path: string, { files }: Disk): void {
  quietly(() => deleteFile(files, path));
  quietly(() => deleteIfEmpty(files, dirname(path)));
}

function quietly(run: () => void): void {
  try {
    run();
  } catch {
    // What is left is swept by the next run.
  }
}

// Only who holds the takeover file may take a dead run's lock away, and looks again before doing so.
function takeAway(path: string, disk: Disk): void {
  const guard = `${path}.takeover`;
  if (!place(guard, disk)) {
    const holder = holderOf(guard, disk);
    if (holder !== null && isStale(holder, disk)) deleteFile(disk.files, guard);
    return;
  }
  try {
    const holder = holderOf(path, disk);
    if (holder !== null && isStale(holder, disk)) deleteFile(disk.files, path);
  } finally {
    deleteFile(disk.files, guard);
  }
}

function holderOf(path: string, { files }: Disk): Holder | null {
  if (factsOf(files, path) === null) return null;
  const text = bytesOf(files, path)?.toString('utf8');
  return text === undefined ? null : parseHolder(text);
}

// A lock that cannot be read belongs to nobody: pid 0 counts as dead.
function parseHolder(text: string): Holder {
  const nobody: Holder = { pid: 0, host: '', since: '', command: '' };
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return nobody;
    const { pid, host, since, command } = value;
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return nobody;
    if (typeof host !== 'string' || typeof since !== 'string' || typeof command !== 'string') return nobody;
    return { pid, host, since, command };
  } catch {
    return nobody;
  }
}

const isStale = (holder: Holder, { run }: Disk): boolean =>
  holder.pid === 0 || (holder.host === run.host && !run.alive(holder.pid));

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);

const heldBy = ({ pid, host, since, command }: Holder): UserError =>
  new UserError(
    `Another run is at work here: \`${printable(command)}\` (process ${pid} on ${printable(host)}, since ${printable(since)}).`,
    'Wait until it has finished; if it is surely gone, delete .backend-skills/run.lock.',
  );
