import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { everyOf, functionAround, isFunction, type Source } from '../../code/source.ts';
import { isHandle, nameOf } from '../../queries/queries.ts';
import { defineRule } from '../../rule.ts';

export const httpInTransaction = defineRule({
  id: 'db/http-in-transaction',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A transaction waits for another service.',
  why: 'While the other service takes its time, the transaction holds a connection of the pool and the locks on every row that it wrote: a slow answer there stops requests here. And what was sent cannot be taken back when the transaction fails at its end. Ask before the transaction, or write down in it what is to be sent (an outbox) and send it afterwards.',
  remedy: { skill: 'jobs' },
  mentions: /\btransaction\b|\b(start|begin)Transaction\b|\$transaction\b|\bwithTransaction\b|\bBEGIN\b/i,
  file: (source, tell) => ({
    CallExpression(node) {
      const callee = unwrap(node.callee);
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const { name } = callee.property;
      const work = /^(\$transaction|transaction|withTransaction|transact|tx|begin|inTransaction)$/.test(name)
        ? node.arguments.map((one) => unwrap(one)).find((one) => isFunction(one))
        : undefined;
      const region =
        work && isOfDatabase(source, callee.object, name) ? ofWork(source, node, work) : begun(source, node);
      if (region === null) return;
      const [call, ...others] = callsTo(source, region.within, region.from, region.to);
      if (call && isBegunBefore(source, region, call.node))
        tell(call.node, {
          ...(holdsOnPurpose(source, region, call.node) ? { confidence: 'hint' } : {}),
          message: `${call.name} is asked${others.length > 0 ? `, and ${others.length === 1 ? 'another call' : `${others.length} other calls`} after it,` : ''} while the transaction is open: it holds its connection and the locks on its rows until the answer comes.`,
          fix: 'Ask before the transaction, or note in it what is to be sent and send it after the commit.',
        });
    },
  }),
});

const isOfDatabase = (source: Source, object: Syntax, method: string): boolean =>
  method === '$transaction' ||
  method === 'withTransaction' ||
  isHandle(source, object) ||
  /^(sequelize|mongoose|session|manager|dataSource|entityManager|em|queryRunner)$/i.test(nameOf(object) ?? '');

interface Region {
  within: Syntax;
  from: number;
  to: number;
  /** Mongoose's session: what is not given it is not of the transaction. */
  session?: string;
}

/** All of a callback; of `session.withTransaction(…)` with the session. */
function ofWork(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, work: Syntax): Region {
  const session = sessionOf(source, node);
  return { within: work, from: work.start, to: work.end, ...(session === null ? {} : { session }) };
}

/** What the transaction has done when the call is made. */
const before = (source: Source, { from }: Region, { start }: Syntax): string => source.text.slice(from, start);

/** An advisory lock is there to keep others out while the call is made: without the wait the lock has no sense. */
const holdsOnPurpose = (source: Source, region: Region, call: Syntax): boolean =>
  /\bpg_(try_)?advisory_(xact_)?lock(_shared)?\b/i.test(before(source, region, call));

/** MongoDB begins a transaction with the first operation that is given its session: before that nothing is held. */
const isBegunBefore = (source: Source, region: Region, call: Syntax): boolean =>
  region.session === undefined ||
  /\btransactionAsyncLocalStorage\b/.test(source.text) ||
  givenTo(source, region.session).test(
    before(source, region, call)
      .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
      .replace(new RegExp(`\\b${region.session}\\??\\.\\w+`, 'g'), ''),
  );

/** The session by its name, or by that of the options that it stands in: `const options = { session }`. */
function givenTo(source: Source, session: string): RegExp {
  const holding = new RegExp(`\\b(\\w+)\\s*=\\s*\\{[^{}]*\\b${session}\\b[^{}]*\\}`, 'g');
  const names = [session, ...[...source.text.matchAll(holding)].map(([, name]) => name)];
  return new RegExp(`\\b(${names.join('|')})\\b`);
}

/** `session.startTransaction()` of a session that Mongoose, or MongoDB's client, has started: its name. */
function sessionOf(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): string | null {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression') return null;
  const session = unwrap(callee.object);
  const made = constantOf(source, session);
  const start = made?.type === 'AwaitExpression' ? unwrap(made.argument) : made;
  return session.type === 'Identifier' && start?.type === 'CallExpression' && nameOf(start.callee) === 'startSession'
    ? session.name
    : null;
}

/** From `query('BEGIN')`, `session.startTransaction()` or `const t = await db.transaction()` to the next commit in the same function. */
function begun(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): Region | null {
  const isBegin =
    isWord(node, /^\s*(begin|start transaction)\b/i) ||
    /^(startTransaction|beginTransaction)$/.test(nameOf(node.callee) ?? '') ||
    isOpened(source, node);
  const within = isBegin ? functionAround(source, node) : null;
  if (within === null) return null;
  let to: number | null = null;
  everyOf(within, ['CallExpression'], (inner) => {
    if (inner.type !== 'CallExpression' || inner.start <= node.start) return;
    if (isWord(inner, /^\s*commit\b/i) || /^commit(Transaction)?$/.test(nameOf(inner.callee) ?? ''))
      to = to === null ? inner.start : Math.min(to, inner.start);
  });
  const session = sessionOf(source, node);
  return to === null ? null : { within, from: node.end, to, ...(session === null ? {} : { session }) };
}

/** `const t = await sequelize.transaction()`: what is given no function is ended by hand. */
const isOpened = (source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): boolean =>
  nameOf(node.callee) === 'transaction' &&
  !node.arguments.some((one) => isFunction(one)) &&
  source.parentOf(node)?.type === 'AwaitExpression';

function isWord(node: Extract<Syntax, { type: 'CallExpression' }>, word: RegExp): boolean {
  const text = node.arguments[0] ? stringValue(node.arguments[0]) : null;
  return text !== null && word.test(text);
}

/** What asks another service, by where it comes from. */
const outside =
  /^(#fetch|axios#\w+(\.\w+|\(\)(\.\w+)?)?|node-fetch#default|undici#(fetch|request)|cross-fetch#\w+|got#\w+(\.\w+)?|ky#\w+(\.\w+)?|superagent#\w+(\.\w+)?|https?#(get|request))$|^(stripe|openai|@anthropic-ai\/sdk|resend|twilio|postmark|replicate|@octokit\/rest|@slack\/web-api|mailgun\.js)#\w+\(\)(\.\w+)+$|^@sendgrid\/mail#\w+$|^nodemailer#createTransport\(\)\.sendMail$|^@aws-sdk\/client-\w+#\w+Client\(\)\.send$|^aws-sdk#(default\.)?(\w+\.)*\w+\(\)\.\w+\(\)\.promise$/;
/** The same by their names, where the value comes from a parameter or a field. */
const likely =
  /^(this\.)?(stripe(Client)?\.\w+\.\w+|axios(\.(get|post|put|patch|delete|request))?|httpService\.(axiosRef\.)?(get|post|put|patch|delete|request)|mailer\.\w*[sS]end\w*|mailService\.\w*[sS]end\w*|mailerService\.\w*[sS]end\w*|emailService\.\w*[sS]end\w*|transporter\.sendMail|(\w+\.)*\w*([cC]onnector|[mM]ail\w*|[sS]ms\w*)\.send\w*|resend\.emails\.send|openai\.[\w.]+\.create|sendgrid\.send|sgMail\.send|twilio(Client)?\.messages\.create)$/;

interface Asking {
  node: Syntax;
  name: string;
}

function callsTo(source: Source, within: Syntax, from: number, to: number, depth = 2): Asking[] {
  const found: Asking[] = [];
  everyOf(within, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || node.start < from || node.end > to) return;
    const name = source.textOf(node.callee).replace(/\s+/g, '').replace(/\?/g, '');
    // What only checks a signature asks nobody.
    if (
      /\bwebhooks\.\w+$|\.(constructEvent\w*|verify\w*|create|interceptors\.\w+\.use)$/.test(name) &&
      !/\.\w+\.create$/.test(name)
    )
      return;
    const origin = originOf(source, node.callee);
    if (
      (origin !== null && outside.test(origin)) ||
      ((origin === null || origin.startsWith('#')) && likely.test(name))
    ) {
      found.push({ node, name: `${name.replace(/\(.+\)/, '()')}()` });
      return;
    }
    const callee = unwrap(node.callee);
    if (depth === 0 || (callee.type !== 'Identifier' && callee.type !== 'MemberExpression')) return;
    const place = definitionOf(source, callee);
    if (!place || !isFunction(place.node)) return;
    const [inner] = callsTo(place.source, place.node, 0, Number.POSITIVE_INFINITY, depth - 1);
    if (inner) found.push({ node, name: `${inner.name.replace(/ in .*$/, '')} in ${name}()` });
  });
  return found.filter(({ node }) => !isDeferred(source, node, within) && isWaitedFor(source, node, within));
}

/** False where nothing waits for the call, nor for the one whose callback it stands in: `notify();`, `rows.forEach(async …)`. */
function isWaitedFor(source: Source, node: Syntax, within: Syntax): boolean {
  let isKept = false;
  for (const parent of source.above(node)) {
    if (parent === within) return true;
    if (isFunction(parent)) {
      if (source.parentOf(parent)?.type !== 'CallExpression') return true;
      isKept = false;
    } else if (/^(AwaitExpression|ReturnStatement|VariableDeclarator|AssignmentExpression)$/.test(parent.type))
      isKept = true;
    // Callbacks of an older kind end the transaction, or the promise around it, themselves.
    else if (parent.type === 'ExpressionStatement' && !isKept)
      return /\b(commit|resolve|callback|cb|done|next)\b/i.test(source.textOf(parent));
  }
  return true;
}

/** A function that is only made here runs later: `afterCommit(() => …)`. */
function isDeferred(source: Source, node: Syntax, within: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent === within) return false;
    if (!isFunction(parent)) continue;
    const call = source.parentOf(parent);
    const name = call?.type === 'CallExpression' ? source.textOf(call.callee) : '';
    if (/after|on[A-Z]|setImmediate|setTimeout|nextTick|defer|waitUntil|enqueue|\.add$/.test(name)) return true;
  }
  return false;
}
