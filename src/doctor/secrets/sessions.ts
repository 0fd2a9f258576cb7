import { isCode } from '../../detect/paths.ts';
import { keyOf, literal, type Syntax } from '../../text/syntax.ts';
import { isOpen, objectAt, option, type Written } from '../code/objects.ts';
import type { Source } from '../code/source.ts';
import type { Project } from '../project.ts';
import type { Tell } from '../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Looks at the options of express-session: who may read its cookie, where it travels, how its ids are made and where sessions are kept. */
export function sessions(source: Source, node: Call, tell: Tell): void {
  const options = objectAt(source, node.arguments[0]);
  if (!options || isOpen(options)) return;
  // A secret that is drawn at each start: nobody is to stay signed in, as in an installer.
  const secret = option(options, 'secret');
  if (secret?.type === 'CallExpression' && /uuid|random/i.test(options.source.textOf(secret))) return;
  const ids = option(options, 'genid');
  if (
    ids &&
    /\bDate\b|Math\.random/.test(options.source.textOf(ids)) &&
    !/random(Bytes|UUID)|uuid|nanoid/i.test(options.source.textOf(ids))
  )
    tell(options.source === source ? ids : node, {
      message: 'The ids of sessions are made of the time or of Math.random(): whoever computes one is signed in.',
      fix: 'Delete genid: express-session draws its ids at random.',
      severity: 'error',
    });
  const given = option(options, 'cookie');
  const cookie = given === null ? null : objectAt(options.source, given);
  if (given !== null && cookie === null) return;
  const at = options.source === source ? options.node : node;
  const http = cookie ? option(cookie, 'httpOnly') : null;
  if (http && literal(http) === false) {
    const property = cookie?.node.properties.find((one) => keyOf(one) === 'httpOnly');
    tell(options.source === source && property ? property : node, {
      message: "The session's cookie has httpOnly: false: any script on the page can read it and send it away.",
      fix: 'Set httpOnly: true: nothing in a page needs the id of the session.',
      ...(cookie?.source === source ? { edits: [{ start: http.start, end: http.end, text: 'true' }] } : {}),
    });
  }
  const secure = cookie ? option(cookie, 'secure') : null;
  const isLaterSet = /cookie\.secure\s*=/.test(source.text);
  const isMeant = cookie !== null && secure !== null && isExplained(cookie, secure);
  if (!(cookie && isOpen(cookie)) && !isLaterSet && (secure === null || literal(secure) === false))
    tell(at, {
      message: "The session's cookie travels over plain HTTP too: who listens on the way is signed in.",
      ...(isMeant ? { severity: 'info', confidence: 'hint' } : {}),
      fix:
        isMeant || isEither(source.project)
          ? "Set cookie: { secure: 'auto', sameSite: 'lax' }: this server speaks http or https by its settings, and a sign-in over http must not end."
          : "Set cookie: { secure: process.env.NODE_ENV === 'production', sameSite: 'lax' }, and trust as many proxies as there are.",
    });
  if (option(options, 'store') === null && !/\.store\s*=/.test(source.text))
    tell(at, {
      message:
        'Without a store sessions are kept in memory: they grow for ever, and every deployment signs everybody out.',
      fix: 'Keep them in Redis or the database (connect-redis, connect-pg-simple).',
    });
}

/** True where a comment beside a flag says why it is off. */
function isExplained({ source: { text }, node }: Written, flag: Syntax): boolean {
  const end = text.indexOf('\n', flag.end);
  const lines = text.slice(node.start, end < 0 ? text.length : end).split('\n');
  const [own = '', above = ''] = [lines.at(-1), lines.at(-2)];
  return /\/\/|\/\*/.test(own) || /^\s*(\/\/|\*|\/\*)/.test(above) || /\*\/\s*$/.test(above);
}

const known = new WeakMap<Project, boolean>();

/** True for a server whose settings choose between http and https: in production it may be either. */
function isEither(project: Project): boolean {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found = project.files.some((path) => {
    const text = isCode(path) ? (project.tree.read(path) ?? '') : '';
    return /\bhttps\.createServer\(/.test(text) && /\belse\b|\?/.test(text) && /\bhttp\.createServer\(/.test(text);
  });
  known.set(project, found);
  return found;
}
