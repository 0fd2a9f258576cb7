import { asObject, asString, asStrings, readJson } from '../../detect/json.ts';
import { fileOrFolder, sourceOf } from '../../detect/modules.ts';
import { isForeignFolder, within } from '../../detect/paths.ts';
import type { Json, Tree } from '../../model.ts';
import type { Project } from '../project.ts';

/** A file of another package of the workspace, and that package as far as its code can be asked. */
interface Beyond {
  project: Project;
  path: string;
}

const packagesIn = new WeakMap<Tree, ReadonlyMap<string, string>>();
const projectsIn = new WeakMap<Tree, Map<string, Project>>();
const filesOf = new WeakMap<Project, Map<string, string | null>>();

/** The file that a specifier names in another package of the same workspace; null for none. */
export function moduleBeyond(project: Project, specifier: string): Beyond | null {
  if (/^[./#~]|^node:/.test(specifier)) return null;
  const root = project.around?.tree ?? project.tree;
  const packages = packagesIn.get(root) ?? packagesBelow(root);
  packagesIn.set(root, packages);
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const folder = packages.get(name);
  if (folder === undefined || folder === project.around?.folder) return null;
  const other = projectAt(root, folder, project);
  const known = filesOf.get(other) ?? new Map<string, string | null>();
  filesOf.set(other, known);
  const before = known.get(specifier);
  const path = before === undefined ? fileIn(other, specifier.slice(name.length + 1)) : before;
  known.set(specifier, path);
  return path === null ? null : { project: other, path };
}

const schemas = new WeakMap<Project, readonly string[]>();

/** The texts of a project's Prisma schemas; of those of its workspace, where it has none itself. */
export function prismaSchemas(project: Project): readonly string[] {
  const before = schemas.get(project);
  if (before) return before;
  const own = project.files.filter((path) => path.endsWith('.prisma')).map((path) => project.tree.read(path) ?? '');
  const found = own.length > 0 || project.around === null ? own : schemasBelow(project.around.tree);
  schemas.set(project, found);
  return found;
}

const schemasIn = new WeakMap<Tree, readonly string[]>();

function schemasBelow(root: Tree): readonly string[] {
  const before = schemasIn.get(root);
  if (before) return before;
  const packages = packagesIn.get(root) ?? packagesBelow(root);
  packagesIn.set(root, packages);
  const places = ['', 'prisma', 'prisma/schema', 'prisma/models', 'src/prisma', 'db', 'src/db'];
  const found = ['', ...packages.values()].flatMap((folder) =>
    places
      .map((place) => [folder, place].filter((part) => part !== '').join('/'))
      .flatMap((inner) =>
        root
          .list(inner)
          .filter((name) => name.endsWith('.prisma'))
          .map((name) => root.read(within(inner, name)) ?? ''),
      ),
  );
  schemasIn.set(root, found);
  return found;
}

/** The folders of packages by their names: folders of folders, not below what is a package itself. */
function packagesBelow(root: Tree): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (folder: string, depth: number): void => {
    for (const entry of root.list(folder)) {
      if (!entry.endsWith('/') || isForeignFolder(entry.slice(0, -1)) || entry.startsWith('.')) continue;
      const inner = within(folder, entry.slice(0, -1));
      const name = asString(readJson(root, within(inner, 'package.json'))?.name);
      if (name !== null) found.set(name, inner);
      else if (depth < 3) visit(inner, depth + 1);
    }
  };
  visit('', 1);
  return found;
}

/** Another package with what questions about code ask of a project: nobody looks at its files one by one. */
function projectAt(root: Tree, folder: string, from: Project): Project {
  const projects = projectsIn.get(root) ?? new Map<string, Project>();
  projectsIn.set(root, projects);
  const before = projects.get(folder);
  if (before) return before;
  const tree: Tree = {
    read: (path) => root.read(within(folder, path)),
    has: (path) => root.has(within(folder, path)),
    list: (path) => root.list(path === '' ? folder : within(folder, path)),
  };
  const manifest = readJson(tree, 'package.json') ?? {};
  const dependencies = new Map(
    ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.entries(asObject(manifest[kind]) ?? {}).map(([name, range]) => [name, asString(range) ?? ''] as const),
    ),
  );
  const made: Project = {
    ...from,
    tree,
    files: [],
    manifest,
    dependencies,
    has: (dependency) => dependencies.has(dependency),
    around: { tree: root, folder },
  };
  projects.set(folder, made);
  return made;
}

/** What a package exports under a path within it ('' for the package itself), as its source. */
function fileIn({ tree, manifest }: Project, sub: string): string | null {
  const exported = asObject(manifest.exports);
  const key = sub === '' ? '.' : `./${sub}`;
  const entry = exported?.[key] ?? (sub === '' && !exported?.['.'] ? manifest.exports : undefined);
  const named = [
    ...written(entry),
    ...(sub === '' ? ['source', 'types', 'module', 'main'].flatMap((field) => asString(manifest[field]) ?? []) : []),
  ].map((path) => path.replace(/^\.\//, '').replace(/\.d\.([cm]?ts)$/, '.$1'));
  const usual = sub === '' ? ['src/index', 'index', 'src/main'] : [sub, `src/${sub}`];
  for (const path of named) {
    const found = sourceOf(tree, path);
    if (found !== null && /\.[cm]?[jt]sx?$/.test(found)) return found;
  }
  return (
    usual.map((path) => fileOrFolder(tree, path)).find((path) => path !== null && /\.[cm]?[jt]sx?$/.test(path)) ?? null
  );
}

function written(entry: Json | undefined): string[] {
  const object = asObject(entry);
  return object ? Object.values(object).flatMap(written) : asStrings(entry);
}
