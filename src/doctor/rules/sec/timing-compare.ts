import { literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../names.ts';
import { originOf } from '../../origin.ts';
import { defineRule } from '../../rule.ts';
import { functionAround, type Source } from '../../source.ts';
import { isSent, taintOf } from '../../taint.ts';

const secretVariable = /(SECRET|TOKEN|API_?KEY|PASSWORD|PASSWD|SIGNATURE|ACCESS_?KEY|AUTH_?KEY|CREDENTIAL)/;
const secretMember =
  /(secret|apiKey|api_key|ApiKey|accessToken|authToken|webhookToken|adminToken|cronToken|adminPassword|masterKey)$/i;

export const timingCompare = defineRule({
  id: 'sec/timing-compare',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A secret is compared letter by letter.',
  why: '`===` on texts stops at the first letter that differs: how long it takes tells how much of a guess was right, and a signature or key can be found letter by letter by whoever asks often enough. `crypto.timingSafeEqual` takes the same time for every guess; it wants buffers of the same length, so compare the HMACs or hashes of both.',
  remedy: 'words',
  owasp: 'API2',
  securitySeverity: 5.9,
  mentions: /createHmac|SECRET|TOKEN|KEY|PASSWORD|secret|apiKey|[tT]oken/,
  file: (source, tell) => ({
    BinaryExpression(node) {
      if (!/^[!=]==?$/.test(node.operator)) return;
      const [left, right] = [unwrap(node.left), unwrap(node.right)];
      const secret = secretOf(source, left) ?? secretOf(source, right);
      if (secret === null) return;
      const other = secretOf(source, left) === null ? left : right;
      const isSecretToo = secretOf(source, left) !== null && secretOf(source, right) !== null;
      if (isSecretToo || !isValue(other)) return;
      if (secret !== 'hmac' && !isAsked(source, other)) return;
      tell(node, {
        message: `${source.textOf(node)} stops at the first letter that differs: the time it takes tells a guess how good it is.`,
        fix: 'Compare with crypto.timingSafeEqual, over buffers of one length (the HMAC or hash of each side).',
      });
    },
  }),
});

/** What a side holds that must not be guessed: an HMAC made here, or a secret of the environment. */
function secretOf(source: Source, node: Syntax, depth = 0): 'hmac' | 'variable' | null {
  const inner = unwrap(node);
  if (depth > 3) return null;
  if (inner.type === 'TemplateLiteral')
    return inner.expressions.map((one) => secretOf(source, one, depth + 1)).find((one) => one !== null) ?? null;
  if (inner.type === 'BinaryExpression' && inner.operator === '+')
    return secretOf(source, inner.right, depth + 1) ?? secretOf(source, inner.left, depth + 1);
  const origin = originOf(source, inner);
  if (origin !== null && /^crypto#createHmac\(\)(\.update\(\))*\.digest\(\)$/.test(origin)) return 'hmac';
  const variable = /^#(?:process|import\.meta|Bun|Deno)\.env\.(\w+)$/.exec(origin ?? '')?.[1];
  if (variable !== undefined) return isSecretName(variable) ? 'variable' : null;
  if (inner.type === 'Identifier') {
    const value = constantOf(source, inner);
    if (value && value !== inner) return secretOf(source, value, depth + 1);
    return /^[A-Z][A-Z0-9_]+$/.test(inner.name) &&
      isSecretName(inner.name) &&
      /(SECRET|API_?KEY|PASSWORD)$/.test(inner.name)
      ? 'variable'
      : null;
  }
  if (inner.type !== 'MemberExpression' || inner.computed || !('name' in inner.property)) return null;
  const { name } = inner.property;
  const holder = source.textOf(inner.object);
  const isSettings =
    /(^|\.)(env|config|cfg|settings|options|bindings|environment|secrets)(\.\w+)*$|(env|config)\(\)$/i.test(holder) &&
    !/^(req|request)\b/.test(holder);
  return isSettings && (secretMember.test(name) || (/^[A-Z0-9_]+$/.test(name) && isSecretName(name)))
    ? 'variable'
    : null;
}

const isSecretName = (name: string): boolean =>
  secretVariable.test(name) && !/PUBLIC|_ID$|_URL$|_NAME$|TYPE$|_TTL|EXPIR|ENABLED|_LENGTH|HEADER/.test(name);

/** A value that may be a guess: no literal, no `undefined`, no kind. */
const isValue = (node: Syntax): boolean =>
  literal(node) === undefined &&
  !(node.type === 'Identifier' && node.name === 'undefined') &&
  !(node.type === 'UnaryExpression');

/** True where the client sent it, or it is called by a name that says so within a function. */
function isAsked(source: Source, node: Syntax): boolean {
  if (isSent(taintOf(source, node))) return true;
  if (functionAround(source, node) === null) return false;
  const value = constantOf(source, node);
  const text = `${source.textOf(node)} ${value ? source.textOf(value) : ''}`;
  return /header|authorization|bearer|\breq\b|request|provided|signature|searchParams|query/i.test(text);
}
