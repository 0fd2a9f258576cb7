import { express } from '../../src/frameworks/express.ts';
import { fastify } from '../../src/frameworks/fastify.ts';
import { hono } from '../../src/frameworks/hono.ts';
import type { AppSite, Host, Place, Unplaced } from '../../src/model.ts';
import type { hostOf } from './hosts.ts';

const rooms = { express, fastify, hono };

/** What a table row expects of a site: unset keys are not compared. */
export interface Expected {
  unplaced?: RegExp;
  file?: string;
  app?: string;
  first?: string;
  raw?: string;
  routes?: string | null;
  prefix?: string;
  obstacles?: readonly string[];
  line?: string | null;
}

export type Row = [
  title: string,
  expected: Expected,
  files: Record<string, string>,
  entry?: string | null,
  values?: Parameters<typeof hostOf>[3],
];

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** A place in one line: 'after const app = express();'. */
function placeText(place: Place | undefined): string | null {
  if (!place) return null;
  if (place.kind === 'statement')
    return `${place.anchor.position} ${firstLine(place.anchor.statement)}${place.anchor.nth > 0 ? ` #${place.anchor.nth}` : ''}`;
  return place.kind === 'chain' ? `chain ${place.root}${place.nth > 0 ? ` #${place.nth}` : ''}` : place.kind;
}

/** What was found, with only the keys that a row names. */
export function found(
  site: AppSite | Unplaced,
  expected: Expected,
  host: Host,
): Partial<Record<keyof Expected, unknown>> {
  if (!('places' in site)) return { unplaced: site.unplaced };
  const wired = rooms[site.framework as keyof typeof rooms].wire(
    { slot: 'raw', name: 'webhooks', file: `src/webhooks/index.${host.profile.language.value}`, mount: '/webhooks' },
    site,
    host,
  );
  const op = wired.ops.at(-1);
  const all = {
    file: site.file,
    app: site.app,
    first: placeText(site.places.first),
    raw: placeText(site.places.raw),
    routes: placeText(site.places.routes),
    prefix: site.prefix,
    obstacles: site.obstacles.map(({ kind }) => kind),
    line: op && 'text' in op ? op.text : null,
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in expected));
}
