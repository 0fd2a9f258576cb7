import { modelsOf } from '../files/prisma.ts';
import type { Project } from '../project.ts';
import type { Spot } from '../rule.ts';
import { providerOf } from '../sql/dialect.ts';
import { isSmallTable } from './tables.ts';

/** The keys of one model that no index begins with. */
interface Keys {
  at: Spot;
  table: string;
  /** Its name in the database. */
  stored: string;
  columns: { name: string; stored: string; to: string }[];
  /** The file whose datasource the model is of. */
  schema: string;
}

/** True where an index begins with the column, or with one of several: that already leaves few rows. */
export const isCovered = (columns: readonly string[], indexes: readonly (readonly string[])[]): boolean =>
  indexes.some(([first]) => first !== undefined && columns.includes(first));

/** The keys without an index in each schema of Prisma. MySQL makes the index itself; without foreign keys in the database Prisma warns of it. */
export const prismaKeys = (project: Project): Keys[] =>
  schemasOf(project).flatMap(({ schema, paths }) => {
    const provider = providerOf(paths.map((path) => project.tree.read(path) ?? '').join('\n'));
    if (provider === null || !/^(postgres|postgresql|cockroachdb|sqlite|sqlserver)$/.test(provider)) return [];
    return paths.flatMap((path) =>
      modelsOf(project.tree.read(path) ?? '').flatMap(({ name, stored, indexes, foreign }): Keys[] => {
        const bare = foreign.filter(({ columns, to }) => !isCovered(columns, indexes) && !isSmallTable(to));
        const [first] = bare;
        if (!first) return [];
        const { start, end } = first;
        const columns = bare.map((key) => ({
          name: key.columns.join(' + '),
          stored: key.stored.join(' + '),
          to: key.to,
        }));
        return [{ at: { path, start, end }, table: name, stored, columns, schema }];
      }),
    );
  });

/** Files of Prisma by the database that they tell of: what has no datasource itself belongs to the one nearest above. */
function schemasOf(project: Project): { schema: string; paths: readonly string[] }[] {
  const paths = project.files.filter((path) => path.endsWith('.prisma'));
  const sources = paths.filter((path) => /^\s*datasource\s+\w+\s*\{/m.test(project.tree.read(path) ?? ''));
  const [only, second] = sources;
  if (only === undefined) return [];
  if (second === undefined) return [{ schema: only, paths }];
  return sources
    .filter((path) => isInUse(project, path))
    .map((schema) => ({
      schema,
      paths: paths.filter(
        (path) => path === schema || (!sources.includes(path) && nearestOf(sources, path) === schema),
      ),
    }));
}

/** Beside others a schema is one where Prisma looks for it, or that somebody names to it; else it is a sample. */
function isInUse({ files, tree }: Project, path: string): boolean {
  if (/(^|\/)(schema\.prisma|prisma\/.*\.prisma)$/.test(path)) return true;
  const name = path.replace(/^.*\//, '');
  return files.some(
    (other) =>
      /(^|\/)(package\.json|prisma\.config\.[cm]?[jt]s|Dockerfile|Makefile)$|\.ya?ml$/.test(other) &&
      (tree.read(other) ?? '').includes(name),
  );
}

function nearestOf(sources: readonly string[], path: string): string | undefined {
  const [nearest] = sources
    .map((source) => ({ source, folder: source.replace(/[^/]+$/, '') }))
    .filter(({ folder }) => path.startsWith(folder))
    .sort((a, b) => b.folder.length - a.folder.length);
  return nearest?.source;
}
