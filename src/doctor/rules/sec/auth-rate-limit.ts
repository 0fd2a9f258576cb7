import type { Syntax } from '../../../text/syntax.ts';
import { originOf } from '../../code/origin.ts';
import { reachedFrom, wordsOf } from '../../code/reach.ts';
import { everyOf, isFunction, type Source } from '../../code/source.ts';
import type { Project } from '../../project.ts';
import { isDoor, isOfLink, takesDrawn, signingIn, wordsFor } from '../../routes/doors.ts';
import { isForInsiders } from '../../routes/insiders.ts';
import { isLimitedRoute, isLimiting, limiterMount } from '../../routes/limits.ts';
import { asksModel } from '../../routes/paid-models.ts';
import { type Route, routesOf } from '../../routes/routes.ts';
import { byOthers, signInsOf } from '../../routes/sign-ins.ts';
import { authed, isAgainstSetting, signsIn, takesNoAccount } from '../../routes/tried-passwords.ts';
import { triesNothing } from '../../routes/untried.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** A route that nothing limits (`isOwn`: `/:id/password`, behind a session); a limiter before a path (of one file's router); or that the project counts attempts by itself. */
type Note =
  | { open: Spot; path: string; what: 'guess' | 'model'; isAuthed: boolean; isOwn?: boolean; isDoor?: boolean }
  | { limited: string; of?: string }
  | 'counts';

/** The last words of a path at which something can be guessed. */
const guessed =
  /(^|[/_-])((log-?in|sign-?in|authenticate|sign-?up|register)([-_](new|users?|admins?|customers?|clients?|accounts?|providers?|students?|teachers?|employees?|staff|members?|sellers?|vendors?|drivers?|doctors?|patients?|owners?|email|phone|password))*|(forgot|reset|recover)[-_/]?(password|pw|pwd)|password[-_/]?(reset|forgot|recover(y)?|request)|forgot|otp|(verify|send|resend|check|validate|confirm)[-_]?(otp|code|pin|2fa|mfa|token)|(send|resend|request)[-_]?(verification|confirmation|activation)([-_](e-?mails?|links?))?|2fa|mfa|totp|magic-?link)(\/(verify|validate|confirm|request|email|local|auth|password|:\w+))?\/?$/i;
/** Paths that may be one of those: what the handler does decides. */
const maybe = /(^|\/)(auth|sessions?|(access-?)?tokens?|oauth)(\/(password|email|local|credentials))?\/?$/i;

export const authRateLimit = defineRule<Note>({
  id: 'sec/auth-rate-limit',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'Passwords and codes can be tried as often as somebody likes.',
  why: 'Lists of leaked passwords are tried on every sign-in that answers, thousands in a minute, and a code of six digits falls within the hour. Limit by account and by address, count the failures, and slow down before you lock. Routes that ask a model of language cost money with each call: without a limit one visitor can spend the month’s budget in a night.',
  remedy: { skill: 'rate-limit', choices: { login: true } },
  running: true,
  owasp: 'API2',
  securitySeverity: 6.5,
  mentions:
    /log-?in|sign-?in|authenticate|sign-?up|register|password|forgot|reset|verif|otp|2fa|mfa|totp|magic|token|limit|throttl|ThrottlerGuard|redentials|betterAuth|attempt|generateText|streamText|generateObject|openai|anthropic|replicate|arcjet|\.post\(\s*['"`]\/?['"`]/i,
  file: (source, _tell, note) => ({
    CallExpression(node) {
      const mount = limiterMount(source, node);
      if (mount !== null)
        note({ limited: mount, ...(mount === '' && isOneRouter(source, node) ? { of: source.path } : {}) });
    },
    Property(node) {
      const text = node.value.type === 'Identifier' ? node.value.name : '';
      if (/Throttl|RateLimit/i.test(text) && /APP_GUARD/.test(source.text)) note({ limited: '' });
    },
    Program() {
      if (attempts.test(source.text)) note('counts');
      if (
        /(^|\/)(middleware|proxy)\.[cm]?[jt]s$/.test(source.path) &&
        source.project.has('next') &&
        isLimiting(source, source.program)
      )
        note({ limited: '' });
      for (const route of routesOf(source)) {
        const { path, node } = route;
        if (path === null || (route.method !== 'POST' && route.method !== 'ALL' && route.method !== 'PUT')) continue;
        const what = whatOf(source, route);
        if (what === null || isLimitedRoute(source, route)) continue;
        if (what === 'guess' && route.handler && triesNothing(source, [...route.before, route.handler])) continue;
        if (what === 'guess' && isForAdmins(source, route)) continue;
        const isAuthed = authed.test(
          [...route.before, ...(route.handler ? [route.handler] : [])].map(wordsOf).join(' '),
        );
        const isOwn = /^\/:\w+\//.test(path) && authed.test(route.before.map(wordsOf).join(' '));
        note({
          open: { path: source.path, start: node.start, end: node.end },
          path,
          what,
          isAuthed,
          isOwn,
          isDoor: isDoor(path, authed.test(route.before.map(wordsOf).join(' '))) || comparesPassword(source, route),
        });
      }
      for (const { name, node } of signInsOf(source))
        note({
          open: { path: source.path, start: node.start, end: node.end },
          path: name,
          what: 'guess',
          isAuthed: false,
          isDoor: isDoor(name),
        });
    },
  }),
  project(project, tell, notes) {
    if (isLimitedByProxy(project)) return;
    const mounts = notes.flatMap(({ note }) => (note !== 'counts' && 'limited' in note ? [note] : []));
    const open = notes.flatMap(({ path, note }) =>
      note !== 'counts' &&
      'open' in note &&
      !mounts.some(({ limited, of = path }) => of === path && covers(limited, note.path, path))
        ? [{ ...note, file: path }]
        : [],
    );
    const isCounted = notes.some(({ note }) => note === 'counts');
    const guesses = open.filter(({ what }) => what === 'guess');
    // One limiter before the router mends a file: it is told once, at the sign-in.
    for (const file of new Set(guesses.map((one) => one.file))) {
      const all = guesses.filter((one) => one.file === file);
      const first =
        all.find(({ path }) => /log-?in|sign-?in/i.test(path)) ??
        all.find(({ path, isOwn }) => signingIn.test(path) && !isOwn) ??
        all.find(({ isDoor, isOwn }) => isDoor && !isOwn) ??
        all.find(({ isOwn }) => !isOwn) ??
        all.find(({ path }) => signingIn.test(path)) ??
        all[0];
      if (!first) continue;
      const words = wordsFor([first, ...all.filter((one) => one !== first)].map(({ path }) => path));
      // Copies of one file, as a generator keeps them: one word for all.
      tell(first.open, {
        ...words,
        together: `${file.split('/').slice(-2).join('/')} ${words.message}`,
        // Somewhere attempts are counted, as in what a library calls back.
        ...((isCounted && signingIn.test(first.path)) || first.isOwn || !first.isDoor
          ? { confidence: 'hint' as const, severity: 'info' as const }
          : {}),
      });
    }
    for (const { what, open: at, path, isAuthed } of open)
      if (what === 'model')
        tell(at, {
          message: `Nothing limits ${path}, and each call of it is paid to a model: one visitor can spend the budget.`,
          fix: 'Put a limiter before it, by user and by month: `backend-skills add rate-limit`.',
          ...(isAuthed ? { confidence: 'hint' as const, severity: 'info' as const } : {}),
        });
  },
});

/** What counts how often somebody tried. */
const attempts = /(log_?in|sign_?in|failed(_?log_?in)?)_?attempts?|log_?attempt|lock_?out/i;
/** `router.use(limiter)` on a router that leads to no other: the limit is that of its own routes. */
const isOneRouter = (source: Source, { callee }: Extract<Syntax, { type: 'CallExpression' }>): boolean =>
  callee.type === 'MemberExpression' &&
  /Router\(\)$/.test(originOf(source, callee.object) ?? '') &&
  !/\.use\(\s*['"`]/.test(source.text);

const proxies = /(^|\/)(nginx[\w.-]*\.conf|[\w.-]*\.nginx|default\.conf|Caddyfile|traefik[\w.-]*\.ya?ml)$/;

/** A proxy of the project that limits. */
const isLimitedByProxy = ({ files, tree }: Project): boolean =>
  files.some((path) => proxies.test(path) && /limit_req|rate_limit|ratelimit/i.test(tree.read(path) ?? ''));

/** True where a limiter of that path stands before the route, as far as mounts can be told: by the path, or by the file's name. */
function covers(mount: string, path: string, file: string): boolean {
  if (mount === '') return true;
  const last = mount
    .split('/')
    .filter((part) => part !== '' && !/^[:*]/.test(part))
    .at(-1);
  // `/:id`: the routes of one thing.
  if (last === undefined) return !mount.includes(':');
  if (/^(api|v\d+|rest)$/.test(last)) return true;
  const stem = last.toLowerCase().replace(/s$/, '');
  return path.toLowerCase().includes(stem) || file.toLowerCase().includes(stem);
}

/** True for a handler that reads nothing which somebody types: who is signed in already becomes somebody else. */
function isForOthers(source: Source, { before, handler }: Route): boolean {
  const places = handler ? reachedFrom(source, [handler], 0) : [];
  return (
    places.length > 0 &&
    places.every(
      ({ source: from, node }) =>
        !/body|passw|\botp|[(,]\s*(req|request)\s*[,)]/i.test(from.textOf((isFunction(node) && node.body) || node)),
    ) &&
    !/^(passport|authenticate|local)$/im.test(before.map(wordsOf).join('\n'))
  );
}

function whatOf(source: Source, route: Route): 'guess' | 'model' | null {
  const path = (route.path ?? '').replace(/([a-z])([A-Z])/g, '$1-$2');
  const { handler } = route;
  if (handler === null) return null;
  if (asksModel(source, handler)) return 'model';
  if (isOfLink(path) || takesDrawn(source, route)) return null;
  const isNamed = guessed.test(path) || maybe.test(path);
  if (!isNamed && !/^\/?$/.test(path) && !comparesPassword(source, route)) return null;
  const places = reachedFrom(source, [...route.before, handler]);
  const words = [...places.map(({ node }) => wordsOf(node)), wordsOf(handler), ...route.before.map(wordsOf)].join('\n');
  if (byOthers.test(words)) return null;
  // `/:userId/login` that takes nothing but who it is: to sign in as somebody else.
  if (/:[^/]+\/(log|sign)-?in(-as)?\/?$/i.test(path) && isForOthers(source, route)) return null;
  if (!isNamed)
    return route.method === 'POST' &&
      (signsIn(words, route.before.map(wordsOf).join('\n')) || places.some(isAgainstSetting))
      ? 'guess'
      : null;
  // Somebody who is signed in registers other things: a device, a webhook, a domain.
  if (
    /regist|sign-?up/i.test(path) &&
    (!/passw|createUser|user|passport/i.test(words) || takesNoAccount(source, handler))
  )
    return null;
  // `/events/:id/register`: for a thing that is there, not for an account.
  if (/:[^/]+\/(regist|sign-?up)/i.test(path)) return null;
  // What another provider has signed cannot be guessed.
  if (/google|facebook|apple|github|twitter|microsoft|saml|sso|oidc|social|passkey|webauthn/i.test(path)) return null;
  if (guessed.test(path)) {
    if (/(^|[/_-])(webhook|hook|callback|device|push|fcm)/i.test(path)) return null;
    return /passw|otp|code|token|login|signin|sign_?in|credential|email|pin\b|authenticat|regist|signup/i.test(words)
      ? 'guess'
      : null;
  }
  return /passw(or)?d/i.test(words) && /compare|verify|match|login|sign_?in|authenticate|token|sign\b/i.test(words)
    ? 'guess'
    : null;
}

/** `POST /local`, `POST /basic`: who sends an address and a password gets a session, and is not known before. */
function comparesPassword(source: Source, { method, path, before, handler }: Route): boolean {
  if (method !== 'POST' || handler === null || /passw|:/i.test(path ?? '')) return false;
  const words = wordsOf(handler);
  return (
    /^(email|user_?name|login|phone|identifier)$/im.test(words) &&
    /^(jwt|sign|session|\w*tokens?|log_?in)$/im.test(words) &&
    signsIn(words, before.map(wordsOf).join('\n')) &&
    !/\b(req|request|ctx|c|state)\.(user|auth|account|currentUser)\b/.test(source.textOf(handler))
  );
}

/** An account or a new password that an administrator who is signed in gives to somebody else: there is nothing to try. */
function isForAdmins(source: Source, { path, handler, options }: Route): boolean {
  if (handler === null || signingIn.test(path ?? '')) return false;
  // `permission: ADMIN`
  if (options && /\b(permission|role)s?\s*:\s*[\w.'"[]*admin/i.test(source.textOf(options))) return true;
  return reachedFrom(source, [handler], 0).some(({ source: from, node }) => {
    if (isFunction(node) && isForInsiders(from, node)) return true;
    let asks = false;
    everyOf(node, ['IfStatement'], (one) => {
      if (one.type === 'IfStatement') asks ||= /\bis_?admin\b/i.test(from.textOf(one.test));
    });
    return asks;
  });
}
