import { followImports, resolveImport } from '../../detect/modules.ts';
import type { AppSite, FrameworkId, Host, ModuleSystem, Unplaced } from '../../model.ts';
import { choose, type Role, roleOf } from './choose.ts';
import { creationsOf, type Maker } from './creations.ts';
import { obstaclesOf } from './obstacles.ts';
import { placesOf } from './places.ts';
import { type Reach, reachOf } from './reach.ts';
import type { Rule } from './rules.ts';
import { lineAt, type Source, textAt } from './source.ts';

/** What the finder needs to know of a framework. */
export interface Manner {
  framework: FrameworkId;
  title: string;
  makers: readonly Maker[];
  /** Links that belong to the creation: `.basePath('/api')`. */
  rootLinks: readonly string[];
  rules: readonly Rule[];
  /** Packages that create the app themselves. */
  builders: readonly string[];
  /** Whether a statement after the chained expression still comes before what matters to a slot. */
  chainIsSafe(reach: Reach, role: Role, slot: 'first' | 'raw'): boolean;
}

export interface Located {
  reach: Reach;
  role: Role;
  site: AppSite;
}

/** The files that the host's entry reaches, parsed. */
export function reachFrom(host: Host, entry: string): Reach {
  return reachOf(host.tree, followImports(host.tree, entry), resolveImport);
}

/** Finds the one app that serves requests and the places around its creation, or says why not. */
export function locateApp(host: Host, manner: Manner): Located | Unplaced {
  const entry = host.profile.entry.value;
  if (entry === null) return { unplaced: 'the file where the process starts was not found', file: null };
  const reach = reachFrom(host, entry);
  if (!reach.sources.has(entry)) return { unplaced: `${entry} could not be read or has a syntax error`, file: entry };
  const creations = creationsOf(reach, manner.makers, manner.rootLinks);
  if (creations.length === 0) return notCreated(reach, manner, entry);
  const chosen = choose(creations.map((creation) => roleOf(reach, creation, entry)));
  if ('unclear' in chosen) return { unplaced: chosen.unclear, file: entry };
  const { role, rivals } = chosen;
  const { source } = role.creation.root;
  const { places, unplaced } = placesOf(reach, role, manner.rules, (slot) => manner.chainIsSafe(reach, role, slot));
  if (Object.keys(places).length === 0)
    return { unplaced: unplaced ?? `no safe place beside ${textAt(role.creation.root)}`, file: source.path };
  const site: AppSite = {
    framework: manner.framework,
    file: source.path,
    app: role.creation.app ?? '',
    style: styleOf(source, host.profile.moduleSystem.value),
    places,
    unplaced,
    prefix: '',
    obstacles: obstaclesOf(reach, host.tree, role, rivals),
  };
  return { reach, role, site };
}

function notCreated(reach: Reach, { title, builders }: Manner, entry: string): Unplaced {
  for (const source of reach.sources.values())
    for (const node of source.nodes) {
      const from = node.type === 'ImportDeclaration' ? node.source.value : null;
      if (from !== null && builders.includes(from))
        return {
          unplaced: `the app is created by ${from} (${source.path}:${lineAt({ source, node })})`,
          file: source.path,
        };
      const required = node.type === 'Literal' && typeof node.value === 'string' && builders.includes(node.value);
      if (required)
        return {
          unplaced: `the app is created by ${node.value} (${source.path}:${lineAt({ source, node })})`,
          file: source.path,
        };
    }
  return { unplaced: `no file that ${entry} imports creates a ${title} app`, file: entry };
}

/** How a file imports: by what it does, else as the project does. */
export function styleOf(source: Source, fallback: ModuleSystem): ModuleSystem {
  const isModule = source.nodes.some((node) => /^(Import|Export\w+)Declaration$|^TSExportAssignment$/.test(node.type));
  if (isModule || /\.[mc]?tsx?$/.test(source.path) || source.path.endsWith('.mjs')) return 'esm';
  const requires = source.nodes.some(
    (node) => node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require',
  );
  return requires || source.path.endsWith('.cjs') ? 'cjs' : fallback;
}
