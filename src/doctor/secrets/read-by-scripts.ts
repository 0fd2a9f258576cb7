import { isCode } from '../../detect/paths.ts';
import { kindOf, type Project } from '../project.ts';

const known = new WeakMap<Project, ReadonlySet<string>>();

/** True for a cookie that scripts of the project's own pages get or set by its name: kept from them, the page would fail. */
export function isReadByScripts(project: Project, name: string): boolean {
  const names = known.get(project) ?? namesIn(project);
  known.set(project, names);
  return names.has(name);
}

/** What libraries and the helpers that people write themselves are called with. */
const reading =
  /\b(?:Cookies\.(?:get|set)|(?:get|read|expire|delete|remove)Cookie(?:Value|ByName)?)\(\s*(?:['"]([^'"\n]+)['"]|([A-Z]\w*))/g;

function namesIn(project: Project): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of project.files) {
    const text = isCode(path) ? project.tree.read(path) : null;
    if (text === null || !/Cookies\.|Cookie\w*\(/.test(text) || !isOfPage(path, text)) continue;
    for (const [, name = '', constant] of text.matchAll(reading))
      names.add(constant === undefined ? name : (valueIn(text, constant) ?? ''));
  }
  return names;
}

const isOfPage = (path: string, text: string): boolean =>
  kindOf(path, text) === 'client' ||
  /\b(window\.location|localStorage|sessionStorage|document\.cookie|typeof window)\b/.test(text);

/** The text of a constant of the same file. */
const valueIn = (text: string, constant: string): string | undefined =>
  new RegExp(`\\bconst\\s+${constant}\\b[^=\\n]*=\\s*['"]([^'"\\n]+)['"]`).exec(text)?.[1];
