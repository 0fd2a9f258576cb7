import semver from 'semver';
import type { Choice } from '../model.ts';
import { isSafePath } from '../text/path.ts';
import { contextNames } from './context.ts';
import { faultInPattern } from './pattern.ts';
import type { Manifest } from './schema.ts';
import { isPackageName } from './source.ts';

/** What is wrong with the manifest of a skill that is not ours, beyond what the vocabulary already refuses. */
export function faultsInForeign(manifest: Manifest): string[] {
  return [
    ...faultsInSize(manifest),
    ...(isSafePath(manifest.id) && manifest.id.length <= 60 ? [] : [`"${manifest.id}" is not a name it can have.`]),
    ...Object.entries(manifest.choices).flatMap(([name, choice]) => faultsInChoice(name, choice as Choice)),
    ...manifest.files.flatMap(faultsInFile),
    ...manifest.wire.flatMap(({ from }) => (startsInPlace(from) ? [] : [misplaced(from)])),
    ...manifest.dependencies.flatMap(faultsInDependency),
    ...manifest.env.flatMap(({ name }) => faultsInVariable(name)),
    ...manifest.scripts.flatMap((script) => faultsInScript(script, manifest.id)),
  ];
}

const most = { choices: 40, options: 200, files: 500, docs: 100, wire: 40, dependencies: 60, env: 100, scripts: 20 };

function faultsInSize(manifest: Manifest): string[] {
  const counts = {
    choices: Object.keys(manifest.choices).length,
    options: Math.max(0, ...Object.values(manifest.choices).map(({ options }) => Object.keys(options ?? {}).length)),
    files: manifest.files.length,
    docs: manifest.docs.length,
    wire: manifest.wire.length,
    dependencies: manifest.dependencies.length,
    env: manifest.env.length,
    scripts: manifest.scripts.length,
  };
  return Object.entries(most)
    .filter(([name, limit]) => counts[name as keyof typeof counts] > limit)
    .map(([name, limit]) => `it has more than ${limit} ${name}.`);
}

const reserved = new Set<string>([...contextNames, 'docs', 'endpoint']);

function faultsInChoice(name: string, { options, pattern }: Choice): string[] {
  const fault = pattern === undefined ? null : faultInPattern(pattern);
  return [
    ...(reserved.has(name) ? [`a choice cannot be called "${name}": that is the name of a fact.`] : []),
    ...(fault === null ? [] : [`the pattern of the choice "${name}" cannot be used: ${fault}.`]),
    ...Object.keys(options ?? {})
      .filter((value) => !/^[A-Za-z0-9][\w.-]{0,60}$/.test(value))
      .map((value) => `"${value}" is not a value that the choice "${name}" can have.`),
  ];
}

/** The folders of the host that are for modules. */
const place = /^\{\{(dir|src|route|testsFolder|migrationsFolder)\}\}/;

const startsInPlace = (path: string): boolean =>
  place.test(path) && path.length <= 200 && !path.split('/').includes('..');

const misplaced = (path: string): string =>
  `"${path}" does not begin with {{dir}}, {{src}}, {{route}}, {{testsFolder}} or {{migrationsFolder}}, where a module’s files go.`;

function faultsInFile({ from, to }: Manifest['files'][number]): string[] {
  // Two variables side by side could be read in many ways, and would be tried in all of them.
  const crowded = from.split('/').some((name) => name.split('{{').length > 2) || from.length > 200;
  return [
    ...(startsInPlace(to) ? [] : [misplaced(to)]),
    ...(crowded ? [`"${from}" has more than one variable in one name.`] : []),
  ];
}

function faultsInDependency({ name, range }: Manifest['dependencies'][number]): string[] {
  if (!isPackageName(name)) return [`${JSON.stringify(name)} is not the name of a package.`];
  if (range === undefined) return [`the dependency "${name}" has no "range".`];
  // Only what the registry answers: no repositories, no URLs, no files, no other package under this name.
  const plain = /^[0-9A-Za-z.^~<>=| -]{1,100}$/.test(range) && semver.validRange(range) !== null;
  if (plain && semver.minVersion(range) !== null && range.trim() !== '') return [];
  return [`${JSON.stringify(range)} is not a version range of "${name}".`];
}

/** What programs obey before they do what they are told to. */
const obeyed = /^(PATH|HOME|SHELL|IFS|ENV|BASH_ENV|NODE_.*|NPM_.*|LD_.*|DYLD_.*|GIT_.*|SSH_.*|PYTHON.*|HTTPS?_PROXY)$/;

const faultsInVariable = (name: string): string[] =>
  obeyed.test(name) ? [`a skill cannot ask for the variable "${name}": it changes how programs run.`] : [];

const lifecycle =
  /^(pre|post)?(install|uninstall|prepare|prepublish|prepublishOnly|pack|publish|version|dependencies|start|stop|restart|test)$/;

function faultsInScript({ name, run }: Manifest['scripts'][number], id: string): string[] {
  if (lifecycle.test(name)) return [`a skill cannot add the script "${name}": npm runs it by itself.`];
  if (name !== id && !(name.startsWith(`${id}:`) && /^[\w:.-]+$/.test(name)))
    return [`its scripts are called "${id}" or "${id}:…", not ${JSON.stringify(name)}.`];
  return isOneCommand(run) ? [] : [`the script "${name}" is more than one plain command: ${run}`];
}

/** True where a shell takes it for one command with its arguments, and for nothing else. */
export const isOneCommand = (run: string): boolean =>
  !/[;&|<>$`\\()\n\r]/.test(run) && !/^\s*[-.]*\s*$/.test(run) && run.length <= 300;
