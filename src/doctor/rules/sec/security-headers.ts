import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { originOf } from '../../origin.ts';
import { defineRule, type Spot } from '../../rule.ts';

type Note = { app: Spot } | 'pages' | 'headers';

const setters =
  /['"](helmet|koa-helmet|@fastify\/helmet|fastify-helmet|hono\/secure-headers|lusca|nosecone|@nosecone\/next|next-secure-headers|@next-safe\/middleware|dont-sniff-mimetype|nuxt-security)['"]|Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security/i;
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
  applies: (project) => project.has('express'),
  mentions:
    /express|\.render\(|sendFile|view engine|helmet|secure-headers|lusca|nosecone|next-safe|dont-sniff|Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security/i,
  file(source, _tell, note) {
    if (source.kind === 'test') return {};
    if (setters.test(withoutComments(source.text))) note('headers');
    if (source.kind !== 'app') return {};
    return {
      CallExpression(node) {
        const origin = originOf(source, node.callee);
        const spot = { path: source.path, start: node.start, end: node.end };
        if (origin === 'express#default') note({ app: spot });
        const callee = unwrap(node.callee);
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        if (isExpressName(callee.object) && isPage(callee.property.name, source.textOf(node))) note('pages');
        const folder = node.arguments[0] ? source.textOf(node.arguments[0]) : '';
        if (origin === 'express#static' && /public|dist|build|client|frontend|www|html/i.test(folder)) note('pages');
      },
    };
  },
  project(project, tell, notes) {
    if (notes.some(({ note }) => note === 'headers')) return;
    if (project.files.some((path) => before.test(path) && setters.test(project.tree.read(path) ?? ''))) return;
    const isPages = notes.some(({ note }) => note === 'pages');
    const app = notes.map(({ note }) => note).find((note): note is { app: Spot } => typeof note === 'object');
    if (!app) return;
    tell(app.app, {
      message: isPages
        ? 'This app serves pages and sets none of the headers that protect them: other sites can frame them, and an injected script may do all.'
        : 'This app sets none of the security headers (nosniff, HSTS), and tells that it is Express.',
      fix: 'Add helmet() before the routes.',
      ...(isPages ? {} : { severity: 'info' as const, confidence: 'hint' as const }),
    });
  },
});

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const isExpressName = (node: Syntax): boolean => {
  const inner = unwrap(node);
  return inner.type === 'Identifier' && /^(res|resp|response|app|server)$/.test(inner.name);
};

/** `res.render(…)`, `app.set('view engine', …)`, `res.sendFile('index.html')`. */
const isPage = (method: string, call: string): boolean =>
  method === 'render' ||
  (method === 'set' && /['"]view engine['"]/.test(call)) ||
  (method === 'sendFile' && /\.html?['"`]/.test(call));
