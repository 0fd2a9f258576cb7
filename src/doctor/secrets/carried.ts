import { isCode } from '../../detect/paths.ts';
import { kindOf, type Project } from '../project.ts';

/** What browsers send by themselves: cookies, sessions, and libraries that keep them. */
const bySelf =
  /cookie|\b(req|request|ctx|c|context)\.session\b|@Session\(|(express|koa|iron|secure)-session|better-auth|lucia|next-auth|@auth\/|@clerk|@supabase|basic-?auth/i;
/** Passwords that the browser sends along; not those that this server sends to another. */
const byPassword = /\bBasic ['"`]|\bBasic\\s|\bBasic realm/;
/** Words that sign nobody in: comments, what only takes cookies apart for who may read them, and where a page keeps which language it speaks. */
const idle =
  /^[ \t]*\/\/.*$|^[ \t]*\/\*[\s\S]*?\*\/|^.*['"]cookie-parser['"].*$|\bcookieParser\([^()]*\)|\[[^\]]*\blocalStorage\b[^\]]*\]|\blookupCookie\b/gm;
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
    const text = isCode(path) && !path.endsWith('.min.js') ? project.tree.read(path) : null;
    return text !== null && kindOf(path, text) === 'app' ? [text.replace(idle, '')] : [];
  });
  const sites = texts.flatMap((text) =>
    [...text.matchAll(/\bsameSite['"]?\s*[:=]\s*([^,;}\n]+)/gi)].map(([, value = '']) => value),
  );
  // A library that nobody imports sends nothing; one that somebody does has its name in the text.
  const isOwnHeader =
    texts.some((text) => byHeader.test(text)) && !texts.some((text) => bySelf.test(text) || byPassword.test(text));
  const carried: Carried = {
    by: isOwnHeader ? 'header' : 'cookie',
    isKeptToSite: sites.length > 0 && sites.every((value) => /lax|strict/i.test(value) && !/none/i.test(value)),
  };
  known.set(project, carried);
  return carried;
}
