import type { Edit } from '../../../text/edits.ts';
import { keyOf, literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { choiceAround } from '../../code/choices.ts';
import { originOf } from '../../code/origin.ts';
import { isFunction, type Source } from '../../code/source.ts';
import { isForPublicHosts } from '../../mends/hosts.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { onceFor } from '../../together.ts';

const fix = 'Leave the check on; where the other side has a certificate of its own, give its authority as `ca`.';
const switched = (name: string): string =>
  `${name} takes any certificate: whoever stands between reads and changes what is sent, credentials too.`;

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
        if (isFunction(value) && value.params.length === 0 && !/throw|Error/.test(source.textOf(value)))
          said(source, node, switched('checkServerIdentity'), tell);
        return;
      }
      if (key !== null && ofDatabases[key] !== undefined && literal(value) === ofDatabases[key])
        said(source, node, switched(`${key}: ${String(literal(value))}`), tell, 'warning');
      if ((key !== 'rejectUnauthorized' && key !== 'strictSSL') || literal(value) !== false) return;
      const object = source.parentOf(node);
      // A server that asks its clients for certificates, and decides itself what to do without one.
      if (object && /\brequestCert\b/.test(source.textOf(object))) return;
      const edits =
        object && isForPublicHosts(source, object) ? [{ start: value.start, end: value.end, text: 'true' }] : undefined;
      said(source, node, switched(`${key}: false`), tell, undefined, edits);
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
  severity?: 'warning',
  edits?: readonly Edit[],
): void {
  const chosen = choiceAround(source, node);
  if (chosen === 'development' || asksItself.test(source.path) || ofTests.test(source.path)) return;
  onceFor(source.path, tell)(node, {
    message,
    fix,
    ...(severity ? { severity } : {}),
    ...(chosen === 'asked' ? { confidence: 'hint', severity: 'warning' } : {}),
    ...(edits ? { edits } : {}),
  });
}
