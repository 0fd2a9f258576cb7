import semver from 'semver';
import { asObject, asString, readJson } from '../../detect/json.ts';
import type { Json } from '../../model.ts';
import type { Dockerfile, Stage, Step } from '../files/dockerfile.ts';
import type { Project } from '../project.ts';
import type { Mend } from '../rule.ts';

/** Flags that mean the same to both. */
const flags =
  /^(-s|-q|-f|--(production|silent|quiet|verbose|force|legacy-peer-deps|ignore-scripts|prefer-offline|no-audit|no-fund|no-progress|no-optional|unsafe-perm|omit=\w+|only=\w+|include=\w+|loglevel=\w+|progress=false|audit=false|fund=false))$/;

/**
 * `npm ci` for the one `npm install` of a piece of a file: where the lockfile is committed and says what package.json
 * says, so that the command does not refuse. None where that is not sure.
 */
export function lockedInstall(project: Project, path: string, start: number, end: number): Mend[] {
  const text = (project.tree.read(path) ?? '').slice(start, end);
  const [found, ...more] = text.matchAll(/\bnpm[ \t]+(install|i)\b([^\n;&|]*)/g);
  if (!found || more.length > 0 || !agrees(project)) return [];
  const [whole, word = '', rest = ''] = found;
  const words = rest.trim().replace(/\\$/, '').trim();
  if (words !== '' && !words.split(/\s+/).every((one) => flags.test(one))) return [];
  const at = start + found.index + whole.indexOf(word, 3);
  return [{ path, start: at, end: at + word.length, text: 'ci' }];
}

/** The same for a step of a Dockerfile, where the lockfile is in the image by then. */
export function lockedInstallIn(project: Project, file: Dockerfile, stage: Stage, step: Step): Mend[] {
  // The folder that the image is built from is told by nothing: beside the manifest it is surely this one.
  if (file.path.includes('/') || /package-lock|\.json|^\s*\*/m.test(project.tree.read('.dockerignore') ?? ''))
    return [];
  const before = stage.steps.slice(0, stage.steps.indexOf(step));
  // What another command or folder has made of the manifest is not what was read here.
  const from = before.findLastIndex(
    ({ keyword, text }) =>
      keyword === 'WORKDIR' || (keyword === 'RUN' && /\b(npm|npx|node|pnpm|yarn|nx|turbo|package)\b/.test(text)),
  );
  const copied = before
    .slice(from + 1)
    .filter(({ keyword, text }) => (keyword === 'COPY' || keyword === 'ADD') && !/--from=/.test(text));
  const has = (named: RegExp): boolean => copied.some(({ text }) => named.test(text));
  const isWhole = has(/(^|[\s"[])(\.\/)?(\.|package\*\.json|\*\.json)(?=[\s",])/);
  const isEach = has(/package\.json(?=[\s",])/) && has(/(package-lock\.json|package-\*\.json)(?=[\s",])/);
  return isWhole || isEach ? lockedInstall(project, file.path, step.raw.start, step.raw.end) : [];
}

/** True where npm's lockfile is in git and says what package.json says, peers included: what `npm ci` asks for. */
function agrees({ tree, git, profile }: Project): boolean {
  const name = 'package-lock.json';
  if (profile.workspace.value !== null || tree.has('npm-shrinkwrap.json') || (git && !git.tracked.has(name)))
    return false;
  const packages = asObject(readJson(tree, name)?.packages);
  const root = asObject(packages?.['']);
  const manifest = readJson(tree, 'package.json');
  if (!packages || !root || !manifest || manifest.workspaces !== undefined || manifest.overrides !== undefined)
    return false;
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const isSame = kinds.every((kind) => same(asObject(manifest[kind]) ?? {}, asObject(root[kind]) ?? {}));
  return isSame && Object.entries(packages).every(([path, entry]) => isWhole(packages, path, asObject(entry) ?? {}));
}

type Packages = Readonly<Record<string, Json>>;

const same = (a: Packages, b: Packages): boolean =>
  Object.keys({ ...a, ...b }).every((name) => a[name] !== undefined && a[name] === b[name]);

/** True where everything that a package asks for is there, in a version that it takes. */
function isWhole(packages: Packages, path: string, entry: Packages): boolean {
  const optional = asObject(entry.peerDependenciesMeta) ?? {};
  const peers = Object.entries(asObject(entry.peerDependencies) ?? {}).filter(
    ([name]) => asObject(optional[name])?.optional !== true,
  );
  const own = Object.entries(asObject(entry.dependencies) ?? {});
  const optionals = asObject(entry.optionalDependencies) ?? {};
  return [...own, ...peers].every(([name, range]) => {
    if (name in optionals) return true;
    const version = asString(asObject(packages[nearest(packages, path, name)])?.version);
    const wanted = asString(range) ?? '';
    // A tag, an address, an alias: npm has settled it.
    if (semver.validRange(wanted) === null) return version !== null;
    return version !== null && semver.satisfies(version, wanted, { includePrerelease: true });
  });
}

/** Where Node finds a package from another one's folder, going up. */
function nearest(packages: Packages, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path] !== undefined || folder === '') return path;
  }
}
