import { importsOf } from '../../detect/imports.ts';
import type { Host, ModuleSystem, Unplaced } from '../../model.ts';
import type { Source } from '../shared/source.ts';
import { type Bootstrap, bootstrapOf, type Creation, type OptionsPlace, optionsPlace } from './creation.ts';
import { memberCalls } from './names.ts';
import { type RootModule, rootOf } from './root.ts';

/** One creation of the app, and where its options are. */
export interface CreatedApp extends Creation {
  options: OptionsPlace;
}

/** The app and its root module: all that locating and wiring need to know. */
export interface Survey {
  bootstrap: Bootstrap;
  /** More than one where the same module is created in several ways in one file. */
  apps: readonly [CreatedApp, ...CreatedApp[]];
  root: RootModule;
  /** Why `rawBody` cannot be set; null where it can. */
  rawRefused: string | null;
}

/** Finds the app, or says why it cannot. */
export function surveyOf(host: Host): Survey | Unplaced {
  const bootstrap = bootstrapOf(host);
  if (!bootstrap) return { unplaced: 'No entry file was found that could start a Nest app.', file: null };
  const [first, ...more] = bootstrap.creations;
  if (!first) return { unplaced: withoutHttp(bootstrap), file: bootstrap.entry };
  const root = rootOf(bootstrap.reach, first);
  if (typeof root === 'string') return { unplaced: root, file: first.source.path };
  const isOther = more.some((one) => {
    const other = rootOf(bootstrap.reach, one);
    return typeof other === 'string' || other.name !== root.name;
  });
  if (isOther)
    return { unplaced: `${first.source.path} creates several apps from different modules.`, file: first.source.path };
  const created = (one: Creation): CreatedApp => ({ ...one, options: optionsPlace(one, keepsBytes(bootstrap)) });
  const apps: Survey['apps'] = [created(first), ...more.map(created)];
  const refused = apps.flatMap(({ options }) => (options.kind === 'none' ? [options.because] : []));
  return { bootstrap, apps, root, rawRefused: refused[0] ?? null };
}

function withoutHttp({ others, entry }: Bootstrap): string {
  if (others.includes('createMicroservice'))
    return 'The app only listens to a message transport (NestFactory.createMicroservice): it has no HTTP server.';
  if (others.includes('createApplicationContext'))
    return 'The app has no HTTP server (NestFactory.createApplicationContext).';
  return `No call of NestFactory.create was found from ${entry}.`;
}

/** True where the host turns a parser on by hand in the way that respects `rawBody`. */
export const keepsBytes = ({ reach }: Bootstrap): boolean =>
  [...reach.sources.values()].some((source) => memberCalls(source, 'useBodyParser').length > 0);

/** How a file imports: by `require` only where it has no `import`. */
export function styleOf({ root }: Source): ModuleSystem {
  const kinds = root.type === 'Program' ? importsOf(root).map(({ kind }) => kind) : [];
  return kinds.includes('require') && !kinds.includes('import') ? 'cjs' : 'esm';
}

/** What `useBodyParser` calls the parser of JSON: a short name on Express, a media type on Fastify. */
export const jsonParser = ({ profile }: Pick<Host, 'profile'>): string =>
  profile.nestPlatform.value === 'fastify' ? 'application/json' : 'json';
