import { UserError } from '../errors.ts';
import type { FrameworkId, Profile, Surroundings, Tree } from '../model.ts';
import { databaseOf, instanceOf, migrationsOf, queueOf, redisOf } from './data.ts';
import { entryOf } from './entry.ts';
import { composeOf, envFilesOf } from './environment.ts';
import { assumed, decide } from './evidence.ts';
import { importExtensionOf } from './extension.ts';
import { sourceFiles } from './files.ts';
import { sourceFolderOf } from './folder.ts';
import {
  declaredFramework,
  frameworkOf,
  frontendOf,
  majorOf,
  nestPlatformOf,
  nextRouterOf,
  trpcOf,
} from './framework.ts';
import { instancesIn } from './instances.ts';
import { asString, demandJson, readJson } from './json.ts';
import { languageOf, moduleSystemOf, strictnessOf } from './language.ts';
import { followImports } from './modules.ts';
import { packageManagerOf, workspaceOf } from './packaging.ts';
import { nodeOf, runtimeOf } from './runtime.ts';
import { type Scene, sceneOf } from './scene.ts';
import { envSchemaOf } from './schema.ts';
import { formatterOf, loggerOf, testRunnerOf, validatorOf } from './tooling.ts';
import { chainOf } from './tsconfig.ts';

/** Every fact of a project, with its evidence. Throws a UserError where package.json is missing, or it or the tsconfig is broken. */
export function detect(tree: Tree, surroundings: Surroundings): Profile {
  demandProject(tree);
  const scene = sceneOf(tree, surroundings);
  const started = entryOf(scene);
  const { framework, creations } = frameworkOf(scene, started.value);
  const entry =
    framework.value === 'next'
      ? decide<string | null>([], { value: null, evidence: assumed('Next starts itself', 'certain') })
      : started;
  const reached = entry.value === null ? [] : followImports(tree, entry.value);
  const frontend = frontendOf(scene);
  const sourceFolder = sourceFolderOf(scene, entry.value, reached, framework.value, frontend.value !== null);
  const files = [...new Set([...reached, ...searched(scene, sourceFolder.value, framework.value === 'next')])];
  const language = languageOf(scene, entry.value, files);
  const moduleSystem = moduleSystemOf(scene, entry.value, framework.value);
  const styled = reached.length > 1 ? reached : files;
  return {
    name: asString(scene.manifest.name) ?? surroundings.workspace?.folder.split('/').at(-1) ?? 'project',
    language,
    moduleSystem,
    packageManager: packageManagerOf(scene),
    workspace: workspaceOf(scene),
    node: nodeOf(scene),
    framework,
    frameworkMajor: majorOf(scene, framework.value),
    nestPlatform: nestPlatformOf(scene, framework.value, creations),
    nextRouter: nextRouterOf(scene, framework.value),
    trpc: trpcOf(scene),
    entry,
    sourceFolder,
    importExtension: importExtensionOf(scene, styled, language.value, moduleSystem.value),
    strictness: strictnessOf(scene, language.value),
    runtime: runtimeOf(scene, reached),
    ...dataOf(scene, files),
    validator: validatorOf(scene),
    envSchema: envSchemaOf(scene, files),
    logger: loggerOf(scene),
    testRunner: testRunnerOf(scene),
    formatter: formatterOf(scene),
    envFiles: envFilesOf(scene),
    compose: composeOf(scene),
    frontend,
    migrations: migrationsOf(scene),
  };
}

/** The framework alone, with as little reading as it takes. Throws as `detect` does. */
export function detectFramework(tree: Tree, surroundings: Surroundings): FrameworkId | null {
  demandProject(tree);
  const declared = declaredFramework(sceneOf(tree, surroundings));
  return declared === undefined ? detect(tree, surroundings).framework.value : declared;
}

function demandProject(tree: Tree): void {
  if (!tree.has('package.json')) {
    throw new UserError('There is no package.json here.', "Run it in your project's folder, or name that with --cwd.");
  }
  demandJson(tree, 'package.json', true);
  if (!readJson(tree, 'package.json')) {
    throw new UserError('package.json:1:1 holds no JSON object.', 'Correct package.json, then run it again.');
  }
  for (const file of chainOf(tree, 'tsconfig.json')) demandJson(tree, file, false);
}

/** Files beyond the reached ones that may hold clients and schemas. */
function searched({ tree }: Scene, folder: string, next: boolean): string[] {
  const root = next && tree.list('src').length > 0 ? 'src' : next ? '' : folder;
  const top = root === '' ? [] : tree.list('').filter((name) => /^env\.[cm]?[jt]s$/.test(name));
  return [...sourceFiles(tree, root), ...top];
}

function dataOf(
  scene: Scene,
  files: readonly string[],
): Pick<Profile, 'database' | 'databaseInstance' | 'redis' | 'redisInstance' | 'queue'> {
  const clients = /drizzle|prisma|kysely|supabase|postgres|redis|['"]pg['"]|neondatabase/i;
  const instances = files.flatMap((file) =>
    clients.test(scene.tree.read(file) ?? '') ? instancesIn(scene.tree, file) : [],
  );
  const database = databaseOf(scene, instances);
  const redis = redisOf(scene, instances);
  return {
    database,
    databaseInstance: instanceOf(instances, database.value),
    redis,
    redisInstance: instanceOf(instances, redis.value),
    queue: queueOf(scene),
  };
}
