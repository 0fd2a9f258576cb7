import type { Evidence, Fact, Runtime, Tree } from '../model.ts';
import { lowest } from './catalog.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { asObject, asString } from './json.ts';
import { serverlessFiles, wranglerFiles } from './platforms.ts';
import { dependency, dependsOn, exists, keyLine, type Scene, script, textLine } from './scene.ts';

/** Where the host runs: by its deployment's configuration, then by what it depends on; Node where nothing says otherwise. */
export function runtimeOf(scene: Scene, files: readonly string[]): Fact<Runtime> {
  const docker = exists(scene, 'Dockerfile', 'Procfile', 'fly.toml', 'render.yaml', 'railway.json');
  const wrapped =
    files
      .map((file) =>
        using(
          scene.tree,
          file,
          /\b(serverless-http|@(vendia|codegenie)\/serverless-express|hono\/aws-lambda|@fastify\/aws-lambda)\b/,
        ),
      )
      .find(Boolean) ?? null;
  const bun =
    files.map((file) => using(scene.tree, file, /\bBun\.serve\b|from ['"]hono\/bun['"]/)).find(Boolean) ?? null;
  const bunRuns = script(scene, /^(\w+=\S+\s+)*bun\s+(run\s+)?(--\S+\s+)*\S+\.[jt]sx?\b/, ['start', 'dev']);
  return decide<Runtime>(
    [
      ...row<Runtime>('workers', exists(scene, ...wranglerFiles)),
      ...row<Runtime>('lambda', exists(scene, ...serverlessFiles)),
      ...row<Runtime>('lambda', wrapped),
      ...row<Runtime>('vercel', exists(scene, 'vercel.json', 'vercel.ts', '.vercel/project.json')),
      ...row<Runtime>('bun', bun ?? bunRuns),
      ...row<Runtime>('node', docker),
      ...row<Runtime>(
        'vercel',
        dependsOn(
          scene,
          '@vercel/node',
          '@vercel/functions',
          '@vercel/analytics',
          '@vercel/speed-insights',
          '@vercel/postgres',
        ),
      ),
      ...row<Runtime>('workers', dependsOn(scene, 'wrangler')),
    ],
    { value: 'node', evidence: assumed('nothing names another runtime', 'likely') },
  );
}

function using(tree: Tree, file: string, pattern: RegExp): Evidence | null {
  const found = pattern.exec(tree.read(file) ?? '')?.[0];
  return found === undefined ? null : seen(file, textLine(tree, file, found), `${file} uses ${found}`, 'likely');
}

const releases: Readonly<Record<string, number>> = { gallium: 16, hydrogen: 18, iron: 20, jod: 22, krypton: 24 };

/** The lowest Node major that the host supports; the running one where it does not say. */
export function nodeOf(scene: Scene): Fact<number> {
  const { tree, manifest, rootManifest, surroundings } = scene;
  const engines = asString(asObject(manifest.engines)?.node);
  const rootEngines = asString(asObject(rootManifest?.engines)?.node);
  const volta = asString(asObject(manifest.volta)?.node);
  const docker = /^\s*FROM\s+(?:--\S+\s+)?\S*?\bnode:v?(\d+)/im.exec(tree.read('Dockerfile') ?? '');
  const types = dependency(scene, '@types/node')?.range ?? null;
  return decide(
    [
      ...major(
        engines,
        'package.json',
        keyLine(tree, 'package.json', 'engines'),
        `package.json asks for Node ${engines}`,
      ),
      ...major(volta, 'package.json', keyLine(tree, 'package.json', 'volta'), `volta pins Node ${volta}`),
      ...['.nvmrc', '.node-version', '.tool-versions'].flatMap((file) => {
        const text = (tree.read(file) ?? '').trim();
        const version = file === '.tool-versions' ? (/^node(?:js)?\s+(\S+)/m.exec(text)?.[1] ?? '') : text;
        return major(
          releases[version.replace(/^lts\//, '').toLowerCase()]?.toString() ?? version,
          file,
          1,
          `${file} says ${version}`,
        );
      }),
      ...major(
        docker?.[1] ?? null,
        'Dockerfile',
        docker && textLine(tree, 'Dockerfile', docker[0].trim()),
        `the Dockerfile builds on Node ${docker?.[1]}`,
      ),
      ...major(rootEngines, null, null, `the workspace root asks for Node ${rootEngines}`),
      ...major(types, 'package.json', keyLine(tree, 'package.json', '@types/node'), `@types/node is ${types}`).map(
        (one) => ({ ...one, evidence: { ...one.evidence, confidence: 'guess' as const } }),
      ),
    ],
    {
      value: lowest(surroundings.node)?.major ?? 20,
      evidence: assumed(`the Node that runs now is ${surroundings.node}`),
    },
  );
}

function major(range: string | null, file: string | null, line: number | null, reason: string): Candidate<number>[] {
  const found = range === null ? null : lowest(range);
  return found ? [{ value: found.major, evidence: seen(file, line, reason) }] : [];
}
