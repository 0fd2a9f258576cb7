import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { basePath, lockPath, readLock, writeLock } from '../src/lock/lock.ts';
import type { Lock, LockEntry } from '../src/model.ts';
import { bin, here, measure, median, work } from './measure.ts';

/**
 * How `check --all` grows with a workspace: wall time and memory for 25 to 200 packages of five modules each, every
 * file as it was written. Medians of several runs: npm run bench:check-all
 */
const sizes = [25, 50, 100, 200];
const modules = 5;
const runs = 5;
/** Seconds for the largest. */
const budget = 3;

const root = join(work, 'shop');

const run = (args: readonly string[], cwd: string) => measure([bin, ...args], cwd);

/** One package with five modules: one of ours, and copies of it in folders of their own. */
function template(): string {
  const folder = join(work, 'template');
  cpSync(join(here, 'fixtures/express5-ts-esm'), folder, { recursive: true });
  run(['add', 'webhook', '--provider', 'stripe,github', '--yes', '--no-install'], folder);
  const { lock } = readLock({
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    has: () => true,
    list: () => [],
  });
  const originals = Object.entries(lock.skills);
  const skills: Record<string, LockEntry> = { ...lock.skills };
  for (let n = originals.length; n < modules; n++) {
    const [id, entry] = originals[n % originals.length] ?? [];
    if (id !== undefined && entry !== undefined) skills[`${id}-${n}`] = copyOf(entry, n, folder);
  }
  const text = writeLock({ ...lock, skills } satisfies Lock);
  writeFileSync(join(folder, lockPath), text ?? '');
  return folder;
}

function copyOf(entry: LockEntry, n: number, folder: string): LockEntry {
  const moved = (path: string): string => path.replace(/^((?:src|test|scripts)\/)/, `$1copy${n}/`);
  for (const { path } of entry.files) {
    for (const [from, to] of [
      [path, moved(path)],
      [basePath(path), basePath(moved(path))],
    ] as const) {
      if (!existsSync(join(folder, from))) continue;
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      cpSync(join(folder, from), join(folder, to), { force: true, errorOnExist: false, recursive: true });
    }
  }
  return { ...entry, files: entry.files.map((file) => ({ ...file, path: moved(file.path) })) };
}

const filesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

const from = template();
mkdirSync(join(root, 'packages'), { recursive: true });
writeFileSync(join(root, 'package.json'), '{ "name": "shop", "private": true, "workspaces": ["packages/*"] }\n');
process.stdout.write(
  `Node ${process.version}, medians of ${runs}; ${modules} modules and ${filesIn(from)} files per package\n\n`,
);

const rows: { packages: number; seconds: number; cpu: number }[] = [];
for (const packages of sizes) {
  for (let n = rows.at(-1)?.packages ?? 0; n < packages; n++) {
    const folder = join(root, 'packages', `service-${n}`);
    cpSync(from, folder, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
    // Its text is not what the lock knows any more, so that one host file of each package must be parsed.
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, name: `service-${n}` }, null, 2)}\n`);
  }
  const costs = Array.from({ length: runs }, () => run(['check', '--all'], root));
  for (const { output } of costs) if (!output.includes(`${packages} packages`)) throw new Error(output);
  const seconds = median(costs.map((cost) => cost.seconds));
  const cpu = median(costs.map((cost) => cost.cpu));
  rows.push({ packages, seconds, cpu });
  const each = `${((cpu / packages) * 1000).toFixed(1)} ms per package`;
  const bar = '█'.repeat(Math.round(cpu * 20));
  const megabytes = Math.round(median(costs.map((cost) => cost.megabytes)));
  process.stdout.write(
    `${String(packages).padStart(4)} packages  ${seconds.toFixed(2).padStart(5)} s  ${cpu.toFixed(2).padStart(5)} s of CPU  ${each.padStart(20)}  ${megabytes} MB  ${bar}\n`,
  );
}
const [first, last] = [rows[0], rows.at(-1)];
if (first !== undefined && last !== undefined) {
  const slope = (last.cpu - first.cpu) / (last.packages - first.packages);
  const grown = last.cpu / first.cpu;
  process.stdout.write(
    `\n${(slope * 1000).toFixed(1)} ms for each more; ${last.packages / first.packages} × the packages take ${grown.toFixed(1)} × the CPU; budget ${budget} s: ${last.seconds <= budget ? 'kept' : 'MISSED'}\n`,
  );
  if (last.seconds > budget) process.exitCode = 1;
}
