import type { AppSite, Profile, Unplaced } from '../model.ts';

export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What `when` and the templates may ask of a host, by name; '' or 0 where the host has none. */
export const factNames = [
  'language',
  'module',
  'framework',
  'frameworkMajor',
  'nestPlatform',
  'nextRouter',
  'trpc',
  'runtime',
  'node',
  'database',
  'databaseInstance',
  'redis',
  'redisInstance',
  'validator',
  'logger',
  'testRunner',
  'migrations',
  'strict',
  'dependency',
  'placement',
] as const;

/** Flattens a profile to the values that manifests compare with. `dependencies` are the names in package.json. */
export function factsOf(profile: Profile, dependencies: readonly string[], site: AppSite | Unplaced): Facts {
  return {
    language: profile.language.value,
    module: profile.moduleSystem.value,
    framework: profile.framework.value ?? '',
    frameworkMajor: profile.frameworkMajor.value,
    nestPlatform: profile.nestPlatform.value ?? '',
    nextRouter: profile.nextRouter.value ?? '',
    trpc: profile.trpc.value,
    runtime: profile.runtime.value,
    node: profile.node.value,
    database: profile.database.value ?? '',
    databaseInstance: profile.databaseInstance.value !== null,
    redis: profile.redis.value ?? '',
    redisInstance: profile.redisInstance.value !== null,
    validator: profile.validator.value ?? '',
    logger: profile.logger.value ?? '',
    testRunner: profile.testRunner.value ?? '',
    migrations: profile.migrations.value.tool,
    strict: profile.strictness.value.includes('strict'),
    dependency: dependencies,
    placement: placementOf(site),
  } satisfies Record<(typeof factNames)[number], unknown>;
}

function placementOf(site: AppSite | Unplaced): 'patch' | 'convention' | 'manual' {
  if (!('places' in site)) return 'manual';
  return Object.values(site.places).some((place) => place.kind === 'convention') ? 'convention' : 'patch';
}
