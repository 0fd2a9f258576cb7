import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { roleAt } from '../../flow/request.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { atNode } from '../../spot.ts';

type Note = { app: Spot; of: Framework; isMain: boolean } | Page | 'cookies' | 'known' | 'headers';
/** Pages for sure; where a view engine is there, and that; where a folder has pages in it; where it is not the only one. */
type Page = 'pages' | 'views' | 'engine' | 'folder' | 'file';

/** Frameworks by what makes an app of theirs, and the middleware that sets the headers there. */
const frameworks = {
  Nest: {
    made: /^@nestjs\/core#NestFactory\.create$/,
    fix: 'Add app.use(helmet()) in the bootstrap, before the app listens.',
  },
  Express: { made: /^express#default$/, fix: 'Add helmet() before the routes.' },
  Fastify: { made: /^fastify#(default|fastify)$/, fix: 'Register @fastify/helmet before the routes.' },
  Koa: { made: /^koa#default$/, fix: 'Add koa-helmet before the routes.' },
  Hono: { made: /^hono#Hono$/, fix: "Add secureHeaders() of 'hono/secure-headers' before the routes." },
} as const;
type Framework = keyof typeof frameworks;
const names = Object.keys(frameworks) as Framework[];

const setters =
  /['"](helmet|koa-helmet|@fastify\/helmet|fastify-helmet|hono\/secure-headers|lusca|nosecone|@nosecone\/next|next-secure-headers|@next-safe\/middleware|dont-sniff-mimetype|nuxt-security)['"]|Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security/i;
/** What draws the pages of `res.render(…)`. */
const engines =
  'ejs pug jade hbs handlebars express-handlebars nunjucks eta mustache mustache-express twig liquidjs squirrelly edge.js consolidate @ladjs/consolidate swig dot express-react-views'.split(
    ' ',
  );
/** Somebody is known to the server: by a cookie, a session, or because they signed in. */
const knows =
  /\b(req|request|ctx|c|context)\.(session|cookies|signedCookies)\b|\bpassport\.(authenticate|session)\(|\bgetCookie\(|\bcookies\(\)|['"](next-auth|better-auth|@auth\/\w+|lucia|iron-session)['"/]|(post|route|all|Post)\(\s*['"`][\w/:-]*(log|sign)[-_]?in['"`]/;
const isMain = (text: string): boolean => /\b(serve|listen|fire|export default)\b/.test(text);

/** Files of proxies and platforms in which headers are set. */
const before =
  /(^|\/)(nginx[\w.-]*\.conf|[\w.-]*\.nginx|default\.conf|Caddyfile|vercel\.json|netlify\.toml|_headers|traefik[\w.-]*\.ya?ml|firebase\.json)$/;

export const securityHeaders = defineRule<Note>({
  id: 'sec/security-headers',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'Pages are served without the headers that protect them.',
  why: 'Browsers keep a page from being framed by other sites, from guessing types, from plain HTTP and from foreign scripts only where the server says so. One middleware (helmet, Hono’s secureHeaders, Next’s `headers()`) says the common ones; the content security policy is worth an hour of its own.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 4.3,
  where: 'all',
  applies: (project) => ['express', 'fastify', 'koa', 'hono', '@nestjs/core', 'next'].some((name) => project.has(name)),
  mentions:
    /express|fastify|koa\b|hono\b|NestFactory|\.render\(|\.view\(|\.html\(|@Render|@Post\(|Static|sendFile|view engine|cookie|\.session\b|passport\.|[/'"`](log|sign)[-_]?in['"`]|helmet|secure-headers|lusca|nosecone|next-safe|dont-sniff|Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security/i,
  file(source, _tell, note) {
    if (source.kind === 'test') return {};
    if (setters.test(source.text) && setters.test(withoutComments(source.text))) note('headers');
    if (source.kind !== 'app') return {};
    if (knows.test(source.text)) note('known');
    const look = (node: Call): void => {
      const origin = originOf(source, node.callee);
      const of = origin === null ? undefined : names.find((name) => frameworks[name].made.test(origin));
      if (of !== undefined) note({ app: atNode(source, node), of, isMain: isMain(source.text) });
      const page = node.type === 'CallExpression' ? pageOf(source, node, origin) : null;
      if (page !== null) note(page);
      if (node.type === 'CallExpression' && isSession(source, node, origin)) note('cookies');
    };
    return {
      CallExpression: look,
      NewExpression: look,
      Decorator(node) {
        if (/^@Render\(/.test(source.textOf(node))) note('pages');
      },
    };
  },
  project(project, tell, notes) {
    if (notes.some(({ note }) => note === 'headers')) return;
    if (project.files.some((path) => before.test(path) && setters.test(project.tree.read(path) ?? ''))) return;
    const has = (what: Note): boolean => notes.some(({ note }) => note === what);
    const all = notes.flatMap(({ path, note }) => (typeof note === 'object' ? [{ ...note, path }] : []));
    // Of several apps, that one is told whose folder has the pages or the cookies.
    const about = notes.filter(({ note }) => typeof note === 'string' && /^(pages|cookies)$/.test(note));
    const owning = all.filter((app) => app.isMain && about.some(({ path }) => path.startsWith(treeOf(app.path))));
    const apps = owning.length > 0 ? owning : all;
    const found =
      names.map((name) => apps.find(({ of }) => of === name && name === 'Nest')).find((one) => one !== undefined) ??
      apps.find(({ isMain }) => isMain) ??
      apps[0];
    if (!found) {
      const config = project.files.find((path) => /^next\.config\.[cm]?[jt]s$/.test(path));
      if (project.has('next') && config !== undefined)
        tell(
          { path: config, line: null },
          {
            message:
              'This app serves pages and sets none of the headers that protect them: other sites can frame them.',
            fix: 'Add headers() to the configuration, with frame-ancestors, nosniff and HSTS.',
            severity: 'info',
            confidence: 'hint',
          },
        );
      return;
    }
    const { app, of } = found;
    // What is published is mounted by other programs, which set the headers for all.
    const isPublished =
      project.manifest.private !== true && (project.manifest.files ?? project.manifest.publishConfig) !== undefined;
    // Pages that know nobody have little that others could make use of.
    const isForAll = !has('known') && !has('cookies');
    const asLibrary = isPublished || isForAll ? { severity: 'info' as const, confidence: 'hint' as const } : {};
    const hasPages =
      has('pages') ||
      notes.filter(({ note }) => note === 'file').length > 1 ||
      (has('views') && (has('engine') || engines.some((name) => project.has(name)))) ||
      (has('folder') && hasFolderOfPages(project));
    if (hasPages)
      tell(app, {
        ...asLibrary,
        message:
          'This app serves pages and sets none of the headers that protect them: other sites can frame them, and an injected script may do all.',
        fix: frameworks[of].fix,
      });
    else if (has('cookies'))
      tell(app, {
        message:
          'This app signs its users in by cookies and sets none of the security headers: browsers may come back over plain HTTP (no HSTS), and guess types of what users uploaded (no nosniff).',
        fix: frameworks[of].fix,
        severity: 'info',
        ...asLibrary,
      });
    else if (of === 'Express')
      tell(app, {
        message: 'This app sets none of the security headers (nosniff, HSTS), and tells that it is Express.',
        fix: frameworks[of].fix,
        severity: 'info',
        confidence: 'hint',
      });
  },
});

const pagePath = /(^|\/)(public|www|html)\/([^/]+\/)*[^/]+\.html?$/;

/** True for pages in a folder that is served: several, or one that runs a script. */
function hasFolderOfPages({ files, tree }: Project): boolean {
  const pages = files.filter((path) => pagePath.test(path));
  return pages.length > 1 || pages.some((path) => /<script\b/i.test(tree.read(path) ?? ''));
}

/** The folder of an app, whose source may lie in `src`. */
const treeOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1).replace(/(^|\/)src\/$/, '$1');

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/** A session, or a cookie of one, as each framework sets it. */
function isSession(source: Source, node: Call, origin: string | null): boolean {
  if (origin !== null && /^(express-session|cookie-session|koa-session|@fastify\/(secure-)?session)#/.test(origin))
    return true;
  const callee = unwrap(node.callee);
  const text = source.textOf(callee);
  const isSet =
    origin === 'hono/cookie#setCookie' ||
    /\b(res|resp|response|reply)\b[\s\S]*\.(cookie|setCookie)$|\bcookies\.set$/.test(text);
  return isSet && /['"`][\w-]*(token|jwt|sid|sess|auth)[\w-]*['"`]/i.test(source.textOf(node).slice(0, 200));
}

/** Folders of files that are no pages of the app's own. */
const noPages = /['"`/](swagger|uploads?|media|images?|assets|api-?docs)\b/i;

/** What serves pages: view engines, folders of a built frontend, HTML. */
function pageOf(source: Source, node: Call, origin: string | null): Page | null {
  const callee = unwrap(node.callee);
  const [first] = node.arguments;
  const folder = first ? source.textOf(first) : '';
  if (origin !== null && /^(express#static|koa-static#default|serve-static#default)$/.test(origin))
    return /dist|build|client|frontend/i.test(folder) ? 'pages' : /public|www|html/i.test(folder) ? 'folder' : null;
  if (
    origin !== null &&
    /^(koa-views#default|@koa\/ejs#default|@ladjs\/koa-views#default|@nestjs\/serve-static#ServeStaticModule\.forRoot)$/.test(
      origin,
    )
  )
    return /static/i.test(origin) && noPages.test(source.textOf(node)) ? null : 'pages';
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const { name } = callee.property;
  if (name === 'register' && first)
    return /^@fastify\/view#|^point-of-view#/.test(originOf(source, first) ?? '') ? 'pages' : null;
  if (name === 'setViewEngine' || name === 'setBaseViewsDir') return 'pages';
  const object = unwrap(callee.object);
  if (object.type !== 'Identifier') return null;
  if (/^(c|ctx)$/.test(object.name))
    return (name === 'html' || name === 'render') && node.arguments.length > 0 && roleAt(source, object) === 'context'
      ? 'pages'
      : null;
  if (/^(reply|rep)$/.test(object.name)) return name === 'view' || name === 'viewAsync' ? 'pages' : null;
  if (!/^(res|resp|response|app|server)$/.test(object.name)) return null;
  // A view engine alone may draw e-mails.
  if (name === 'sendFile') return /\.html?['"`]/.test(source.textOf(node)) ? 'file' : null;
  if (name === 'engine' || (name === 'set' && /['"]view engine['"]/.test(source.textOf(node)))) return 'engine';
  if (name !== 'render') return null;
  return /^res/.test(object.name) && !/\.\w+['"`]$/.test(folder) ? 'views' : 'pages';
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
