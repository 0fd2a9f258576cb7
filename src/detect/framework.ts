import type { Fact, FrameworkId, Profile } from '../model.ts';
import { lowest } from './catalog.ts';
import { type Creation, creationsIn } from './creations.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { asString, readJson } from './json.ts';
import { followImports } from './modules.ts';
import { dependency, dependsOn, exists, type Scene, script } from './scene.ts';

const packages: Readonly<Record<FrameworkId, string>> = {
  nest: '@nestjs/core',
  next: 'next',
  fastify: 'fastify',
  hono: 'hono',
  express: 'express',
};
const ids = ['nest', 'next', 'fastify', 'hono', 'express'] as const;
const launchers: Partial<Record<FrameworkId, RegExp>> = {
  nest: /\bnest start\b/,
  next: /\bnext\s*(dev|start|$|&&)/,
  fastify: /\bfastify start\b/,
};

/** The framework: a direct dependency, and of several the one that the entry's files create or a script launches. */
export function frameworkOf(
  scene: Scene,
  entry: string | null,
): { framework: Fact<FrameworkId | null>; creations: readonly Creation[] } {
  const creations =
    entry === null ? [] : followImports(scene.tree, entry).flatMap((file) => creationsIn(scene.tree, file));
  const candidates = ids.flatMap((id) => candidate(scene, id, creations));
  const nest = candidates.find(({ value }) => value === 'nest');
  const contested = candidates.filter(({ value }) => !nest || (value !== 'express' && value !== 'fastify'));
  const ordered = withoutTie([...contested].sort((a, b) => b.weight - a.weight));
  const otherwise = {
    value: null,
    evidence: assumed('package.json depends on no framework that is supported', 'certain'),
  };
  return {
    framework: decide<FrameworkId | null>(
      ordered.map(({ value, evidence }) => ({ value, evidence })),
      otherwise,
    ),
    creations,
  };
}

/** Of two apps that one file creates, nothing says which serves: neither is certain. A script that launches the first one does. */
function withoutTie<T extends Candidate<FrameworkId> & { launched: boolean }>(ordered: readonly T[]): readonly T[] {
  const [first] = ordered;
  if (!first || first.launched || first.evidence.confidence !== 'certain') return ordered;
  const tied = ordered.filter(
    ({ evidence }) => evidence.confidence === 'certain' && evidence.file === first.evidence.file,
  );
  if (tied.length < 2) return ordered;
  return ordered.map((one) =>
    tied.includes(one) ? { ...one, evidence: { ...one.evidence, confidence: 'likely' as const } } : one,
  );
}

/** The framework where package.json alone decides it, and no file need be parsed; undefined where it does not. */
export function declaredFramework(scene: Scene): FrameworkId | null | undefined {
  const declared = ids.filter((id) => dependency(scene, packages[id]) !== null);
  const isNest = declared.includes('nest');
  const contested = declared.filter((id) => !isNest || (id !== 'express' && id !== 'fastify'));
  return contested.length > 1 ? undefined : (contested[0] ?? null);
}

function candidate(
  scene: Scene,
  id: FrameworkId,
  creations: readonly Creation[],
): (Candidate<FrameworkId> & { weight: number; launched: boolean })[] {
  const found = dependency(scene, packages[id]);
  if (!found) return [];
  const rank = creations.findIndex(({ framework }) => framework === id);
  const creation = creations[rank];
  const launcher = launchers[id];
  const launch = launcher ? script(scene, launcher) : null;
  const weight =
    (found.kind === 'dependencies' ? 2 : 1) + (launch ? 4 : 0) + (creation ? 6 - Math.min(rank, 10) / 10 : 0);
  const evidence = creation
    ? seen(creation.file, creation.line, `${found.evidence.reason}, and ${creation.file} creates the app`)
    : (launch ?? {
        ...found.evidence,
        confidence: found.kind === 'dependencies' ? ('likely' as const) : ('guess' as const),
      });
  return [{ value: id, evidence, weight, launched: launch !== null }];
}

/** The major version: of what is installed, else the lowest that the range allows; 0 where neither says. */
export function majorOf(scene: Scene, framework: FrameworkId | null): Fact<number> {
  const unknown = { value: 0, evidence: assumed('no version to read') };
  if (framework === null) return decide([], unknown);
  const name = packages[framework];
  const manifest = `node_modules/${name}/package.json`;
  const roots = [scene.tree, scene.surroundings.workspace?.tree];
  const installed = roots
    .map((tree) => tree && asString(readJson(tree, manifest)?.version))
    .find((version) => typeof version === 'string');
  const declared = dependency(scene, name);
  const range = lowest(declared?.range ?? null);
  return decide(
    [
      ...row(
        lowest(installed ?? null)?.major ?? 0,
        installed ? seen(manifest, null, `${name} ${installed} is installed`) : null,
      ),
      ...(range && declared
        ? row(range.major, {
            ...declared.evidence,
            reason: `package.json asks for ${name} ${declared.range}`,
            confidence: 'likely',
          })
        : []),
    ],
    unknown,
  );
}

/** Nest: the platform that its app is created on. */
export function nestPlatformOf(
  scene: Scene,
  framework: FrameworkId | null,
  creations: readonly Creation[],
): Profile['nestPlatform'] {
  if (framework !== 'nest') return decide([], { value: null, evidence: assumed('not a Nest app', 'certain') });
  const made = creations.find(({ framework: id }) => id === 'nest');
  const evidence = made
    ? seen(made.file, made.line, `NestFactory.create is given ${made.fastifyAdapter ? 'a' : 'no'} FastifyAdapter`)
    : null;
  return decide(
    [
      ...(made?.fastifyAdapter ? row<'express' | 'fastify'>('fastify', evidence) : []),
      ...row<'express' | 'fastify'>('express', dependsOn(scene, '@nestjs/platform-express')),
      ...row<'express' | 'fastify'>('fastify', dependsOn(scene, '@nestjs/platform-fastify')),
    ],
    { value: 'express', evidence: assumed("Nest's default platform") },
  );
}

/** Next: the router that new endpoints go to; the Pages Router only where there is nothing else. */
export function nextRouterOf({ tree }: Scene, framework: FrameworkId | null): Profile['nextRouter'] {
  if (framework !== 'next') return decide([], { value: null, evidence: assumed('not a Next app', 'certain') });
  const folder = (name: string) => [`src/${name}`, name].find((path) => tree.list(path).length > 0);
  const [app, pages] = [folder('app'), folder('pages')];
  return decide(
    [
      ...row<'app' | 'pages'>('app', app === undefined ? null : seen(app, null, `the folder ${app} exists`)),
      ...row<'app' | 'pages'>(
        'pages',
        pages === undefined ? null : seen(pages, null, `only the folder ${pages} exists`),
      ),
    ],
    { value: 'app', evidence: assumed('neither an app nor a pages folder yet') },
  );
}

/** Whether a tRPC layer stands on the framework. */
export const trpcOf = (scene: Scene): Fact<boolean> =>
  decide(row(true, dependsOn(scene, '@trpc/server')), {
    value: false,
    evidence: assumed('package.json does not depend on @trpc/server', 'certain'),
  });

/** The front end beside or inside the project. */
export function frontendOf(scene: Scene): Profile['frontend'] {
  return decide(
    [
      ...row<'react' | 'vue' | 'svelte'>('react', dependsOn(scene, 'react', 'next')),
      ...row<'react' | 'vue' | 'svelte'>('vue', dependsOn(scene, 'vue', 'nuxt')),
      ...row<'react' | 'vue' | 'svelte'>(
        'svelte',
        dependsOn(scene, 'svelte', '@sveltejs/kit') ?? exists(scene, 'svelte.config.js'),
      ),
    ],
    { value: null, evidence: assumed('package.json depends on no front-end framework', 'certain') },
  );
}
