import { readJson } from '../detect/json.ts';
import type { AppSite, Choices, Host, Skill, Unplaced } from '../model.ts';
import type { ContextName } from '../skills/context.ts';
import { type Facts, factsOf } from '../skills/facts.ts';
import { joinPath } from '../text/path.ts';
import { testPlace } from './tests.ts';

/** What a template sees: the facts, the places in the host, and the choices. */
export type Context = Facts & Readonly<Record<ContextName, unknown>>;

export interface Where {
  /** The module's folder, e.g. 'src/webhooks'. */
  dir: string;
  stamp: string;
  /** Whether the skill's documents go to where the host keeps agent skills. */
  docs: boolean;
}

/** The names of everything that package.json declares. */
export function declared(host: Host): ReadonlyMap<string, string> {
  const manifest = readJson(host.tree, 'package.json') ?? {};
  const groups = ['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies'];
  return new Map(
    groups.flatMap((group) => Object.entries(manifest[group] ?? {}).map(([name, range]) => [name, String(range)])),
  );
}

export const hostFacts = (host: Host, site: AppSite | Unplaced): Facts =>
  factsOf(host.profile, [...declared(host).keys()], site);

/** The extension of the code files that we write. */
export function codeExtension({ profile }: Host): string {
  if (profile.language.value === 'ts') return 'ts';
  const extension = profile.importExtension.value;
  return extension === '.mjs' || extension === '.cjs' ? extension.slice(1) : 'js';
}

/** Everything a template may use, for one skill on one host. `each` is filled in per file. */
export function contextFor(
  skill: Skill,
  host: Host,
  site: AppSite | Unplaced,
  choices: Choices,
  where: Where,
): Context {
  const { profile } = host;
  const convention = 'places' in site ? site.convention : undefined;
  const instance = (value: { file: string; name: string } | null) =>
    value === null ? { specifier: '', name: '' } : { specifier: `#host/${value.file}`, name: value.name };
  const database = instance(profile.databaseInstance.value);
  const redis = instance(profile.redisInstance.value);
  const places = {
    dir: where.dir,
    src: profile.sourceFolder.value,
    ext: codeExtension(host),
    route: convention?.folder ?? '',
    routeName: convention?.fileName ?? 'index',
    ...testPlace(host, where.dir),
    prefix: 'places' in site ? site.prefix : '',
    migrationsFolder: profile.migrations.value.folder,
    stamp: where.stamp,
    databaseImport: database.specifier,
    databaseExport: database.name,
    redisImport: redis.specifier,
    redisExport: redis.name,
    runScript: runScript[profile.packageManager.value],
    runFile: profile.runtime.value === 'bun' ? 'bun' : 'node',
    ...namesOfEach(''),
    named: Object.fromEntries(
      Object.entries(choices).flatMap(([name, value]) =>
        Array.isArray(value) ? [[name, [...value].sort().map(named)]] : [],
      ),
    ),
  };
  // A choice that was not asked for in this host is known all the same: as nothing.
  const undecided = Object.fromEntries(Object.keys(skill.choices).map((name) => [name, '']));
  return { ...undecided, ...hostFacts(host, site), ...places, ...choices } as Context;
}

/** A value of a list as templates name it: `standard-webhooks`, `standardWebhooks`, `StandardWebhooks`. */
const named = (value: string) => ({ value, camel: camelCase(value), pascal: camelCase(`-${value}`) });

const camelCase = (value: string): string =>
  value.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The part of the context that changes from file to file. */
export function namesOfEach(each: string): Readonly<Record<'each' | 'eachCamel' | 'eachPascal', string>> {
  const { camel, pascal } = named(each);
  return { each, eachCamel: camel, eachPascal: pascal };
}

const runScript = { npm: 'npm run', pnpm: 'pnpm', yarn: 'yarn', bun: 'bun run' } as const;

/** Where the module goes unless the user says otherwise. */
export const moduleFolder = (host: Host, folder: string): string => joinPath(host.profile.sourceFolder.value, folder);
