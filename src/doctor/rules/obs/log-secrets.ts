import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { memberName } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { functionAround, type Source } from '../../code/source.ts';
import { isRefused, isShownAtStart, isSilent } from '../../routes/logged.ts';
import { roleOf } from '../../routes/roles.ts';
import { defineRule } from '../../rule.ts';

const levels = /^(log|info|warn|error|debug|trace|fatal|verbose|silly|http)$/;
const loggers = /^(console|logger|log|winston|pino|fastify|app|req|request|server|this)$/i;
const secretName =
  /^(password|passwd|pwd|secret|clientSecret|apiKey|api_key|accessToken|access_token|refreshToken|refresh_token|privateKey|private_key|authorization|creditCard|cardNumber|cvv|ssn|otp|jwt|sessionToken|resetToken|plainPassword|newPassword|oldPassword)$/;

export const logSecrets = defineRule({
  id: 'obs/log-secrets',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A secret is written to the log.',
  why: 'Logs are kept for long, copied to other services, and read by many. A password, a token or a whole `authorization` header there is as good as published, and must be replaced when it is found. Log what names the event (an id), and have the logger redact the rest (`redact` of pino).',
  remedy: 'words',
  running: true,
  owasp: 'API8',
  securitySeverity: 6.5,
  mentions:
    /password|passwd|pwd|secret|token|api_?key|private_?key|authorization|cvv|ssn|otp|jwt|\.headers|\.body|\bbody\b|\bheaders\b/i,
  applies: ({ files, tree }) =>
    !files.some((path) => /logger|log\.[jt]s/.test(path) && /\bredact\b/.test(tree.read(path) ?? '')),
  file(source, tell) {
    const told = new Set<unknown>();
    return {
      CallExpression(node) {
        if (!isLog(source, node.callee)) return;
        // One line of a function stands for the others, which go the same way.
        const around = functionAround(source, node) ?? source.program;
        if (told.has(around) || isForOne(source, node)) return;
        for (const argument of node.arguments) {
          const secret = secretIn(source, argument);
          if (secret === null || isRefused(source, node, argument) || isSilent(source, node.callee)) continue;
          told.add(around);
          tell(argument, {
            message: / and /.test(secret)
              ? `${secret} go to the log as they are.`
              : `${secret} goes to the log as it is.`,
            fix: 'Leave it out, or have the logger redact it.',
            together: isOfEveryRoute(source, argument) ? secret : `${source.path}\n${secret}`,
            // The first password of the first user is shown on purpose, as bad as that is.
            ...(/\b(default|initial|generated|temporary)\b/i.test(source.textOf(node)) || isShownAtStart(source, node)
              ? { confidence: 'hint' }
              : {}),
          });
          return;
        }
      },
    };
  },
});

/** What runs on a developer's machine alone, or prints to the person who started it. */
function isForOne(source: Source, node: Syntax): boolean {
  if (/(^|\/)(cli|commands?)\//.test(source.path) && source.textOf(node).startsWith('console.')) return true;
  for (const parent of source.above(node))
    if (
      parent.type === 'IfStatement' &&
      /\bis_?(Dev|Local)\w*\b|NODE_ENV\W+(===?|==)?\W*(development|test)|NODE_ENV['"\]]*\s*!==?\s*['"]production/i.test(
        source.textOf(parent.test),
      )
    )
      return true;
  return false;
}

function isLog(source: Source, callee: Syntax): boolean {
  const inner = unwrap(callee);
  if (inner.type !== 'MemberExpression' || inner.property.type !== 'Identifier' || !levels.test(inner.property.name))
    return false;
  if (originOf(source, inner.object) === '#console') return true;
  const object = unwrap(inner.object);
  const name =
    object.type === 'Identifier'
      ? object.name
      : object.type === 'MemberExpression' && object.property.type === 'Identifier'
        ? object.property.name
        : '';
  return loggers.test(name) && name !== 'app' && name !== 'this';
}

/** What of an argument is secret, in words; null for nothing. */
function secretIn(source: Source, outer: Syntax): string | null {
  const node = unwrap(outer);
  switch (node.type) {
    case 'Identifier': {
      if (secretName.test(node.name)) return bindingOf(source, node) !== null ? node.name : null;
      const made = madeOf(source, node);
      return made === null ? null : `${node.name}, which holds ${made.replace(/^.*, which holds |,$/g, '')},`;
    }
    case 'MemberExpression': {
      if (node.computed || node.property.type !== 'Identifier') return null;
      const { name } = node.property;
      if (secretName.test(name)) return source.textOf(node);
      const object = unwrap(node.object);
      const binding = bindingOf(source, object);
      const isRequest = binding !== null && roleOf(source, binding) === 'request';
      const holdsPassword = (): boolean => mayHoldPassword(source, node) || isOfEveryRoute(source, node);
      return isRequest && (name === 'headers' || (name === 'body' && holdsPassword())) ? source.textOf(node) : null;
    }
    case 'TemplateLiteral':
      return firstOf(source, node.expressions) ?? tokenInLink(source, node);
    case 'BinaryExpression':
      return node.operator === '+' ? firstOf(source, [node.left, node.right]) : null;
    case 'ObjectExpression':
      return allOf(
        source,
        node.properties.flatMap((one) => (one.type === 'Property' ? [one.value] : [])),
      );
    case 'CallExpression':
      return /^#(JSON\.stringify|encodeURIComponent)$/.test(originOf(source, node.callee) ?? '')
        ? firstOf(source, node.arguments)
        : null;
    default:
      return null;
  }
}

/** The secret in a text that was put together before: the address of a database, a link of a mail. */
function madeOf(source: Source, node: Syntax): string | null {
  const text = constantOf(source, node);
  return text?.type === 'TemplateLiteral' || text?.type === 'BinaryExpression' ? secretIn(source, text) : null;
}

const opening =
  /(reset|forgot|new|change)[-_]?passw|passw\w*[-_/]reset|verif|confirm|activat|invit|magic|sign-?in|log-?in/i;

/** `${url}/reset-password/${token}`: who has that link is let in by it. */
function tokenInLink(source: Source, node: Extract<Syntax, { type: 'TemplateLiteral' }>): string | null {
  const written = node.quasis.map(({ value }) => value.raw).join('');
  if (!opening.test(written)) return null;
  const token = node.expressions.find((one, index) => {
    const inner = unwrap(one);
    const name = inner.type === 'Identifier' ? inner.name : (memberName(inner) ?? '');
    const before = node.quasis[index]?.value.raw ?? '';
    return /token$/i.test(name) && !/csrf|push|device|fcm/i.test(name) && /[/=]$/.test(before);
  });
  return token ? source.textOf(token) : null;
}

/** Each of what an object holds is to be taken out of it. */
function allOf(source: Source, nodes: readonly Syntax[]): string | null {
  const secrets = new Set(nodes.map((node) => secretIn(source, node)).filter((one) => one !== null));
  return secrets.size === 0 ? null : [...secrets].slice(0, 2).join(' and ');
}

const firstOf = (source: Source, nodes: readonly Syntax[]): string | null =>
  nodes.map((node) => secretIn(source, node)).find((one) => one !== null) ?? null;

/** `(error, req, res, next) => …`, also without the last. */
const takesErrors = ([first, ...others]: readonly Syntax[]): boolean =>
  others.length === 3 || (others.length === 2 && first?.type === 'Identifier' && /^_?(err|error)$/.test(first.name));

/** What Express calls where a route fails, whichever it is: sign-ups too, where the project keeps passwords. */
const isOfEveryRoute = (source: Source, node: Syntax): boolean =>
  takesErrors(functionAround(source, node)?.params ?? []) &&
  ['bcrypt', 'bcryptjs', 'argon2', '@node-rs/bcrypt', '@node-rs/argon2', 'passport-local'].some((name) =>
    source.project.has(name),
  );

/** A whole body is a secret where the file deals with passwords, unless the function says which fields there are. */
function mayHoldPassword(source: Source, node: Syntax): boolean {
  const around = functionAround(source, node);
  const fields = around ? /\{([^{}]*)\}\s*=\s*[\w.]*\bbody\b/.exec(source.textOf(around))?.[1] : undefined;
  if (fields !== undefined && !fields.includes('...')) return /password|passwd|secret|token|otp|pin\b/i.test(fields);
  return (
    /(^|[/._-])(password|login|sign-?(in|up)|register|auth(?!or(?!i[sz])))\w*\.\w/i.test(source.path) ||
    /\.password\b|\bpassword\s*[,}:]/.test(source.text)
  );
}
