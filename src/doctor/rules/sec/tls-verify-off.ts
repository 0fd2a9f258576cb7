import type { Edit } from '../../../text/edits.ts';
import { keyOf, literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { hasCheckedTwin, isForSelf, isOnlyLookedAt, isOwnDefault } from '../../calls/unchecked.ts';
import { choiceAround } from '../../code/choices.ts';
import { originOf } from '../../code/origin.ts';
import { isFunction, type Source } from '../../code/source.ts';
import { isForPublicHosts } from '../../mends/hosts.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { onceFor } from '../../together.ts';

const fix = 'Leave the check on; where the other side has a certificate of its own, give its authority as `ca`.';
const switched = (name: string): string =>
  `${name} takes any certificate: whoever stands between reads and changes what is sent, credentials too.`;

const nameless =
  'checkServerIdentity checks no name: any certificate of the authority in `ca` is believed, also one given to somebody else.';
const ofPages =
  'rejectUnauthorized: false takes any certificate: whoever stands between reads and changes the pages that are fetched.';

/** Options of database drivers that take any certificate, with the value that does. */
const ofDatabases: Readonly<Record<string, boolean>> = {
  trustServerCertificate: true,
  tlsAllowInvalidCertificates: true,
  tlsInsecure: true,
  sslValidate: false,
};
/** The same in the address of a database. */
const inAddress =
  /\bsslmode=no-verify\b|\bsslaccept=accept_invalid_certs\b|\btlsAllowInvalidCertificates=true\b|\btlsInsecure=true\b|\btrustServerCertificate=true\b/;
/** Clients that read such options only inside `tls` or `ssl`: beside it they do nothing. */
const readsNested = /^(ioredis|pg|pg-pool|mysql2?(\/promise)?)#/;
/** What runs tests, published for those who write them. */
const ofTests = /(^|\/)[\w.-]*\btest(ing)?-(utils?|kit|helpers?|runner)[\w.-]*\//i;
/** A script that ends itself in production: `if (env === 'production') { …; process.exit(1); }`. */
const refusesProduction =
  /\bif \([^{};]*===? ['"]production['"][^{};]*\) (\{(?:(?!\n\})[\s\S]){0,600}?)?(process\.exit\(|throw )/;
/** A program that asks its own server, on the same machine, whether it lives. */
const asksItself = /(^|\/)health-?check[^/]*$/i;

/** Files in which environment variables are set for the running program. */
const settings =
  /(^|\/)(\.env(\.[\w.-]+)?|Dockerfile[\w.-]*|docker-compose[\w.-]*\.ya?ml|compose\.ya?ml|Procfile|package\.json|ecosystem\.config\.c?js|vercel\.json|app\.ya?ml|render\.yaml|fly\.toml)$/;
const forOthers = /\.env.*(example|sample|template|test|local|dev)|(^|[/._-])(test|e2e|dev|local|ci)([/._-]|$)/i;
/** Settings that show how it may be set up; nobody runs them as they are. */
const ofExamples = /(^|\/)([\w.-]+-)?(examples?|samples?|demos?)\//i;

export const tlsVerifyOff = defineRule({
  id: 'sec/tls-verify-off',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'The certificate of the other side is not checked.',
  why: 'Without the check TLS hides the words from listeners only as long as nobody stands in the middle. Whoever does, in the network of the cloud, the office or the café, shows any certificate and is believed. A self-signed certificate needs no such switch: give its authority with `ca`, and of a managed database take the bundle that the provider publishes.',
  remedy: 'codemod',
  running: true,
  owasp: 'API8',
  securitySeverity: 7.4,
  mentions:
    /rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|strictSSL|checkServerIdentity|trustServerCertificate|tlsAllowInvalid|tlsInsecure|sslValidate|no-verify|accept_invalid_certs/,
  file: (source, tell) => ({
    Property(node) {
      const key = keyOf(node);
      const value = unwrap(node.value);
      if (key === 'checkServerIdentity') {
        if (!isRead(source, node)) return;
        if (!isFunction(value) || value.params.length > 0 || /throw|Error/.test(source.textOf(value))) return;
        // Where nothing is checked at all, that is told of.
        if (isOff(source, node)) return;
        const isNameOnly = hasOwnAuthority(source, node);
        said(
          source,
          node,
          isNameOnly ? nameless : switched('checkServerIdentity'),
          tell,
          isNameOnly ? 'hint' : undefined,
        );
        return;
      }
      if (key !== null && ofDatabases[key] !== undefined && literal(value) === ofDatabases[key])
        said(source, node, switched(`${key}: ${String(literal(value))}`), tell, 'warning');
      if ((key !== 'rejectUnauthorized' && key !== 'strictSSL') || literal(value) !== false) return;
      const object = source.parentOf(node);
      // A server that asks its clients for certificates, and decides itself what to do without one.
      if (object && /\brequestCert\b/.test(source.textOf(object))) return;
      if (isOnlyLookedAt(source, node) || isForSelf(source, node)) return;
      const edits =
        object && isForPublicHosts(source, object) ? [{ start: value.start, end: value.end, text: 'true' }] : undefined;
      const isPage = isForPages(source, node);
      const isUnsure = isPage || isOwnDefault(source, node) || hasCheckedTwin(source, node);
      said(source, node, isPage ? ofPages : switched(`${key}: false`), tell, isUnsure ? 'hint' : undefined, edits);
    },
    Literal(node) {
      const found = typeof node.value === 'string' ? inAddress.exec(node.value)?.[0] : undefined;
      if (found !== undefined && source.parentOf(node)?.type !== 'BinaryExpression')
        said(source, node, switched(found), tell);
    },
    AssignmentExpression(node) {
      const left = unwrap(node.left);
      const value = literal(node.right);
      if (left.type !== 'MemberExpression') return;
      const isVariable =
        originOf(source, left) === '#process.env.NODE_TLS_REJECT_UNAUTHORIZED' && String(value) === '0';
      const isOption =
        value === false && left.property.type === 'Identifier' && left.property.name === 'rejectUnauthorized';
      if (asksItself.test(source.path)) return;
      if ((isVariable || isOption) && choiceAround(source, node) === null)
        tell(node, {
          message: isVariable
            ? 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off for every connection of the process.'
            : switched('rejectUnauthorized = false'),
          fix,
        });
    },
  }),
  project(project, tell) {
    for (const path of project.files) {
      if (!settings.test(path) || forOthers.test(path)) continue;
      const text = project.tree.read(path) ?? '';
      for (const { index, 0: found } of text.matchAll(
        /^(?!\s*(?:#|\/\/)).*NODE_TLS_REJECT_UNAUTHORIZED['"]?\s*[=:]\s*['"]?0/gm,
      )) {
        if (path.endsWith('package.json') && !/"(start|prod\w*|serve)[\w:]*"\s*:/.test(found)) continue;
        const start = index + found.indexOf('NODE_TLS');
        tell(
          { path, start, end: index + found.length },
          {
            message:
              'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off for every connection of the process.',
            fix: 'Delete it; for a certificate of your own set NODE_EXTRA_CA_CERTS to its authority.',
            ...(ofExamples.test(path) ? { confidence: 'hint', severity: 'warning' } : {}),
          },
        );
      }
    }
  },
});

/** What stands beside an option under another name. */
function beside(source: Source, option: Syntax, name: string): Syntax | null {
  const object = source.parentOf(option);
  const found =
    object?.type === 'ObjectExpression'
      ? object.properties.find((one) => one.type === 'Property' && keyOf(one) === name)
      : null;
  return found?.type === 'Property' ? found.value : null;
}

function isOff(source: Source, option: Syntax): boolean {
  const rejects = beside(source, option, 'rejectUnauthorized');
  return rejects !== null && literal(rejects) === false;
}

/** True where the other options have certificates checked against an authority of their own, so that only the name goes unchecked. */
function hasOwnAuthority(source: Source, option: Syntax): boolean {
  if (beside(source, option, 'ca') !== null) return true;
  const rejects = beside(source, option, 'rejectUnauthorized');
  const object = source.parentOf(option);
  const isSpread =
    object?.type === 'ObjectExpression' &&
    object.properties.some(
      (one) => one.type === 'SpreadElement' && /tls|ssl|cert|\bca\b/i.test(source.textOf(one.argument)),
    );
  return isSpread && rejects !== null && literal(rejects) === true;
}

/** True for an agent of this file alone, which fetches pages and sends nothing along that is worth reading. */
function isForPages(source: Source, option: Syntax): boolean {
  const holder = [...source.above(option)].find((one) => one.type === 'VariableDeclarator');
  const made = holder?.type === 'VariableDeclarator' && holder.init ? unwrap(holder.init) : null;
  if (holder?.type !== 'VariableDeclarator' || made?.type !== 'NewExpression' || holder.id.type !== 'Identifier')
    return false;
  if (!/\bAgent$/.test(source.textOf(made.callee)) || !/\b(fetch|got|axios(\.get)?|https?\.get)\(/.test(source.text))
    return false;
  const name = holder.id.name;
  const isShared = new RegExp(
    `\\bexport\\s+(const|let|default)\\s+${name}\\b|\\bexport\\s*\\{[^}]*\\b${name}\\b|exports\\b[\\w.]*\\s*=\\s*[{\\w\\s,]*\\b${name}\\b`,
  ).test(source.text);
  return !isShared && !sentAlong.test(source.text);
}

/** Words of what a request carries: who asks, and what is written. */
const sentAlong =
  /authori[sz]ation|cookie|credential|password|token|secret|api-?_?key|\bauth\b|\bbody\s*[:,}]|\bdata\s*:|\.(post|put|patch|delete|request)\(|['"`](POST|PUT|PATCH|DELETE)['"`]/i;

/** False where the option stands beside `tls`, in what is given to a client that looks for it inside. */
function isRead(source: Source, option: Syntax): boolean {
  for (const parent of source.above(option)) {
    if (parent.type === 'Property' && /tls|ssl|secure|agent/i.test(keyOf(parent) ?? '')) return true;
    if (parent.type === 'CallExpression' || parent.type === 'NewExpression')
      return !readsNested.test(originOf(source, parent.callee) ?? '');
    if (isFunction(parent)) return true;
  }
  return true;
}

/** Tells it, unless it is for development; where somebody asks for it by name, as a hint. */
function said(
  source: Source,
  node: Syntax,
  message: string,
  tell: Tell,
  lower?: 'warning' | 'hint',
  edits?: readonly Edit[],
): void {
  const chosen = choiceAround(source, node);
  if (chosen === 'development' || asksItself.test(source.path) || ofTests.test(source.path)) return;
  if (refusesProduction.test(source.text)) return;
  onceFor(source.path, tell)(node, {
    message,
    fix,
    ...(lower === 'warning' ? { severity: lower } : {}),
    ...(lower === 'hint' || chosen === 'asked' ? { confidence: 'hint', severity: 'warning' } : {}),
    ...(edits ? { edits } : {}),
  });
}
