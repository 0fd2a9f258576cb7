import { sha256 } from '../../../text/hash.ts';
import { keyOf, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { memberName } from '../../code/objects.ts';
import { everyOf, type Source } from '../../code/source.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Tell, type Words } from '../../rule.ts';
import { comparedWith, ofBasicAuth, ofServer } from '../../secrets/credentials.ts';
import { given, isGiven, own, strong } from '../../secrets/given-secrets.ts';
import { isInExample } from '../../secrets/json-examples.ts';
import { defaulted, destructured, givenInstead, instead } from '../../secrets/secret-defaults.ts';
import { isPlaceholder, isRandom, keyWord, passwordInUrl, providerKeys, redacted } from '../../secrets/secrets.ts';
import { isForLocal, isMask, isOfTest, isShown } from '../../secrets/shown-data.ts';
import { onceFor } from '../../together.ts';

const fix = 'Change it at the provider: it is in the history now. Read the new one from the environment.';
/** Names that may hold a secret: only what looks drawn at random counts. */
const weak =
  /(secret|password|passwd|pwd|token|api_?key|private_?key|access_?key|auth_?key|client_?secret|service_?key|secret_?key)$/i;
/** Secrets that somebody else gave: they are changed there. */
const ofProvider = /client_?secret|stripe|aws|google|paypal|razorpay|captcha|twilio|api_?secret|access_?key/i;
const examples =
  /(^|\/)(examples?|docs?|fixtures?|__fixtures__|mocks?|__mocks__|test-?containers?|tests?|e2e|integration|cypress|vitest|jest|playwright|stories|samples?|i18n|locales?|translations?|lang|swagger|openapi|vendor)(\/|[.-])|\.(md|mdx|lock|snap|svg|map)$|(-lock|\.lock|\.min)\.|\.(\w*test|spec|stories)\.|(vi|j)?(test|est)[-.]?setup\.|(^|[/.-])dev\.[cm]?[jt]s$/i;

/** Packages that start what tests run against. */
const ofContainers = /(^|[/-])test-?containers?$/i;

/** The shape of a key, a password in an address, a text behind a name that says what it is, or a library that is given one. */
const speaks = new RegExp(
  `${keyWord.source}|://[^\\s/'"\`]*:[^\\s@]+@|(?:[sS]ecret|SECRET|[pP]ass(?:w(?:or)?d)?|PASSW(?:OR)?D|[pP]wd|PWD|[tT]oken|TOKEN|[kK]ey|KEY)['"\\]]*\\s*(?::\\s*\\w+\\s*)?(?:[:=,]|===?|\\?\\?|\\|\\|)\\s*\\(?['"\`]|SECRET\\w*:\\s*str(?:ing)?\\(|session|cookie|createHmac|ipheriv|scrypt|pbkdf2|crypto-js|basic-auth|next-auth|better-auth|\\.default\\(`,
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
    if (source.kind === 'test' || examples.test(source.path) || ofContainers.test(String(source.project.manifest.name)))
      return {};
    const look = (node: Syntax, text: string): void => {
      if (text.length < 12) return;
      const found = keyIn(source, node, text);
      if (found) tell(node, { ...found, fix });
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
        if (source.kind !== 'app') return;
        ofServer(source, node, tell);
        if (!isGiven(source, node)) named(source, keyOf(node), node.value, tell);
      },
      VariableDeclarator(node) {
        if (source.kind === 'app' && node.id.type === 'Identifier' && node.init)
          named(source, node.id.name, node.init, tell);
      },
      AssignmentExpression(node) {
        const left = unwrap(node.left);
        if (source.kind === 'app') named(source, memberName(left), node.right, tell);
      },
      CallExpression(node) {
        if (source.kind !== 'app') return;
        defaulted(source, node, tell);
        ofBasicAuth(source, node, tell);
      },
      Program(program) {
        if (source.kind !== 'app') return;
        const once = onceFor(source.path, tell);
        everyOf(program, ['BinaryExpression', 'LogicalExpression', 'VariableDeclarator', 'CallExpression'], (node) => {
          if (node.type === 'BinaryExpression') comparedWith(source, node, once);
          else if (node.type === 'LogicalExpression') instead(source, node, once);
          else if (node.type === 'VariableDeclarator') destructured(source, node, once);
          else if (node.type === 'CallExpression') {
            given(source, node, once);
            givenInstead(source, node, once);
          }
        });
      },
    };
  },
  project(project, tell) {
    for (const { path, text } of written(project))
      for (const { name, shape, severity } of providerKeys) {
        const found = shape.exec(text);
        if (!found || /EXAMPLE/.test(found[0]) || (!isPrivate(name) && isPlaceholder(found[0].slice(8)))) continue;
        if (path.endsWith('.json') && isInExample(text, found.index)) continue;
        tell(
          { path, start: found.index, end: found.index + Math.min(found[0].length, 60) },
          {
            message: `${called(name, found[0])} stands in ${path}.`,
            fix,
            // The same key in copies of a file is changed once.
            together: sha256(found[0].replace(/\s|\\[nr]/g, '')),
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
      /(^|\/)(cert|certs|ssl)\/.*(dev|local)|(localhost|self-?signed|snakeoil)[^/]*$/i.test(path)
    )
      continue;
    const text = project.tree.read(path);
    if (text !== null && text.length < 500_000 && keyWord.test(text)) yield { path, text };
  }
}

/** 'An AWS access key (AKIA…)'; of a private key the first letters say nothing. */
const called = (name: string, text: string): string =>
  `${capital(name)}${isPrivate(name) ? '' : ` (${redacted(text)})`}`;

/** Keys by their form: what stands in them is drawn at random, and may look like any word. */
const isPrivate = (name: string): boolean => /^a (private|Supabase service-role) key/.test(name);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function keyIn(source: Source, node: Syntax, text: string): Pick<Words, 'message' | 'severity' | 'together'> | null {
  if (keyWord.test(text))
    for (const { name, shape, severity } of providerKeys) {
      const found = shape.exec(text);
      if (!found || /EXAMPLE/.test(found[0]) || (!isPrivate(name) && isPlaceholder(found[0].slice(8)))) continue;
      // A signed address names the key that signed it; the key itself is not in it.
      if (/X-Amz-Credential=$/i.test(text.slice(0, found.index)) || isExample(source, node)) continue;
      // Keys of Firebase and of maps are made for browsers.
      if (
        name === 'a Google service key' &&
        (source.kind === 'client' || /authDomain|firebase|maps/i.test(source.text))
      )
        return null;
      // The same key in several files is changed once.
      const said = { message: `${called(name, found[0])} stands in the code.`, together: sha256(found[0]) };
      return severity ? { ...said, severity } : said;
    }
  const password = /:\/\//.test(text) && node.type === 'Literal' ? passwordInUrl(text) : null;
  return password === null
    ? null
    : { message: `The password (${redacted(password)}) of a server stands in its address.` };
}

/** `@ApiProperty({ example: '…' })`: what documentation shows. */
const isExample = (source: Source, node: Syntax): boolean =>
  [...source.above(node)].some((one) => one.type === 'Property' && /^examples?$/.test(keyOf(one) ?? ''));

/** A literal under a name that says it is secret. */
function named(source: Source, name: string | null, value: Syntax, tell: Tell): void {
  const inner = unwrap(value);
  const text = stringValue(inner);
  if (name === null || text === null || text.length < 8 || /\s/.test(text)) return;
  if (providerKeys.some(({ shape }) => shape.test(text))) return;
  if (isName(text, name) || isShown(source, value, name) || isOfTest(source, value)) return;
  // Of one name in a file, as in a list, one finding tells; a pair of keys is one.
  const together = `${source.path}\n${name.replace(/(access|secret)(?=_?key(_?id)?$)/i, '')}`;
  const isStrong =
    strong.test(name) &&
    !ofProvider.test(name) &&
    !/[_-]?(name|header|field|cookie|storage|prefix|path|id)$/i.test(name);
  if (
    isStrong &&
    text.length >= 12 &&
    !/\.\.\.|…|x{4,}|\*{3,}/i.test(text) &&
    !/\$\{|^</.test(text) &&
    !/^(https?:|\/|\.)/.test(text)
  ) {
    tell(inner, {
      message: `${name} stands in the code (${redacted(text)}): who has read it signs and decrypts as the server does.`,
      fix: own,
      confidence: isMask(source, value) || isForLocal(source, value) ? 'hint' : 'likely',
      together,
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
  if (isKeyOfPublic(text) || (/passw/i.test(name) && isSalted(text))) return;
  tell(inner, {
    message: `${name} (${redacted(text)}) looks like a real secret, and stands in the code.`,
    fix,
    confidence: isForLocal(source, value) ? 'hint' : 'likely',
    together,
  });
}

/** A text that names something: an environment variable, a header, a path in the settings, itself. */
const isName = (text: string, name: string): boolean =>
  /^[A-Z][A-Z0-9_]*$/.test(text) ||
  /^[a-z]+([.:][\w-]+)+$/i.test(text) ||
  /^[a-zA-Z]+$/.test(text) ||
  (/^[a-z]+([-_][a-z]+)*$/.test(text) && !strong.test(name)) ||
  isRoute(text) ||
  isCondition(text) ||
  text.toLowerCase().replace(/[-_.]/g, '') === name.toLowerCase().replace(/[-_.]/g, '');

/** `required|min:6`: what a form asks of a field. */
const isCondition = (text: string): boolean => /^[a-z_]+(:[\w,.-]+)?(\|[a-z_]+(:[\w,.-]+)?)+$/.test(text);

/** `api/v2/user/reset-password`: words and versions, as servers name what they answer to. */
const isRoute = (text: string): boolean =>
  /^\/?[a-z]+(\/([a-z]+([-_][a-z]+)*|v\d+(\.\d+)?|[:<{][\w-]+[>}]?))+\/?$/.test(text);

/** A salt and what became of a password with it, in hexadecimal digits. */
const isSalted = (text: string): boolean => /^[0-9a-f]{16,}[.:$][0-9a-f]{32,}$/i.test(text);

/** Keys that are made to be seen, and hashes of passwords (of seeds). */
const isKeyOfPublic = (text: string): boolean =>
  /^(pk_|phc_|pub|public|\$2[aby]\$|\$argon2|0x[0-9a-f]+$|sha\d+-)/i.test(text) ||
  /^[\w-]+\.apps\.googleusercontent\.com$/.test(text);
