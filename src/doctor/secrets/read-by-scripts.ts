import { isCode } from '../../detect/paths.ts';
import { kindOf, type Project } from '../project.ts';

const known = new WeakMap<Project, ReadonlySet<string>>();

/** True for a cookie that scripts of the project's own pages get or set by its name: kept from them, the page would fail. */
export function isReadByScripts(project: Project, name: string): boolean {
  const names = known.get(project) ?? namesIn(project);
  known.set(project, names);
  return names.has(name);
}

function namesIn(project: Project): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of project.files) {
    const text = isCode(path) ? project.tree.read(path) : null;
    if (text === null || !text.includes('Cookies.') || kindOf(path, text) !== 'client') continue;
    for (const [, name] of text.matchAll(/\bCookies\.(?:get|set)\(\s*['"]([^'"\n]+)['"]/g)) if (name) names.add(name);
  }
  return names;
}
