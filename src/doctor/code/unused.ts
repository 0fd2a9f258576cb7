import { asObject, readJson } from '../../detect/json.ts';
import { folderOf, isForeignFolder, within } from '../../detect/paths.ts';
import type { Json, Tree } from '../../model.ts';
import { isServing, type Project } from '../project.ts';

const neededIn = new WeakMap<Tree, ReadonlySet<string>>();
const deepest = 4;

/** True for a file of a package that is its own source, answers nobody, is started by no script, and that no other package depends on. */
export function isUnused(project: Project, path: string): boolean {
  const { around, tree } = project;
  const manifest = manifestOf(project, path);
  if (manifest === null || typeof manifest.name !== 'string') return false;
  const needs = asObject(manifest.dependencies) ?? {};
  if (isServing({ has: (name) => name in needs })) return false;
  const scripts = Object.keys(asObject(manifest.scripts) ?? {});
  const isBuilt = scripts.some((name) => /^(start|dev|serve|build|deploy|prepublish\w*|prepack)\b/.test(name));
  const entries = JSON.stringify([manifest.main, manifest.exports, manifest.types]);
  if (isBuilt || manifest.bin !== undefined || !/(?<!\.d)\.[cm]?ts"/.test(entries)) return false;
  const root = around?.tree ?? tree;
  const needed = neededIn.get(root) ?? neededBelow(root);
  neededIn.set(root, needed);
  return !needed.has(manifest.name);
}

/** What the package around a file declares; null for the root of everything, which nobody needs to depend on. */
function manifestOf({ tree, around, manifest }: Project, path: string): Readonly<Record<string, Json>> | null {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
    const found = readJson(tree, within(folder, 'package.json'));
    if (found !== null) return found;
  }
  return around === null ? null : manifest;
}

/** What the packages of a workspace depend on. */
function neededBelow(root: Tree): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const manifest of manifestsBelow(root))
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])
      for (const name of Object.keys(asObject(manifest[kind]) ?? {})) needed.add(name);
  return needed;
}

type Manifest = Readonly<Record<string, Json>>;
const manifestsOf = new WeakMap<Tree, readonly Manifest[]>();

/** The manifests of a workspace's packages, and its own. */
function manifestsBelow(root: Tree): readonly Manifest[] {
  const before = manifestsOf.get(root);
  if (before) return before;
  const found: Manifest[] = [];
  const visit = (folder: string, depth: number): void => {
    const manifest = readJson(root, folder === '' ? 'package.json' : within(folder, 'package.json'));
    if (manifest) found.push(manifest);
    if (depth === deepest) return;
    for (const entry of root.list(folder)) {
      const name = entry.endsWith('/') ? entry.slice(0, -1) : '';
      if (name === '' || name.startsWith('.') || isForeignFolder(name)) continue;
      visit(folder === '' ? name : within(folder, name), depth + 1);
    }
  };
  visit('', 0);
  manifestsOf.set(root, found);
  return found;
}

/** True for a file of a workspace’s package that pages and programs of phones need, through others too, and no server. */
export function isForClients(project: Project, path: string): boolean {
  const manifest = manifestOf(project, path);
  if (typeof manifest?.name !== 'string') return false;
  const all = manifestsBelow(project.around?.tree ?? project.tree);
  const users = (name: Json | undefined): readonly Manifest[] =>
    all.filter((one) => asObject(one.dependencies)?.[String(name)] !== undefined);
  const seen = new Set<Manifest>(users(manifest.name));
  let isDrawn = false;
  for (const user of seen) {
    const needs = asObject(user.dependencies) ?? {};
    const has = (name: string): boolean => name in needs;
    const draws = drawing.some(has);
    // Beside what draws, Hono is the client of a server elsewhere.
    if (isServing({ has }) || answering.some(has) || (has('hono') && !draws)) return false;
    if (draws) isDrawn = true;
    else for (const next of users(user.name)) seen.add(next);
  }
  return isDrawn;
}

const answering = [
  'express',
  'fastify',
  '@hono/node-server',
  '@nestjs/core',
  'next',
  'bullmq',
  'bull',
  'wrangler',
  'firebase-admin',
];
const drawing = ['react-dom', 'react-native', 'expo', 'vue', 'svelte', '@angular/core', 'solid-js', 'preact'];
