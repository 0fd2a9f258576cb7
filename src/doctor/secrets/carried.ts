import { isCode } from '../../detect/paths.ts';
import { kindOf, type Project } from '../project.ts';

/** What browsers send by themselves: cookies, sessions, and libraries that keep them. */
const bySelf =
  /cookie|\b(req|request|ctx|c|context)\.session\b|@Session\(|(express|koa|iron|secure)-session|better-auth|lucia|next-auth|@auth\/|@clerk|@supabase|basic-?auth|\bBasic /i;
const byHeader = /\bBearer\b|\bauthorization\b/i;

interface Carried {
  /** How requests tell whose they are: only by a header that a page must set itself, or (as far as is known) by cookies. */
  by: 'header' | 'cookie';
  /** True where every cookie whose `sameSite` is said keeps away from what other sites send. */
  isKeptToSite: boolean;
}

const known = new WeakMap<Project, Carried>();

/** How the requests of a project's users are told apart, by the words of its server's files. */
export function carriedIn(project: Project): Carried {
  const before = known.get(project);
  if (before) return before;
  const texts = project.files.flatMap((path) => {
    const text = isCode(path) ? project.tree.read(path) : null;
    return text !== null && kindOf(path, text) === 'app' ? [text] : [];
  });
  const sites = texts.flatMap((text) =>
    [...text.matchAll(/\bsameSite['"]?\s*[:=]\s*([^,;}\n]+)/gi)].map(([, value = '']) => value),
  );
  const isOwnHeader =
    texts.some((text) => byHeader.test(text)) &&
    !texts.some((text) => bySelf.test(text)) &&
    ![...project.dependencies.keys()].some((name) => bySelf.test(name));
  const carried: Carried = {
    by: isOwnHeader ? 'header' : 'cookie',
    isKeptToSite: sites.length > 0 && sites.every((value) => /lax|strict/i.test(value) && !/none/i.test(value)),
  };
  known.set(project, carried);
  return carried;
}
