import type { Host, Obstacle } from '../../model.ts';
import { dotted, type Syntax } from '../../text/syntax.ts';
import type { Role } from '../shared/choose.ts';
import type { Creation } from '../shared/creations.ts';
import { definitionOf, exportOf } from '../shared/exports.ts';
import { type Located, reachFrom, styleOf } from '../shared/locate.ts';
import { functionBody, parametersOf, usesOf } from '../shared/names.ts';
import { obstaclesOf } from '../shared/obstacles.ts';
import { along } from '../shared/places.ts';
import type { Rule } from '../shared/rules.ts';
import type { Spot } from '../shared/source.ts';

/** An entry that is itself a plugin, run by Fastify's command line: the app is its first parameter. Null for any other entry. */
export function pluginSite(host: Host, rules: readonly Rule[]): Located | null {
  const entry = host.profile.entry.value;
  const reach = entry === null ? null : reachFrom(host, entry);
  const source = entry === null ? undefined : reach?.sources.get(entry);
  const value = reach && source ? exportOf(reach, source, 'default') : null;
  const plugin = reach && value ? definitionOf(reach, value) : null;
  const [parameter] = plugin ? (parametersOf(plugin.node) ?? []) : [];
  const app = parameter ? dotted(parameter) : null;
  const body = plugin ? functionBody(plugin.node) : null;
  if (!reach || !source || !plugin || !parameter || app === null || !body?.[0] || plugin.source !== source) return null;
  const role = roleIn(plugin, parameter, app);
  const { places, unplaced } = along(reach, role, rules, { statement: body[0], position: 'before' }, body);
  const obstacles: Obstacle[] = obstaclesOf(reach, host.tree, role, []);
  const style = styleOf(source, host.profile.moduleSystem.value);
  const { first } = places;
  const site = {
    framework: 'fastify' as const,
    file: source.path,
    app,
    style,
    unplaced,
    prefix: commandPrefix(host),
    obstacles,
  };
  return { reach, role, site: { ...site, places: first ? { ...places, raw: first } : places } };
}

function roleIn({ source, node }: Spot, parameter: Syntax, app: string): Role {
  const root = { source, node: parameter };
  const creation: Creation = { root, links: [], app, kind: 'statement', value: root };
  return { creation, uses: usesOf(source, app, node), served: true, mounted: [], composed: true };
}

/** `fastify start --prefix /api app.js` in the scripts of package.json. */
function commandPrefix({ tree }: Host): string {
  const command = /\bfastify start\b[^"]*/.exec(tree.read('package.json') ?? '')?.[0] ?? '';
  return /(?:--prefix|-r)[= ]+(\/[\w/-]+)/.exec(command)?.[1] ?? '';
}
