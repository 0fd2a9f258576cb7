import type { Project } from '../project.ts';

const known = new WeakMap<Project, readonly string[]>();

/** Files where tools that migrate are set up, by their names. */
export function settingsOf(project: Project): readonly string[] {
  const before = known.get(project);
  if (before) return before;
  const found = project.files.flatMap((path) =>
    /(^|\/)(package\.json|[\w.-]*(knexfile|ormconfig|data-?source|database|sequelize|mikro-orm|typeorm|migrator|migrate|kysely|knex|\bdb)[\w.-]*\.([cm]?[jt]s|json)|db\/(index|config)\.[cm]?[jt]s|config\/(config|index)\.[cm]?(js|ts|json)|\.sequelizerc|Dockerfile)$/i.test(
      path,
    ) && !/(^|\/)(tests?|__tests__)\//.test(path)
      ? [project.tree.read(path) ?? '']
      : [],
  );
  known.set(project, found);
  return found;
}
