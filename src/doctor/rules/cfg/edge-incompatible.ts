import { asString, readJson } from '../../../detect/json.ts';
import { followImports, importsOf } from '../../../detect/modules.ts';
import { parse } from '../../../text/syntax.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Tell } from '../../rule.ts';

/** Modules of Node that the edge runtimes do not have, and packages that need them. */
const missing = /^(node:)?(fs|fs\/promises|child_process|cluster|dgram|http2|inspector|repl|v8|vm|worker_threads)$/;
/** What Next's edge runtime lacks beside those. */
const missingOnNext = /^(node:)?(net|tls|dns|os|path|crypto|stream|http|https|zlib|readline)$/;
const packages =
  /^(pg|mysql2?|mongoose|mongodb|ioredis|redis|bcrypt|sharp|sequelize|typeorm|knex|better-sqlite3|nodemailer|jsonwebtoken|argon2|canvas|puppeteer)$/;

export const edgeIncompatible = defineRule({
  id: 'cfg/edge-incompatible',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'Code for an edge runtime imports what only Node has.',
  why: 'Edge runtimes are no Node: without the file system, processes and most sockets. The build may pass; the first request that reaches the import fails. Move the work to a route that runs on Node, or use what the runtime has (Web Crypto, fetch, a database over HTTP).',
  remedy: 'words',
  project(project, tell) {
    for (const { entry, where, isNext } of entries(project)) look(project, entry, where, isNext, tell);
  },
});

interface Entry {
  entry: string;
  where: string;
  isNext: boolean;
}

function entries(project: Project): Entry[] {
  const { tree, files } = project;
  const found: Entry[] = [];
  if (project.has('next')) {
    const major = Number(/\d+/.exec(project.dependencies.get('next') ?? '')?.[0] ?? 16);
    for (const path of files) {
      const text = /(^|\/)(middleware|route|page|layout)\.[cm]?[jt]sx?$|(^|\/)pages\/api\//.test(path)
        ? (tree.read(path) ?? '')
        : '';
      const isMiddleware =
        /^(src\/)?middleware\.[cm]?[jt]s$/.test(path) && !/runtime\s*[:=]\s*['"]nodejs['"]/.test(text) && major < 16;
      if (isMiddleware) found.push({ entry: path, where: 'the middleware', isNext: true });
      else if (
        /export\s+const\s+runtime\s*=\s*['"](experimental-)?edge['"]|runtime:\s*['"](experimental-)?edge['"]/.test(text)
      )
        found.push({ entry: path, where: 'the edge', isNext: true });
    }
  }
  const config = ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'].find((path) => tree.has(path));
  if (config === undefined) return found;
  const text = tree.read(config) ?? '';
  const main = config.endsWith('.toml')
    ? (/^\s*main\s*=\s*["']([^"']+)/m.exec(text)?.[1] ?? null)
    : asString(readJson(tree, config)?.main);
  const entry = main?.replace(/^\.\//, '') ?? null;
  // With this flag Workers have most of Node; what is missing there fails at build time already.
  if (entry !== null && tree.has(entry) && !/nodejs_compat/.test(text))
    found.push({ entry, where: 'Cloudflare Workers', isNext: false });
  return found;
}

function look(project: Project, entry: string, where: string, isNext: boolean, tell: Tell): void {
  for (const path of followImports(project.tree, entry)) {
    const text = project.tree.read(path);
    const program = text === null ? null : parse(text, path);
    for (const { specifier, typeOnly, node } of program ? importsOf(program) : []) {
      if (typeOnly || specifier.startsWith('.')) continue;
      const lacks = missing.test(specifier) || packages.test(specifier) || (isNext && missingOnNext.test(specifier));
      if (!lacks) continue;
      const through = path === entry ? '' : ` (through ${path})`;
      tell(
        { path, start: node.start, end: node.end },
        {
          message: `${where} has no ${specifier}, and ${entry} imports it${through}: the first request fails.`,
          fix: isNext
            ? "Run this on Node (export const runtime = 'nodejs'), or use what the edge has."
            : 'Set nodejs_compat, or use what the runtime has.',
          // On the way there may be imports of types alone, and only what is used fails.
          ...(path === entry ? {} : { confidence: 'hint', together: specifier }),
        },
      );
    }
  }
}
