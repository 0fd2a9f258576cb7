import { literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { functionAround, type Source } from '../../code/source.ts';
import { isSent, taintOf } from '../../flow/taint.ts';
import { defineRule, type Spot } from '../../rule.ts';

const secretVariable = /(SECRET|TOKEN|API_?KEY|PASSWORD|PASSWD|SIGNATURE|ACCESS_?KEY|AUTH_?KEY|CREDENTIAL)/;
const secretMember =
  /(secret|apiKey|api_key|ApiKey|accessToken|authToken|webhookToken|adminToken|cronToken|adminPassword|masterKey|signature)$/i;

/** A comparison with a secret that is the same for all: the other places of it need no word of their own. */
interface Note {
  at: Spot;
  name: string;
  message: string;
}

export const timingCompare = defineRule<Note>({
  id: 'sec/timing-compare',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A secret is compared letter by letter.',
  why: '`===` on texts stops at the first letter that differs: how long it takes tells how much of a guess was right, and a signature or key can be found letter by letter by whoever asks often enough. `crypto.timingSafeEqual` takes the same time for every guess; it wants buffers of the same length, so compare the HMACs or hashes of both.',
  remedy: 'words',
  running: true,
  owasp: 'API2',
  securitySeverity: 5.9,
  mentions: /createHmac|SECRET|TOKEN|KEY|PASSWORD|secret|apiKey|[tT]oken|[sS]ignature/,
  file: (source, tell, note) => ({
    BinaryExpression(node) {
      if (!/^[!=]==?$/.test(node.operator)) return;
      const [left, right] = [unwrap(node.left), unwrap(node.right)];
      const [ofLeft, ofRight] = [secretOf(source, left), secretOf(source, right)];
      const secret = ofLeft ?? ofRight;
      const other = ofLeft === null ? left : right;
      if (secret === null || (ofLeft !== null && ofRight !== null) || !isValue(other)) return;
      if (secret !== hmac && !isAsked(source, other)) return;
      const message = `${source.textOf(node)} stops at the first letter that differs: the time it takes tells a guess how good it is.`;
      if (secret === hmac) tell(node, { message, fix });
      else note({ at: { path: source.path, start: node.start, end: node.end }, name: secret, message });
    },
  }),
  project(_project, tell, notes) {
    for (const name of new Set(notes.map(({ note }) => note.name))) {
      const [first, ...more] = notes.filter(({ note }) => note.name === name);
      if (!first) continue;
      const also =
        more.length === 0
          ? ''
          : ` ${name} is compared so at ${more.length === 1 ? 'one more place' : `${more.length} more places`}: ${[...new Set(more.map(({ path }) => path))].slice(0, 4).join(', ')}.`;
      const isOfJobs = [first, ...more].every(({ note, path }) => ofJobs.test(note.name) && inJobs.test(path));
      tell(first.note.at, {
        message: `${first.note.message}${also}`,
        fix,
        ...(isOfJobs ? { confidence: 'hint', severity: 'info' } : {}),
      });
    }
  },
});

const fix = 'Compare with crypto.timingSafeEqual, over buffers of one length (the HMAC or hash of each side).';
const hmac = '';
/** The secret of a timetable, asked in the form that Vercel shows: whoever guesses it starts a job before its time. */
const ofJobs = /^CRON_SECRET$/;
const inJobs = /(^|\/)api\/(\w+\/)*cron\//;

/** What a side holds that must not be guessed: an HMAC made here (''), or the name of a secret of the settings. */
function secretOf(source: Source, node: Syntax, depth = 0): string | null {
  const inner = unwrap(node);
  if (depth > 3) return null;
  if (inner.type === 'TemplateLiteral')
    return inner.expressions.map((one) => secretOf(source, one, depth + 1)).find((one) => one !== null) ?? null;
  if (inner.type === 'BinaryExpression' && inner.operator === '+')
    return secretOf(source, inner.right, depth + 1) ?? secretOf(source, inner.left, depth + 1);
  const origin = originOf(source, inner);
  if (origin !== null && /^crypto#createHmac\(\)(\.update\(\))*\.digest\(\)$/.test(origin)) return hmac;
  const variable =
    /^#(?:process|import\.meta|Bun|Deno)\.env\.(\w+)$/.exec(origin ?? '')?.[1] ?? settingIn(source, inner);
  if (variable !== null) return isSecretName(variable) ? variable : null;
  if (inner.type === 'Identifier') {
    const value = constantOf(source, inner);
    if (value && value !== inner) return secretOf(source, value, depth + 1);
    const isSecret = /^[A-Z][A-Z0-9_]+$/.test(inner.name) && isSecretName(inner.name);
    return isSecret && /(SECRET|API_?KEY|PASSWORD)$/.test(inner.name) ? inner.name : null;
  }
  if (inner.type !== 'MemberExpression' || inner.computed || !('name' in inner.property)) return null;
  const { name } = inner.property;
  const holder = source.textOf(inner.object);
  const isSettings =
    /(^|\.)(env|config|cfg|settings|options|bindings|environment|secrets)(\.get\(\))?(\.\w+)*$|(env|config)\(\)$/i.test(
      holder,
    ) && !/^(req|request)\b/.test(holder);
  return isSettings && (secretMember.test(name) || (/^[A-Z0-9_]+$/.test(name) && isSecretName(name))) ? name : null;
}

/** `config.get('API_KEY')`: the setting's name. */
function settingIn(source: Source, node: Syntax): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const [first] = node.arguments;
  const name = first ? stringValue(first) : null;
  const isRead = /(config\w*|env\w*|settings)\.get(OrThrow)?$/i.test(source.textOf(node.callee));
  return isRead && name !== null && /^[A-Z0-9_]+$/.test(name) ? name : null;
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
