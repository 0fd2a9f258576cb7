import type { Tree } from '../model.ts';
import { yamlOf } from './catalog.ts';
import { asObject, asString, type JsonObject, readJson } from './json.ts';
import { fileOrFolder, sourceOf } from './modules.ts';
import { folderOf, inside, within } from './paths.ts';

export const wranglerFiles = ['wrangler.jsonc', 'wrangler.json', 'wrangler.toml'] as const;
export const serverlessFiles = ['serverless.yml', 'serverless.yaml'] as const;

/** The file that a Cloudflare configuration names as `main`. */
export function wranglerEntry(tree: Tree): string | null {
  const file = wranglerFiles.find((name) => tree.has(name));
  if (!file) return null;
  const toml = /^\s*main\s*=\s*["']([^"']+)["']/m.exec((tree.read(file) ?? '').split(/^\s*\[/m)[0] ?? '')?.[1];
  const main = file.endsWith('.toml') ? (toml ?? null) : asString(readJson(tree, file)?.main);
  const path = main === null ? null : inside(main);
  return path === null ? null : sourceOf(tree, path);
}

/** The file that nest-cli.json starts: of the named project, else of the main one. */
export function nestEntry(tree: Tree, project: string | null): string | null {
  const config = readJson(tree, 'nest-cli.json') ?? {};
  const projects = asObject(config.projects);
  const named = project === null ? null : asObject(projects?.[project]);
  const apps = Object.values(projects ?? {})
    .map(asObject)
    .filter((app) => app !== null);
  const fallback = apps.find((app) => app.type === 'application' && app.root === config.root) ?? null;
  return nestFile(tree, named ?? {}, config) ?? (fallback ? nestFile(tree, fallback, config) : null);
}

function nestFile(tree: Tree, project: JsonObject, config: JsonObject): string | null {
  const root = asString(project.sourceRoot) ?? asString(config.sourceRoot) ?? 'src';
  const file = asString(project.entryFile) ?? asString(config.entryFile) ?? 'main';
  return (
    [inside(root, file), inside(file), inside(root, file.replace(/^src\//, ''))]
      .map((path) => fileOrFolder(tree, path))
      .find((found) => found !== null) ?? null
  );
}

/** The files of the functions in a Serverless configuration. */
export function serverlessEntries(tree: Tree): string[] {
  const file = serverlessFiles.find((name) => tree.has(name));
  const functions = file ? asObject(yamlOf(tree, file)?.functions) : null;
  return Object.values(functions ?? {}).flatMap((value) => {
    const handler = asString(asObject(value)?.handler);
    const path = handler === null ? null : inside(handler.replace(/\.\w+$/, ''));
    return (path === null ? null : sourceOf(tree, path)) ?? [];
  });
}

/** The function file that vercel.json builds, or the one in its own folder. */
export function vercelEntry(tree: Tree): string | null {
  const config = readJson(tree, 'vercel.json');
  const builds = Array.isArray(config?.builds) ? config.builds : [];
  const named = [
    ...builds.map((build) => asString(asObject(build)?.src)),
    ...Object.keys(asObject(config?.functions) ?? {}),
  ];
  for (const name of named) {
    const path = name === null || /\*/.test(name) ? null : inside(name);
    const found = path === null ? null : sourceOf(tree, path);
    if (found !== null) return found;
  }
  return config ? fileOrFolder(tree, within('api', 'index')) : null;
}

/** The last start command of a Dockerfile, as one line of shell. */
export function dockerCommand(tree: Tree): { command: string; line: number } | null {
  const lines = (tree.read('Dockerfile') ?? '').replace(/\\\r?\n/g, '  ').split(/\r?\n/);
  for (const [at, line] of [...lines.entries()].reverse()) {
    const text = /^\s*(?:CMD|ENTRYPOINT)\s+(.*)$/i.exec(line)?.[1];
    if (text === undefined) continue;
    const words = text.startsWith('[') ? (text.match(/"([^"]*)"/g) ?? []).map((word) => word.slice(1, -1)) : [text];
    return { command: words.join(' '), line: at + 1 };
  }
  return null;
}

/** The files that Nx builds: of the project itself, else of its applications. */
export function nxEntries(tree: Tree): { value: string; file: string }[] {
  const projects = tree.has('project.json')
    ? ['project.json']
    : tree.has('nx.json')
      ? tree
          .list('apps')
          .slice(0, 20)
          .map((name) => `apps/${name}project.json`)
      : [];
  return projects.flatMap((file) => {
    const project = readJson(tree, file);
    const targets = asObject(project?.targets) ?? {};
    const mains = Object.values(targets).map((target) => asString(asObject(asObject(target)?.options)?.main));
    const main = mains
      .find((path) => path !== null)
      ?.replace('{projectRoot}', asString(project?.root) ?? folderOf(file));
    const path = main === undefined ? null : (inside(main) ?? null);
    const value = path === null ? null : sourceOf(tree, path);
    return value === null ? [] : [{ value, file }];
  });
}
