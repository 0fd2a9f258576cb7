import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, type Cost, here, measure, median, work } from './measure.ts';
import { binOf, didIt, installPeers, peerJobs, writeHost } from './peers.ts';

/**
 * CPU of the whole command (all its Node processes) ÷ `node -e 0`, and its peak memory, side by side with peers doing
 * their comparable job. Medians of several runs in one go; run on a quiet machine: npm run bench
 */
const runs = 7;

/** The medians of several runs, before each of which something is put right. */
function typical(args: readonly string[], cwd: string, before: () => void = () => {}): Cost {
  const costs = Array.from({ length: runs }, () => {
    before();
    return measure(args, cwd);
  });
  const middle = (what: 'seconds' | 'cpu' | 'megabytes') => median(costs.map((cost) => cost[what]));
  return { seconds: middle('seconds'), cpu: middle('cpu'), megabytes: middle('megabytes'), output: '' };
}

/** An Express service with a 500-line entry; `files` more source files beside it. */
function hostWith(name: string, files: number): string {
  const root = join(work, name);
  cpSync(join(here, 'fixtures/express5-ts-esm'), root, { recursive: true });
  const app = join(root, 'src/app.ts');
  const routes = Array.from(
    { length: 480 },
    (_, n) => `app.get('/item/${n}', (_request, response) => response.json({ n: ${n} }));`,
  );
  writeFileSync(
    app,
    readFileSync(app, 'utf8').replace(
      "app.use('/health', health);",
      `app.use('/health', health);\n${routes.join('\n')}`,
    ),
  );
  for (let n = 0; n < files; n++) {
    const folder = join(root, `src/area${n % 50}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file${n}.ts`), `export const value${n} = ${n};\n`);
  }
  return root;
}

const base = typical(['-e', '0'], work);
const row = (name: string, { cpu, megabytes }: Cost, target: string): void => {
  const ratio = (cpu / base.cpu).toFixed(2).padStart(7);
  process.stdout.write(
    `${name.padEnd(46)} ${ratio} × node   ${String(Math.round(megabytes)).padStart(4)} MB   ${target}\n`,
  );
};

process.stdout.write(
  `Node ${process.version}, medians of ${runs}; node -e 0 takes ${(base.cpu * 1000).toFixed(0)} ms of CPU\n\n`,
);
const small = hostWith('small', 0);
const middle = hostWith('middle', 500);
const large = hostWith('large', 5_000);
const ours = (args: readonly string[], cwd: string, before?: () => void) => typical([bin, ...args], cwd, before);
const addArgs = ['add', 'webhook', '--provider', 'stripe', '--yes', '--no-install'];
const reset = (root: string) => () => {
  if (existsSync(join(root, '.backend-skills')))
    spawnSync(process.execPath, [bin, 'remove', 'webhook', '--yes'], { cwd: root });
};
row('backend-skills --version', ours(['--version'], work), '≤ 1.3');
row('backend-skills --help', ours(['--help'], work), '≤ 1.3');
row('backend-skills list', ours(['list'], small), '≤ 2.5');
row('backend-skills detect', ours(['detect'], small), '≤ 2.5');
row('backend-skills detect (500 files)', ours(['detect'], middle), '≤ 2.5');
row('backend-skills detect (5,000 files)', ours(['detect'], large), '≤ 2.5');
row('backend-skills add webhook (500-line entry)', ours(addArgs, small, reset(small)), '≤ 9');
for (const cwd of [middle, large]) {
  spawnSync(process.execPath, [bin, ...addArgs], { cwd });
  spawnSync(process.execPath, [bin, 'add', 'rate-limit', '--yes', '--no-install'], { cwd });
}
row('backend-skills check (500 files, 2 modules)', ours(['check'], middle), '≤ 2.5');
row('backend-skills check (5,000 files, 2 modules)', ours(['check'], large), '≤ 2.5');

installPeers();
process.stdout.write('\nBeside them, peers that add one feature to a small project of theirs\n\n');
for (const { peer } of peerJobs) row(`${peer} --version`, typical([binOf(peer), '--version'], work), '');
const plain = join(work, 'plain');
cpSync(join(here, 'fixtures/express5-ts-esm'), plain, { recursive: true });
row('backend-skills add webhook (small project)', ours(addArgs, plain, reset(plain)), '');
for (const job of peerJobs) {
  const root = join(work, `peer-${job.peer.replace('/', '-')}`);
  try {
    const cost = typical([binOf(job.peer), ...job.arguments], root, () => writeHost(job, root));
    if (!didIt(job, root)) throw new Error(`${job.title} wrote nothing.`);
    row(job.title, cost, '');
  } catch (error) {
    // Without a network some cannot: what is missing then is their registry.
    const offline = /EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(String(error));
    process.stdout.write(`${job.title.padEnd(46)} ${offline ? 'needs its registry' : `failed: ${String(error)}`}\n`);
  }
}
