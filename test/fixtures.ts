import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { detect } from '../src/detect/index.ts';
import { openCatalogue } from '../src/edge/catalogue.ts';
import type { Host, Skill, Tree } from '../src/model.ts';
import { loadSkill } from '../src/skills/load.ts';
import { surroundings, treeOf } from './tree.ts';

const fixturesFolder = resolve(import.meta.dirname, '../fixtures');
/** The smallest skill that uses every part of a manifest: what a new skill is copied from. */
export const exampleSkill: Skill = loadSkill(
  'example-skill',
  new Map(Object.entries(filesIn(resolve(import.meta.dirname, 'example-skill')))),
);
export const catalogue = openCatalogue(resolve(import.meta.dirname, '../templates'));

/** A host of ours: where it lies, and the package in it where it is a workspace. */
export interface Fixture {
  name: string;
  files: Readonly<Record<string, string>>;
  workspace: { files: Readonly<Record<string, string>>; folder: string } | null;
}

/** Every fixture; of a workspace, its package that is a backend. */
export const fixtures: readonly Fixture[] = readdirSync(fixturesFolder)
  .filter((name) => statSync(join(fixturesFolder, name)).isDirectory())
  .map((name) => {
    const files = filesIn(join(fixturesFolder, name));
    const folder = ['apps/api', 'packages/api'].find((path) => files[`${path}/package.json`] !== undefined);
    if (folder === undefined) return { name, files, workspace: null };
    const inside = Object.entries(files).filter(([path]) => path.startsWith(`${folder}/`));
    const own = Object.fromEntries(inside.map(([path, text]) => [path.slice(folder.length + 1), text]));
    return { name, files: own, workspace: { files, folder } };
  });

function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

const known = new WeakMap<object, Host>();

/** A project as the tool sees it; found once for each fixture, since nothing changes a host. */
export function hostFor(fixture: Pick<Fixture, 'files' | 'workspace'>, tree?: Tree): Host {
  const before = tree ? undefined : known.get(fixture);
  if (before) return before;
  const { files, workspace } = fixture;
  const own = tree ?? treeOf(files);
  const around = surroundings({ workspace: workspace && { tree: treeOf(workspace.files), folder: workspace.folder } });
  const host = { tree: own, surroundings: around, profile: detect(own, around) };
  if (!tree) known.set(fixture, host);
  return host;
}
