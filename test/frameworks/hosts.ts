import type { Evidence, Fact, FrameworkId, Host, Profile } from '../../src/model.ts';
import { surroundings, treeOf } from '../tree.ts';

const evidence: Evidence = { file: null, line: null, reason: 'given by the test', confidence: 'certain' };

/** A fact without rivals. */
export const fact = <T>(value: T): Fact<T> => ({ value, evidence, rivals: [] });

type Values = { [K in keyof Profile]?: Profile[K] extends Fact<infer T> ? T : Profile[K] };

/** A profile of a plain TypeScript project, with the values that matter to the test. */
function profileOf({ name = 'host', ...values }: Values = {}): Profile {
  const base = {
    language: fact('ts'),
    moduleSystem: fact('esm'),
    packageManager: fact('npm'),
    workspace: fact(null),
    node: fact(20),
    framework: fact('express'),
    frameworkMajor: fact(5),
    nestPlatform: fact(null),
    nextRouter: fact(null),
    trpc: fact(false),
    entry: fact(null),
    sourceFolder: fact('src'),
    importExtension: fact('.js'),
    strictness: fact([]),
    runtime: fact('node'),
    database: fact(null),
    databaseInstance: fact(null),
    redis: fact(null),
    redisInstance: fact(null),
    queue: fact(null),
    validator: fact(null),
    envSchema: fact(null),
    logger: fact(null),
    testRunner: fact(null),
    formatter: fact(null),
    envFiles: fact([]),
    compose: fact([]),
    frontend: fact(null),
    migrations: fact({ folder: 'migrations', tool: 'plain' }),
  } satisfies Omit<Profile, 'name'>;
  const given = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fact(value)]));
  return { ...base, ...given, name };
}

/** A host over texts in memory: its entry, and its language and module system as the entry's name and text say. */
export function hostOf(
  framework: FrameworkId,
  files: Readonly<Record<string, string>>,
  entry: string | null = Object.keys(files)[0] ?? null,
  values: Values = {},
): Host {
  const cjs = entry !== null && /\brequire\(|module\.exports/.test(files[entry] ?? '');
  const language = entry !== null && /\.tsx?$/.test(entry) ? 'ts' : 'js';
  const profile = profileOf({
    framework,
    entry,
    language,
    moduleSystem: cjs ? 'cjs' : 'esm',
    importExtension: cjs ? '' : '.js',
    ...values,
  });
  return { tree: treeOf(files), surroundings: surroundings(), profile };
}
