import type { Host, Obstacle, Tree } from '../../model.ts';
import { propertyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { exportOf } from '../shared/exports.ts';
import { type Reach, reachOf } from '../shared/reach.ts';
import { lineAt, type Source } from '../shared/source.ts';
import { covers } from './matcher.ts';

interface Known {
  text: RegExp;
  does: string;
  fix: string;
}

const known: readonly Known[] = [
  {
    text: /\bclerkMiddleware\b|\bauthMiddleware\b/,
    does: 'Clerk may ask for a session there',
    fix: 'Add the path to its public routes, for example createRouteMatcher([PATH]).',
  },
  {
    text: /\bauthkitMiddleware\b|\bauthkit\b/,
    does: 'AuthKit may ask for a session there',
    fix: 'Add the path to unauthenticatedPaths, or take it out of the matcher.',
  },
  {
    text: /next-intl\/middleware|\bcreateI18nMiddleware\b|next-i18n-router/,
    does: 'the translation of paths sends a path without a locale elsewhere',
    fix: "Take API paths out of the matcher: '/((?!api|_next).*)'.",
  },
  {
    text: /\bwithAuth\b|next-auth|@\/auth\b|\.\/auth\b|\bauth\s*\(/,
    does: 'it may ask for a session there',
    fix: 'Let PATH pass before the session is asked for, or take it out of the matcher.',
  },
  {
    text: /\bupdateSession\b|@supabase\/|getUser\s*\(|getSession\s*\(|getToken\s*\(|jwtVerify/,
    does: 'it may send a request without a session elsewhere',
    fix: 'Let PATH pass before the session is asked for, or take it out of the matcher.',
  },
];

/** The proxy (middleware) file that runs before our route, and what it may do to it. Null where none does. */
export function proxyObstacle(
  { tree, profile }: Pick<Host, 'tree' | 'profile'>,
  base: string,
  path: string,
): Obstacle | null {
  const file = proxyFile(tree, base, profile.frameworkMajor.value);
  if (file === null) return null;
  const reach = reachOf(tree, [file], () => null);
  const source = reach.sources.get(file);
  const shown = path.replace(/\/[^/]+$/, '');
  const told = (line: number, message: string, fix: string | null): Obstacle => ({
    kind: 'proxy',
    file,
    line,
    message: `${file} ${message}.`,
    fix: fix?.replace('PATH', `'${shown}'`) ?? null,
  });
  if (!source) return told(1, `could not be read, and may run before ${shown}`, 'See that it lets PATH pass.');
  const { covered, line, matcher } = coverage(reach, source, path);
  if (covered === false) return null;
  const runs = `${covered === null ? 'may run' : 'runs'} before ${shown}`;
  if (passesOn(source.text)) return told(line, `${runs} and only passes requests on`, null);
  if (namesPath(source, matcher, path)) return told(line, `${runs} and names that path, as if to let it pass`, null);
  const row = known.find(({ text }) => text.test(source.text));
  if (row) return told(line, `${runs}, and ${row.does}`, row.fix);
  return told(line, `${runs} and may answer a request itself`, 'Let PATH pass in it, or take it out of the matcher.');
}

/** `proxy` from Next 16 on, `middleware` in all; beside the `app` or `pages` folder that is in use. */
function proxyFile(tree: Tree, base: string, major: number): string | null {
  const names = major === 0 || major >= 16 ? ['proxy', 'middleware'] : ['middleware'];
  const files = names.flatMap((name) =>
    ['ts', 'js', 'mjs', 'tsx', 'jsx'].map((extension) => `${base}${name}.${extension}`),
  );
  return files.find((file) => tree.has(file)) ?? null;
}

interface Coverage {
  /** null where it cannot be told. */
  covered: boolean | null;
  line: number;
  matcher: Syntax | null;
}

/** Whether the matcher covers a path. */
function coverage(reach: Reach, source: Source, path: string): Coverage {
  const config = exportOf(reach, source, 'config');
  if (!config) return { covered: true, line: 1, matcher: null };
  const object = objectFor(source, unwrap(config.node));
  const line = lineAt(config);
  if (object?.type !== 'ObjectExpression') return { covered: null, line, matcher: config.node };
  const matcher = propertyOf(object, 'matcher');
  if (!matcher) return { covered: true, line, matcher: null };
  const value = unwrap(matcher);
  const verdicts = (value.type === 'ArrayExpression' ? value.elements : [value]).map((one) => verdict(one, path));
  const covered = verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;
  return { covered, line: lineAt({ source, node: matcher }), matcher };
}

function objectFor(source: Source, node: Syntax): Syntax | null {
  if (node.type !== 'Identifier') return node;
  const declared = source.nodes.find(
    (one) => one.type === 'VariableDeclarator' && one.id.type === 'Identifier' && one.id.name === node.name,
  );
  return declared?.type === 'VariableDeclarator' && declared.init ? unwrap(declared.init) : null;
}

/** One matcher; a condition on what a request has makes a match uncertain. */
function verdict(node: Syntax | null, path: string): boolean | null {
  const inner = node && unwrap(node);
  const isObject = inner?.type === 'ObjectExpression';
  const given = isObject ? propertyOf(inner, 'source') : inner;
  const pattern = given ? stringValue(given) : null;
  const covered = pattern === null ? null : covers(pattern, path);
  return covered === true && isObject && propertyOf(inner, 'has') ? null : covered;
}

/** True where nothing in the file answers, redirects or rewrites, and nothing but Next's own is imported. */
function passesOn(text: string): boolean {
  const imports = [...text.matchAll(/from\s*['"]([^'"]+)['"]/g)].map((match) => match[1]);
  if (imports.some((from) => from !== 'next/server')) return false;
  return (
    /\.next\s*\(/.test(text) &&
    !/\b(redirect|rewrite|json|Response)\s*\(|\bthrow\b|new\s+(Next)?Response\b|status\s*:/.test(text)
  );
}

/** True where a string outside the matcher is a beginning of our path that is long enough to mean it. */
function namesPath({ nodes }: Source, matcher: Syntax | null, path: string): boolean {
  return nodes.some((node) => {
    if (matcher && node.start >= matcher.start && node.end <= matcher.end) return false;
    const text = node.type === 'Literal' ? stringValue(node) : null;
    const start = text?.replace(/(\/?\(\.\*\)|\/:\w+[*+]?|\/)$/, '') ?? '';
    return start.split('/').length > 2 && !start.includes('(?') && `${path}/`.startsWith(`${start}/`);
  });
}
