import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { isLimiting, limiterMount } from '../../limits.ts';
import { definitionOf, originOf } from '../../origin.ts';
import { reachedFrom, wordsOf } from '../../reach.ts';
import { type Route, routesOf } from '../../routes.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { everyNode, type Source } from '../../source.ts';

type Note = { open: Spot; path: string; what: 'guess' | 'model'; isAuthed: boolean } | { limited: string };

/** The last words of a path at which something can be guessed. */
const guessed =
  /(^|[/_-])((log-?in|sign-?in|authenticate|sign-?up|register)([-_](new|users?|admins?|customers?|clients?|accounts?|providers?|students?|teachers?|employees?|staff|members?|sellers?|vendors?|drivers?|doctors?|patients?|owners?|email|phone|password))*|(forgot|reset|recover)[-_/]?(password|pw|pwd)|password[-_/]?(reset|forgot|recovery)|forgot|otp|(verify|send|resend|check|validate|confirm)[-_]?(otp|code|pin|2fa|mfa|token)|2fa|mfa|totp|magic-?link|access-?token|oauth\/token)(\/(verify|validate|confirm|request|email|local|auth|password|:\w+))?\/?$/i;
/** Paths that may be one of those: what the handler does decides. */
const maybe = /(^|\/)(auth|sessions?|token|tokens|oauth)\/?$/i;
const models =
  /^(ai#(generateText|streamText|generateObject|streamObject|generateImage|experimental_generateImage)|openai#(default|OpenAI|AzureOpenAI)\(\)\.(chat\.completions\.create|responses\.create|images\.\w+|completions\.create|audio\.\w+(\.\w+)*)|@anthropic-ai\/sdk#(default|Anthropic)\(\)\.(messages\.(create|stream))|replicate#default\(\)\.(run|stream|predictions\.create)|@google\/(generative-ai|genai)#.*\.(generateContent\w*|sendMessage\w*)|groq-sdk#\w+\(\)\.chat\.completions\.create|@fal-ai\/\w+#.*)$/;
const authed = /auth|session|currentUser|requireUser|getUser|jwt|protect|clerk|guard|apiKey/i;

export const authRateLimit = defineRule<Note>({
  id: 'sec/auth-rate-limit',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'Passwords and codes can be tried as often as somebody likes.',
  why: 'Lists of leaked passwords are tried on every sign-in that answers, thousands in a minute, and a code of six digits falls within the hour. Limit by account and by address, count the failures, and slow down before you lock. Routes that ask a model of language cost money with each call: without a limit one visitor can spend the month’s budget in a night.',
  remedy: { skill: 'rate-limit' },
  owasp: 'API2',
  securitySeverity: 6.5,
  mentions:
    /log-?in|sign-?in|authenticate|sign-?up|register|password|forgot|reset|otp|2fa|mfa|totp|magic|token|limit|throttl|ThrottlerGuard|generateText|streamText|generateObject|openai|anthropic|replicate|arcjet/i,
  file: (source, _tell, note) => ({
    CallExpression(node) {
      const mount = limiterMount(source, node);
      if (mount !== null) note({ limited: mount });
    },
    Property(node) {
      const text = node.value.type === 'Identifier' ? node.value.name : '';
      if (/Throttl|RateLimit/i.test(text) && /APP_GUARD/.test(source.text)) note({ limited: '' });
    },
    Program() {
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
        if (what === null || isLimited(source, route)) continue;
        const isAuthed = authed.test(
          [...route.before.map(wordsOf), route.handler ? wordsOf(route.handler) : ''].join(' '),
        );
        note({ open: { path: source.path, start: node.start, end: node.end }, path, what, isAuthed });
      }
      for (const { name, node } of signInActions(source))
        note({
          open: { path: source.path, start: node.start, end: node.end },
          path: name,
          what: 'guess',
          isAuthed: false,
        });
    },
  }),
  project(_project, tell, notes) {
    const mounts = notes.flatMap(({ note }) => ('limited' in note ? [note.limited] : []));
    for (const { path: file, note } of notes) {
      if ('limited' in note || mounts.some((mount) => covers(mount, note.path, file))) continue;
      if (note.what === 'guess')
        tell(note.open, {
          message: `Nothing limits ${note.path}: passwords and codes can be tried on it as fast as it answers.`,
          fix: 'Put a limiter before it, by account and by address: `backend-skills add rate-limit`.',
        });
      else
        tell(note.open, {
          message: `Nothing limits ${note.path}, and each call of it is paid to a model: one visitor can spend the budget.`,
          fix: 'Put a limiter before it, by user and by month: `backend-skills add rate-limit`.',
          ...(note.isAuthed ? { confidence: 'hint' as const, severity: 'info' as const } : {}),
        });
    }
  },
});

/** True where a limiter of that path stands before the route, as far as mounts can be told: by the path, or by the file's name. */
function covers(mount: string, path: string, file: string): boolean {
  if (mount === '') return true;
  const last = mount
    .split('/')
    .filter((part) => part !== '' && !/^[:*]/.test(part))
    .at(-1);
  if (last === undefined || /^(api|v\d+|rest)$/.test(last)) return true;
  const stem = last.toLowerCase().replace(/s$/, '');
  return path.toLowerCase().includes(stem) || file.toLowerCase().includes(stem);
}

/** Server actions of Next by which somebody signs in or sets a password anew. */
function signInActions(source: Source): { name: string; node: Syntax }[] {
  if (!source.project.has('next') || !/^\s*['"]use server['"]/.test(source.text)) return [];
  return source.program.body.flatMap((statement) => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null;
    const pairs: [string, Syntax][] =
      declared?.type === 'FunctionDeclaration' && declared.id
        ? [[declared.id.name, declared]]
        : declared?.type === 'VariableDeclaration'
          ? declared.declarations.flatMap((one): [string, Syntax][] =>
              one.id.type === 'Identifier' && one.init ? [[one.id.name, one.init]] : [],
            )
          : [];
    return pairs
      .filter(([name]) =>
        /^(sign-?in|log-?in|sign-?up|register|forgotPassword|verify(Otp|Code))(Action|User|WithPassword)?$/i.test(name),
      )
      .filter(
        ([, node]) =>
          !isLimiting(source, node, 3) &&
          /passw|otp|code/i.test(wordsOf(node)) &&
          !byOthers.test(reached(source, node)),
      )
      .map(([name, node]) => ({ name, node }));
  });
}

/** Services that keep the passwords, and limit how often they are tried. */
const byOthers = /supabase|cognito|auth0|workos|clerk|firebase|keycloak|stytch|kinde|signInWithPassword/i;

const reached = (source: Source, node: Syntax): string =>
  [wordsOf(node), ...reachedFrom(source, [node]).map((place) => wordsOf(place.node))].join('\n');

function whatOf(source: Source, route: Route): 'guess' | 'model' | null {
  const path = (route.path ?? '').replace(/([a-z])([A-Z])/g, '$1-$2');
  const { handler } = route;
  if (handler === null) return null;
  if (asksModel(source, handler)) return 'model';
  if (!guessed.test(path) && !maybe.test(path)) return null;
  const places = reachedFrom(source, [...route.before, handler]);
  const words = [...places.map(({ node }) => wordsOf(node)), wordsOf(handler), ...route.before.map(wordsOf)].join('\n');
  if (byOthers.test(words)) return null;
  // Somebody who is signed in registers other things: a device, a webhook, a domain.
  if (/regist|sign-?up/i.test(path) && !/passw|createUser|user/i.test(words)) return null;
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

function asksModel(source: Source, handler: Syntax): boolean {
  if (!/['"](ai|openai|@anthropic-ai\/sdk|replicate|@google\/gen\w*(-ai)?|groq-sdk)['"]/.test(source.text))
    return false;
  return reachedFrom(source, [handler], 1).some(({ source: from, node }) => {
    let found = false;
    everyNode(node, (one) => {
      if (one.type === 'CallExpression' && models.test(originOf(from, one.callee) ?? '')) found = true;
    });
    return found;
  });
}

function isLimited(source: Source, { before, handler, options, node }: Route): boolean {
  if (before.some((one) => isLimiting(source, one)) || (handler && isLimiting(source, handler, 3))) return true;
  if (options && /rateLimit/.test(source.textOf(options))) return true;
  // A wrapper around the handler, a guard of the class, an option of the route.
  for (const parent of source.above(node))
    if (parent.type === 'CallExpression' && parent.callee.type === 'Identifier' && isLimiting(source, parent.callee))
      return true;
  const inner = handler ? unwrap(handler) : null;
  return (
    inner?.type === 'CallExpression' &&
    definitionOf(source, inner.callee) === null &&
    /limit|throttl/i.test(source.textOf(inner.callee))
  );
}
