import { keyOf, stringValue, type Syntax, unwrap } from '../../../text/syntax.ts';
import { placeOf } from '../../definition.ts';
import { memberName, objectAt, option } from '../../objects.ts';
import { originOf } from '../../origin.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { defaulted, instead } from '../../secret-defaults.ts';
import {
  isPlaceholder,
  isRandom,
  keyWord,
  passwordInUrl,
  providerKeys,
  redacted,
  secretVariableIn,
} from '../../secrets.ts';
import type { Source } from '../../source.ts';

const fix = 'Change it at the provider: it is in the history now. Read the new one from the environment.';
const own = 'Read it from the environment, stop at the start where it is missing, and change it: it is known.';
/** Names of secrets that the program itself signs or encrypts with: whatever stands there is the secret. */
const strong =
  /(^|_|[a-z])((cookie|session|jwt|auth|signing|token|access_?token|refresh_?token|csrf|app)_?secret|(crypto|encryption|encrypt|signing|secret|master)_?key)$/i;
/** Names that may hold a secret: only what looks drawn at random counts. */
const weak =
  /(secret|password|passwd|pwd|token|api_?key|private_?key|access_?key|auth_?key|client_?secret|service_?key)$/i;
const examples =
  /(^|\/)(examples?|docs?|fixtures?|__fixtures__|mocks?|__mocks__|tests?|e2e|integration|cypress|vitest|jest|playwright|stories|samples?|i18n|locales?|translations?|lang|swagger|openapi|vendor)(\/|[.-])|\.(md|mdx|lock|snap|svg|map)$|(-lock|\.lock|\.min)\.|\.(test|spec|stories)\.|(vi|j)?(test|est)[-.]?setup\./i;

/** The shape of a key, a password in an address, a text behind a name that says what it is, or a library that is given one. */
const speaks = new RegExp(
  `${keyWord.source}|://[^\\s/'"\`]*:[^\\s@]+@|(?:[sS]ecret|SECRET|[pP]assw(?:or)?d|PASSW(?:OR)?D|[pP]wd|PWD|[tT]oken|TOKEN|[kK]ey|KEY)['"\\]]*\\s*(?::\\s*\\w+\\s*)?(?:[:=,]|\\?\\?|\\|\\|)\\s*\\(?['"\`]|session|cookie|createHmac|\\.default\\(`,
);

export const hardcodedSecret = defineRule({
  id: 'sec/hardcoded-secret',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A secret stands in the code.',
  why: 'Whoever can read the repository, a copy of it, a built image or a stack trace has the secret, and no commit takes it back: the history keeps it. Robots read public repositories within minutes of a push. Change the secret first, then read it from the environment or a secret store.',
  hidesCode: true,
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 8.6,
  where: 'all',
  mentions: speaks,
  file(source, tell) {
    if (source.kind === 'test' || examples.test(source.path)) return {};
    const look = (node: Syntax, text: string): void => {
      if (text.length < 12) return;
      const found = keyIn(source, node, text);
      if (found) tell(node, { message: found.message, fix, ...(found.severity ? { severity: found.severity } : {}) });
    };
    return {
      Literal(node) {
        // What a form shows as an example.
        if (typeof node.value === 'string' && source.parentOf(node)?.type !== 'JSXAttribute') look(node, node.value);
      },
      TemplateElement(node) {
        look(node, node.value.cooked ?? '');
      },
      Property(node) {
        if (source.kind === 'app' && !isGiven(source, node)) named(keyOf(node), node.value, tell);
      },
      VariableDeclarator(node) {
        if (source.kind === 'app' && node.id.type === 'Identifier' && node.init) named(node.id.name, node.init, tell);
      },
      AssignmentExpression(node) {
        const left = unwrap(node.left);
        if (source.kind === 'app') named(memberName(left), node.right, tell);
      },
      CallExpression(node) {
        if (source.kind !== 'app') return;
        given(source, node, tell);
        defaulted(source, node, tell);
      },
      LogicalExpression(node) {
        if (source.kind === 'app') instead(source, node, tell);
      },
    };
  },
  project(project, tell) {
    for (const { path, text } of written(project))
      for (const { name, shape, severity } of providerKeys) {
        const found = shape.exec(text);
        if (!found || isPlaceholder(found[0].slice(8)) || /EXAMPLE/.test(found[0])) continue;
        tell(
          { path, start: found.index, end: found.index + Math.min(found[0].length, 60) },
          {
            message: `${called(name, found[0])} stands in ${path}.`,
            fix,
            ...(severity ? { severity } : {}),
          },
        );
      }
  },
});

/** Files that are no code and in which keys are left: settings, and keys themselves. */
function* written(project: Project): Iterable<{ path: string; text: string }> {
  for (const path of project.files) {
    if (
      !/\.(json|ya?ml|toml|ini|conf|properties|pem|key|p8|xml|plist)$/.test(path) ||
      examples.test(path) ||
      /(^|\/)(cert|certs|ssl)\/.*(dev|local)/.test(path)
    )
      continue;
    const text = project.tree.read(path);
    if (text !== null && text.length < 500_000 && keyWord.test(text)) yield { path, text };
  }
}

/** 'An AWS access key (AKIA…)'; of a private key the first letters say nothing. */
const called = (name: string, text: string): string =>
  `${capital(name)}${text.startsWith('--') ? '' : ` (${redacted(text)})`}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function keyIn(source: Source, node: Syntax, text: string): { message: string; severity?: 'warning' } | null {
  if (keyWord.test(text))
    for (const { name, shape, severity } of providerKeys) {
      const found = shape.exec(text);
      if (!found || /EXAMPLE/.test(found[0]) || (name !== 'a private key' && isPlaceholder(found[0].slice(8))))
        continue;
      // Keys of Firebase and of maps are made for browsers.
      if (
        name === 'a Google service key' &&
        (source.kind === 'client' || /authDomain|firebase|maps/i.test(source.text))
      )
        return null;
      const said = { message: `${called(name, found[0])} stands in the code.` };
      return severity ? { ...said, severity } : said;
    }
  const password = /:\/\//.test(text) && node.type === 'Literal' ? passwordInUrl(text) : null;
  return password === null
    ? null
    : { message: `The password (${redacted(password)}) of a server stands in its address.` };
}

/** A literal under a name that says it is secret. */
function named(name: string | null, value: Syntax, tell: Tell): void {
  const inner = unwrap(value);
  const text = stringValue(inner);
  if (name === null || text === null || text.length < 8 || /\s/.test(text)) return;
  if (providerKeys.some(({ shape }) => shape.test(text))) return;
  if (isName(text, name)) return;
  const isStrong = strong.test(name) && !/[_-]?(name|header|field|cookie|storage|prefix|path|id)$/i.test(name);
  if (isStrong && text.length >= 12 && !/\$\{|^</.test(text) && !/^(https?:|\/|\.)/.test(text)) {
    tell(inner, {
      message: `${name} stands in the code (${redacted(text)}): who has read it signs and decrypts as the server does.`,
      fix: own,
      confidence: 'likely',
    });
    return;
  }
  if (
    !weak.test(name) ||
    isPlaceholder(text) ||
    !isRandom(text) ||
    /public|publishable|anon|site_?key|csrf|cache|error|invalid|hash(ed)?_?password/i.test(name)
  )
    return;
  if (isKeyOfPublic(text)) return;
  tell(inner, {
    message: `${name} (${redacted(text)}) looks like a real secret, and stands in the code.`,
    fix,
    confidence: 'likely',
  });
}

/** A text that names something: an environment variable, a header, a path in the settings, itself. */
const isName = (text: string, name: string): boolean =>
  /^[A-Z][A-Z0-9_]*$/.test(text) ||
  /^[a-z]+([.:][\w-]+)+$/i.test(text) ||
  /^[a-zA-Z]+$/.test(text) ||
  (/^[a-z]+([-_][a-z]+)*$/.test(text) && !strong.test(name)) ||
  text.toLowerCase().replace(/[-_.]/g, '') === name.toLowerCase().replace(/[-_.]/g, '');

/** Keys that are made to be seen, and hashes of passwords (of seeds). */
const isKeyOfPublic = (text: string): boolean =>
  /^(pk_|phc_|pub|public|\$2[aby]\$|\$argon2|0x[0-9a-f]+$|sha\d+-)/i.test(text) ||
  /^[\w-]+\.apps\.googleusercontent\.com$/.test(text);

const sessions =
  /^(express-session|cookie-session|iron-session|@fastify\/(session|secure-session|cookie)|koa-session)#/;

/** True for an option of those libraries, which is looked at by itself. */
function isGiven(source: Source, node: Syntax): boolean {
  const object = source.parentOf(node);
  const call = object ? source.parentOf(object) : null;
  return (
    call?.type === 'CallExpression' &&
    call.arguments[0] === object &&
    sessions.test(originOf(source, call.callee) ?? '')
  );
}

/** Secrets that libraries are given: of sessions, of signed cookies, of HMACs. */
function given(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  const origin = originOf(source, node.callee) ?? '';
  const [first, second] = node.arguments;
  const options = sessions.test(origin) ? objectAt(source, first) : null;
  const secret = options ? (option(options, 'secret') ?? option(options, 'keys') ?? option(options, 'password')) : null;
  if (options && secret) {
    signing(options.source, secret, tell, options.source === source ? secret : node, 'sessions');
    return;
  }
  if (origin === 'cookie-parser#default' && first) {
    signing(source, first, tell, first, 'cookies');
    return;
  }
  if (origin === 'crypto#createHmac' && second) {
    const place = placeOf(source, second);
    const text = place ? stringValue(place.node) : null;
    if (text !== null && isRandom(text)) signing(source, second, tell, second, 'signatures');
  }
}

function signing(source: Source, node: Syntax, tell: Tell, at: Syntax, what: string): void {
  const inner = unwrap(node);
  if (inner.type === 'ArrayExpression') {
    const [first] = inner.elements;
    if (first) signing(source, first, tell, at === node ? first : at, what);
    return;
  }
  const value = placeOf(source, inner)?.node;
  const isFallback = value?.type === 'LogicalExpression' && value.operator !== '&&';
  const text = value ? stringValue(isFallback ? value.right : value) : null;
  // Found where it stands, once.
  if (isFallback && secretVariableIn(source.textOf(value)) !== null) return;
  // A name that says what it is, with the text beside it, is found where it stands.
  if (
    text === null ||
    text === '' ||
    (inner.type !== 'Literal' && !isFallback && strong.test(lastName(inner)) && text.length >= 12)
  )
    return;
  tell(at, {
    message: isFallback
      ? `Where the environment has no secret, ${what} are signed with one that stands in the code (${redacted(text)}): who has read it makes its own.`
      : `The secret of the ${what} (${redacted(text)}) stands in the code: who has read it makes its own.`,
    fix: own,
    confidence: isFallback ? 'likely' : 'certain',
  });
}

const lastName = (node: Syntax): string => (node.type === 'Identifier' ? node.name : (memberName(node) ?? ''));
