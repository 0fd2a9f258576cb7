import { asObject, asString, readJson } from '../../detect/json.ts';
import { isForeignFolder, within } from '../../detect/paths.ts';
import type { Tree } from '../../model.ts';
import type { Project } from '../project.ts';
import { dockerfiles, isImageFile, runsNode, startOf } from './dockerfile.ts';

/** Files by which platforms are told how to run a container or a process; they give the port. */
export const platforms = [
  'Procfile',
  'fly.toml',
  'render.yaml',
  'railway.json',
  'railway.toml',
  'app.yaml',
  'app.yml',
  'heroku.yml',
  'nixpacks.toml',
];

/** Settings of a program that keeps processes running on a machine (pm2). */
const keeping = /^ecosystem\.config\.(c?js|json|ya?ml)$/;

/** True where an image or a platform's file at the root says how the project is run. */
export const isDeployed = (project: Project): boolean =>
  dockerfiles(project).some(runsNode) || platforms.some((path) => project.tree.has(path));

/** The same, or settings by which a machine keeps it running. */
export const isKeptRunning = (project: Project): boolean =>
  isDeployed(project) || project.tree.list('').some((name) => keeping.test(name));

/**
 * Whether what deploys the other folders around a project deploys it too, by its folder or its name; null where nothing
 * there deploys anything.
 */
export function isDeployedAround({ around, manifest }: Project): boolean | null {
  if (around === null) return null;
  const texts = deployingIn(around.tree);
  if (texts.length === 0) return null;
  const scripts = Object.entries(asObject(readJson(around.tree, 'package.json')?.scripts) ?? {})
    .filter(([name]) => /^(start|serve|prod|deploy)/.test(name))
    .map(([, command]) => asString(command) ?? '');
  const names = [around.folder, asString(manifest.name) ?? around.folder].map(
    (name) => new RegExp(`(?<![\\w@/-])(\\./)?${name.replace(/[^\w/@-]/g, '\\$&')}(?![\\w-])`),
  );
  return [...texts, ...scripts].some((text) => names.some((name) => name.test(text)));
}

/** Of files that may be what a project starts, the one that its image, its platform or its scripts name; else the first. */
export function startedOf<T extends { path: string | null }>(project: Project, files: readonly T[]): T | null {
  const commands = [
    ...dockerfiles(project).flatMap((file) => {
      const { entry, command } = startOf(file);
      return [entry, command].flatMap((step) => (step ? [step.text] : []));
    }),
    project.tree.read('Procfile') ?? '',
    ...Object.entries(asObject(project.manifest.scripts) ?? {}).flatMap(([name, command]) =>
      /^(start|prod|serve)(:prod\w*)?$/.test(name) ? [asString(command) ?? ''] : [],
    ),
  ];
  const isNamed = ({ path }: T): boolean => {
    const stem = (path ?? '').replace(/\.[cm]?[jt]sx?$/, '').replace(/^(\.\/)?src\//, '');
    return commands.some((command) =>
      new RegExp(`(^|[\\s"'/])${stem.replace(/[^\w/-]/g, '\\$&')}(?![\\w-])`).test(command),
    );
  };
  return files.find(isNamed) ?? files[0] ?? null;
}

/** True for a file that a script of the shell starts in the background, beside what its container is for. */
export function isStartedBehind({ around, tree }: Project, path: string): boolean {
  const whole = around === null ? path : `${around.folder}/${path}`;
  const started = new RegExp(
    `\\bnode\\s[^|&\\n]*(?<![\\w-])${whole.replace(/[^\w/-]/g, '\\$&')}[\\s;})]*&[ \\t]*$`,
    'm',
  );
  return foundIn(around?.tree ?? tree).scripts.some((text) => started.test(text));
}

/** What of a place's files at its root and in its folders says how it is run. */
interface Running {
  /** The texts of images, compose files and platforms' files. */
  deploying: readonly string[];
  /** The texts of scripts for the shell. */
  scripts: readonly string[];
}

const known = new WeakMap<Tree, Running>();
const deployingIn = (tree: Tree): readonly string[] => foundIn(tree).deploying;

function foundIn(tree: Tree): Running {
  const before = known.get(tree);
  if (before) return before;
  const deploying: string[] = [];
  const scripts: string[] = [];
  const look = (folder: string, depth: number): void => {
    for (const name of tree.list(folder)) {
      const path = within(folder, name);
      if (name.endsWith('/')) {
        const inner = name.slice(0, -1);
        if (depth < 2 && !inner.startsWith('.') && !isForeignFolder(inner)) look(path.slice(0, -1), depth + 1);
      } else if (isImageFile(path) || platforms.includes(name) || keeping.test(name))
        deploying.push(tree.read(path) ?? '');
      else if (name.endsWith('.sh')) scripts.push(tree.read(path) ?? '');
      else if (composing.test(name)) {
        // One that builds nothing brings what the program talks to.
        const text = tree.read(path) ?? '';
        if (/^\s+build:/m.test(text)) deploying.push(text);
      }
    }
  };
  look('', 0);
  const found = { deploying, scripts };
  known.set(tree, found);
  return found;
}

const composing = /^(docker-)?compose[\w.-]*\.ya?ml$/;
