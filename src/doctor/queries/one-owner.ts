import { isCode } from '../../detect/paths.ts';
import type { Project } from '../project.ts';

const known = new WeakMap<Project, boolean>();

/** Words of code and of schemas that know more than one person. */
const people =
  /\b(users?|accounts?|members?|customers?|employees?|students?|patients?|tenants?|teams?|authors?|owners?|persons?|people)(_?ids?)?\b/i;
/** The same within longer names: `currentUser`, `UserService`. */
const within =
  /[a-z_](User|Account|Member|Customer|Tenant|Author)(s|Ids?)?\b|\b(user|account|member|customer|tenant)s?_?([Ii]ds?|Repo\w*|Service|Model|Controller|Rout\w+|Schema|Store|Table)\b|\b(User|Account|Member|Customer|Tenant)[A-Z]/;

/** True for a server that knows nobody: in none of its code or its schemas is there a word for those who use it, and what it holds is of its one owner. */
export function isOfOneOwner(project: Project): boolean {
  const before = known.get(project);
  if (before !== undefined) return before;
  const isIt =
    project.around === null &&
    !project.files.some(
      (path) =>
        (isCode(path) || /\.(prisma|sql)$/.test(path)) &&
        !/(^|\/)(client|web|frontend|public)\//.test(path) &&
        speaksOfPeople(project.tree.read(path) ?? ''),
    );
  known.set(project, isIt);
  return isIt;
}

const speaksOfPeople = (text: string): boolean => {
  const code = text.replace(/(^|\s)\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
  return people.test(code) || within.test(code);
};
