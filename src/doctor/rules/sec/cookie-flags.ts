import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { memberName, objectAt, option } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { writtenText } from '../../code/reach.ts';
import type { Source } from '../../code/source.ts';
import { roleAt } from '../../flow/request.ts';
import { defineRule, type Spot, type Tell } from '../../rule.ts';
import { flags, missingIn, optionsAt, setLater, shownTo, switchedOff } from '../../secrets/cookie-options.ts';
import { isReadByScripts } from '../../secrets/read-by-scripts.ts';
import { sessions } from '../../secrets/sessions.ts';
import { onceFor } from '../../together.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Names of cookies that are as good as the password. */
const session =
  /(^|[^a-z])(sid|sess|session|session_?id|token|jwt|auth|access_?token|refresh_?token|id_?token|auth_?token|api_?key|remember_?me|password|passwd|credit_?card)($|[^a-z])|(Token|Session|SessionId|Jwt|Auth)$/i;
/** Cookies that scripts of the page must read. */
const read = /csrf|xsrf|consent|theme|locale|lang|push|fcm|device|state|verifier|nonce/i;

/** Sessions that are for the server alone unless somebody says otherwise. */
const otherSessions = /^(cookie-session#default|koa-session#default|iron-session#(getIronSession|withIronSession\w*))$/;

/** A cookie whose options stand elsewhere: many have the same, and they are mended there. */
interface Note {
  at: Extract<Spot, { start: number }>;
  name: string;
  message: string;
}

export const cookieFlags = defineRule<Note>({
  id: 'sec/cookie-flags',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A session’s cookie can be read by scripts, or travels unencrypted.',
  why: '`httpOnly` keeps a cookie from scripts: without it one injected script sends every session away. `secure` keeps it off plain HTTP, `sameSite` out of requests that other sites start. And the session store that express-session falls back to keeps every session in memory: it grows for ever, is gone with each deployment, and is not shared between processes.',
  remedy: 'codemod',
  running: true,
  owasp: 'API2',
  securitySeverity: 5.4,
  mentions: /cookie|session/i,
  file: (source, tell, note) => ({
    CallExpression(node) {
      const origin = originOf(source, node.callee);
      if (origin === 'express-session#default') {
        sessions(source, node, tell);
        return;
      }
      if (origin !== null && otherSessions.test(origin)) {
        for (const key of switchedOff(source, node.arguments[0], ['httpOnly'])) tell(node, shownTo(key));
        return;
      }
      const [plugin, given] = node.arguments;
      if (
        plugin &&
        memberName(unwrap(node.callee)) === 'register' &&
        /^@fastify\/(secure-)?session#/.test(originOf(source, plugin) ?? '')
      ) {
        for (const key of switchedOff(source, given, ['httpOnly', 'secure'])) tell(node, shownTo(key));
        return;
      }
      const header = headerSet(source, node);
      if (header !== null) byHand(source, node, header, tell);
      const set = cookieSet(source, node, origin);
      if (set === null || !isSecret(source, set) || read.test(set.name) || isCleared(source, set.value)) return;
      const options = set.options ? optionsAt(source, set.options) : null;
      if (set.options && options === null) return;
      const isScripts = isReadByScripts(source.project, set.name);
      const later = set.options ? setLater(source, set.options) : [];
      const missing = (options === null ? flags : missingIn(options)).filter(
        (key) => !later.includes(key) && !(isScripts && key === 'httpOnly'),
      );
      // Koa's cookies are for the server alone where nothing else is said.
      if (set.isKoas && !(options && literal(option(options, 'httpOnly') ?? node) === false)) return;
      const [worst] = missing;
      // Without sameSite browsers take 'lax'; alone it is no finding.
      if (worst === undefined || worst === 'sameSite') return;
      const harm =
        worst === 'httpOnly' ? 'any script on the page can read it and send it away' : 'it travels over plain HTTP too';
      const message = `The cookie ${set.name} is set without ${missing.join(', ')}: ${harm}.`;
      const isHere = options === null || (options.source === source && contains(node, options.node));
      // One cookie that a file sets in several places has the same flags in all of them.
      if (isHere)
        onceFor(source.path, tell)(node, {
          message,
          fix: isScripts ? "Set it with { secure: true, sameSite: 'lax' }." : fix,
        });
      else
        note({
          at: { path: options.source.path, start: options.node.start, end: options.node.end },
          name: set.name,
          message,
        });
    },
    TemplateLiteral(node) {
      const name = source.kind === 'app' ? unsecured(source, node) : null;
      if (name !== null)
        onceFor(source.path, tell)(node, {
          message: `The cookie ${name} is set without Secure: it travels over plain HTTP too.`,
          fix: 'Add ; Secure; SameSite=Lax.',
        });
    },
    Property(node) {
      if (keyOf(node)?.toLowerCase() === 'set-cookie') byHand(source, node, node.value, tell);
    },
  }),
  project(_project, tell, notes) {
    const places = new Map<string, Note[]>();
    for (const { note } of notes) {
      const key = `${note.at.path}:${note.at.start}`;
      places.set(key, [...(places.get(key) ?? []), note]);
    }
    for (const [first, ...more] of places.values()) {
      if (!first) continue;
      const names = [...new Set(more.map(({ name }) => name))].filter((name) => name !== first.name);
      tell(first.at, {
        message: `${first.message}${names.length === 0 ? '' : ` These options are also those of ${names.join(', ')}.`}`,
        fix,
        together: `${first.at.path}\n${first.message}`,
      });
    }
  },
});

const fix = "Set it with { httpOnly: true, secure: true, sameSite: 'lax' }.";

const contains = (outer: Syntax, inner: Syntax): boolean => outer.start <= inner.start && inner.end <= outer.end;

interface Set {
  name: string;
  /** Koa's `ctx.cookies.set`. */
  isKoas?: boolean;
  value: Syntax | null;
  options: Syntax | null;
}

/** `res.cookie(name, value, options)`, `reply.setCookie`, `setCookie(c, name, value, options)`, `cookies().set(name, value, options)`. */
function cookieSet(source: Source, node: Call, origin: string | null): Set | null {
  const [first, second, third, fourth] = node.arguments;
  if (origin === 'hono/cookie#setCookie') return named(source, second, third, fourth);
  if (/^cookie#(serialize|stringifySetCookie)$/.test(origin ?? '')) return named(source, first, second, third);
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const method = callee.property.name;
  if (method === 'cookie' || method === 'setCookie') {
    const object = chainStart(callee.object);
    const isAnswer =
      roleAt(source, object) === 'response' ||
      (object.type === 'Identifier' && /^(res|response|reply)$/.test(object.name));
    return isAnswer && node.arguments.length >= 2 ? named(source, first, second, third) : null;
  }
  if (method === 'set' && /^(ctx|context)\.cookies$/.test(source.textOf(callee.object)) && source.project.has('koa')) {
    const set = named(source, first, second, third);
    return set && { ...set, isKoas: true };
  }
  if (method !== 'set' || !isJar(source, callee.object)) return null;
  const object = node.arguments.length === 1 ? objectAt(source, first) : null;
  if (object) {
    const name = option(object, 'name');
    return name ? named(object.source, name, option(object, 'value') ?? undefined, object.node) : null;
  }
  return named(source, first, second, third);
}

const chainStart = (node: Syntax): Syntax => {
  const inner = unwrap(node);
  return inner.type === 'CallExpression' && inner.callee.type === 'MemberExpression'
    ? chainStart(inner.callee.object)
    : inner;
};

/** Next's cookies: `cookies()`, `(await cookies())`, `response.cookies`. */
const isJar = (source: Source, node: Syntax): boolean => {
  const origin = originOf(source, node) ?? '';
  return /^next\/headers#cookies\(\)$|^next\/server#NextResponse(\.\w+)?\(\)\.cookies$/.test(origin);
};

function named(
  source: Source,
  name: Syntax | undefined,
  value: Syntax | undefined,
  options: Syntax | undefined,
): Set | null {
  const text = name ? (writtenText(source, name) ?? constantName(name)) : null;
  return text === null ? null : { name: text, value: value ?? null, options: options ?? null };
}

/** By the name, or by what it is given: `cc` may be a country. */
const isSecret = (source: Source, { name, value }: Set): boolean =>
  (session.test(name) && !isWayOfSignIn(source, name, value)) ||
  (value !== null && /credit|cardN|passw/i.test(source.textOf(value)));

/** How somebody signs in, or where that leads: `auth_method`, `auth_cb`; nothing that lets anybody in. */
function isWayOfSignIn(source: Source, name: string, value: Syntax | null): boolean {
  if (value === null || !/auth/i.test(name) || session.test(name.replace(/auth/gi, ''))) return false;
  return !/auth$/i.test(name) && ways.test(source.textOf(unwrap(value)));
}
const ways = /^[\w.]*(method|provider|strategy|callback|redirect|return|ur[il]|path|mode)(ur[il]|to|name|type)?$/i;

/** A name that cannot be read is as good as what it is called. */
const constantName = (node: Syntax): string | null => {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return /^[A-Z0-9_]+$/.test(inner.name) ? inner.name : null;
  return memberName(inner);
};

/** A word that stands in the code is nobody's session: 'none', 'deleted', ''. */
const isCleared = (source: Source, value: Syntax | null): boolean =>
  value !== null && (typeof literal(value) === 'string' || /^(null|undefined)$/.test(source.textOf(value)));

/** The value of a `Set-Cookie` header that a call sets; null for any other call. */
function headerSet(source: Source, node: Call): Syntax | null {
  const [name, value] = node.arguments;
  const isSetting = /^(setHeader|header|set|append|appendHeader)$/.test(memberName(unwrap(node.callee)) ?? '');
  return isSetting && name && value && stringValue(name)?.toLowerCase() === 'set-cookie' && source.kind === 'app'
    ? value
    : null;
}

/** A cookie whose words are put together by hand. */
function byHand(source: Source, at: Syntax, value: Syntax, tell: Tell): void {
  const inner = constantOf(source, value) ?? unwrap(value);
  const each = inner.type === 'ArrayExpression' ? inner.elements.flatMap((one) => (one ? [one] : [])) : [inner];
  for (const one of each) {
    if (one.type !== 'TemplateLiteral' && one.type !== 'BinaryExpression') continue;
    const text = source.textOf(one);
    const name = /^[`'"]([\w.-]+)=/.exec(text)?.[1];
    if (name === undefined || !session.test(name) || read.test(name) || /httponly|max-age=0|expires=thu/i.test(text))
      continue;
    if (/\$\{\s*\w*(opt|flag|attr)|\+\s*\w*(opt|flag|attr)/i.test(text)) continue;
    tell(at, {
      message: `The cookie ${name} is set without HttpOnly: any script on the page can read it and send it away.`,
      fix: 'Add ; HttpOnly; Secure; SameSite=Lax.',
    });
  }
}

/** The name of a cookie with a token whose text says HttpOnly, and not Secure, wherever that text is set. */
function unsecured(source: Source, node: Extract<Syntax, { type: 'TemplateLiteral' }>): string | null {
  const [value] = node.expressions;
  const name = /^([\w.-]+)=$/.exec(node.quasis[0]?.value.raw ?? '')?.[1];
  if (!value || name === undefined || read.test(name)) return null;
  const text = source.textOf(node);
  const isToken = session.test(name) || /(token|jwt|session(Id)?)$/i.test(source.textOf(value));
  return isToken && /;\s*httponly/i.test(text) && !/secure|max-age=0|expires=thu|opt|flag|attr/i.test(text)
    ? name
    : null;
}
