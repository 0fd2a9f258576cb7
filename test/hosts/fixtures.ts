import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A host project of ours: where it lies, which of its folders is the project, and the set it is installed with. */
export interface Fixture {
  name: string;
  /** The fixture's folder, absolute: the workspace root where it is a workspace. */
  root: string;
  /** The project's folder in it; '' where the fixture is one project. */
  project: string;
  set: SetName;
  manifest: Manifest;
  /** Where its own two endpoints answer. */
  health: string;
  echo: string;
}

/** What we read of a package.json. */
export interface Manifest {
  name?: string;
  type?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export type SetName =
  | 'express4'
  | 'express5'
  | 'fastify4'
  | 'fastify5'
  | 'hono'
  | 'nest10'
  | 'nest11'
  | 'nest12'
  | 'next14'
  | 'next15'
  | 'next16';

const fixturesRoot = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** The fixture of that name. Throws where there is none. */
export function fixture(name: string): Fixture {
  const found = fixtures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no fixture called ${name}.`);
  return found;
}

function fixtureOf(name: string): Fixture | null {
  const root = join(fixturesRoot, name);
  const project = projects(root).find((folder) => setOf(readManifest(join(root, folder))) !== null);
  if (project === undefined) return null;
  const manifest = readManifest(join(root, project));
  const set = setOf(manifest);
  if (set === null || manifest === null) return null;
  const base = set.startsWith('next') ? '/api' : '';
  return {
    name,
    root,
    project,
    set,
    manifest,
    health: `${base}/health`,
    echo: `${base}/echo`,
  };
}

/** The root and the packages one and two folders down, as workspaces have them. */
function projects(root: string): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['node_modules', 'dist', '.next'].includes(entry.name))
      .map((entry) => posix.join(folder, entry.name));
  const first = existsSync(root) ? below('') : [];
  return ['', ...first, ...first.flatMap(below)].filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/** A folder's package.json, or null where there is none that can be read. */
export function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return null; // a fixture of bad input
  }
}

/** Strongest first: Nest projects may declare Express too. The sets' names are a package's and its major version. */
const frameworks = { '@nestjs/core': 'nest', next: 'next', hono: 'hono', fastify: 'fastify', express: 'express' };

function setOf(manifest: Manifest | null): SetName | null {
  const declared = { ...manifest?.devDependencies, ...manifest?.dependencies };
  for (const [name, set] of Object.entries(frameworks)) {
    const range = declared[name];
    if (range === undefined) continue;
    const major = /\d+/.exec(range)?.[0] ?? '';
    return (
      setNames.find((one) => one === set || one === set + major) ??
      setNames.findLast((one) => one.startsWith(set)) ??
      null
    );
  }
  return null;
}

const setNames: readonly SetName[] = [
  ...(['express4', 'express5', 'fastify4', 'fastify5', 'hono'] as const),
  ...(['nest10', 'nest11', 'nest12', 'next14', 'next15', 'next16'] as const),
];

/** Every folder in fixtures/ that holds a host which can be installed and booted, by name. */
export const fixtures: readonly Fixture[] = readdirSync(fixturesRoot)
  .sort()
  .flatMap((name) => fixtureOf(name) ?? []);
