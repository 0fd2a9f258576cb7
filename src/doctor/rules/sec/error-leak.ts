import { propertyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { memberName } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { everyOf, functionAround, isFunction, type Source } from '../../code/source.ts';
import { isServerAction } from '../../routes/actions.ts';
import { answerOf } from '../../routes/answers.ts';
import { isForDevelopment as isInDevelopment } from '../../routes/development.ts';
import { type Leak, leaksIn } from '../../routes/error-parts.ts';
import { isOfTarget } from '../../routes/forwarders.ts';
import { isForAdminsOnly } from '../../routes/insiders.ts';
import { isPlainLeak, isPrinted } from '../../routes/plain-leaks.ts';
import { isAtOnce, isKept } from '../../routes/tried.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { atNode } from '../../spot.ts';
import { grouped } from '../../together.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

const fix = 'Log the error with an id, and answer a text of your own with that id.';

/** What a file answers with, told for the whole project: a habit needs no word for each file. */
interface Note {
  at: Extract<Spot, { start: number }>;
  what: 'stack' | 'message';
  isHint: boolean;
  message: string;
}

const mostFiles = 5;

export const errorLeak = defineRule<Note>({
  id: 'sec/error-leak',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The answer tells the client what went wrong inside.',
  why: 'Stacks and messages of errors name files, tables, columns, hosts, sometimes values: a map for whoever looks for a way in, and nothing that a user can use. Log the error in full with an id; answer a text of your own that carries the id.',
  remedy: 'words',
  running: true,
  owasp: 'API8',
  securitySeverity: 5.3,
  mentions:
    /\.(json|send|jsonp|end|render|text|html)\(|\.body\s*=|Exception\(|TRPCError|errorhandler|new (Next)?Response\(|use server/,
  file: (source, _tell, note) => ({
    Program(program) {
      if (madeFor.test(source.path)) return;
      const leaks: Leak[] = [];
      everyOf(program, leaking, (node) => {
        const leak = leakAt(source, node);
        if (!leak || isInDevelopment(source, leak.at)) return;
        const isMeant =
          (leak.what !== 'stack' && (isAtOnce(source, leak.at) || isOfTarget(source, leak.at))) ||
          isForAdminsOnly(source, leak.at) ||
          !isPlainLeak(source, leak);
        leaks.push(isMeant ? { ...leak, isMeant } : leak);
      });
      // Behind a key of those who run it: they may read the log as well.
      const isForAdmins = /(^|\/)admin\//i.test(source.path);
      for (const what of ['stack', 'message'] as const) {
        const all = leaks.filter((leak) => (leak.what === 'stack') === (what === 'stack'));
        const first = all.find(({ isMeant }) => !isMeant) ?? all[0];
        if (!first) continue;
        for (const leak of all)
          if (Boolean(leak.isMeant) === Boolean(first.isMeant))
            note({
              at: atNode(source, leak.at),
              what,
              isHint: isForAdmins || first.isMeant === true,
              message: spoken(source, leak),
            });
      }
    },
  }),
  project(_project, tell, notes) {
    const all = notes.map(({ note }) => note).sort((a, b) => (a.at.path < b.at.path ? -1 : 1));
    for (const key of new Set(all.map(kindOf))) {
      // A file that does it once mostly does it everywhere: one finding for the habit, and one for that of a project.
      const files = grouped(
        all.filter((note) => kindOf(note) === key),
        ({ at }) => at.path,
      );
      for (const [index, inFile] of files.entries())
        for (const { at, message, isHint } of inFile)
          tell(at, {
            message,
            fix,
            together: files.length > mostFiles ? key : `${key} ${index}`,
            ...(isHint ? { confidence: 'hint' as const, severity: 'info' as const } : {}),
          });
    }
  },
});

const kindOf = ({ what, isHint }: Note): string => `${what} ${isHint}`;

/** Files of those who develop or install. */
const madeFor = /(^|[/.-])dev[/.-]|(^|\/)(setup|install(er)?)(\/|\.[cm]?[jt]s$)/i;

/** The kinds of nodes that may answer with an error. */
const leaking = ['CallExpression', 'AssignmentExpression', 'ReturnStatement', 'NewExpression'] as const;

/** What of an error a piece of code answers with: a call, Koa's body, an exception whose message is the answer. */
function leakAt(source: Source, node: Syntax): Leak | null {
  if (node.type === 'CallExpression')
    return originOf(source, node.callee) === 'errorhandler#default' && !isForDevelopment(source, node)
      ? { what: 'stack', at: node }
      : leakOf(source, node);
  if (node.type === 'AssignmentExpression') return koas(source, node);
  if (node.type === 'ReturnStatement') return ofAction(source, node);
  return node.type === 'NewExpression' ? (leakOf(source, node) ?? thrown(source, node)) : null;
}

/** `return { error: err.message }` of a server action: what it gives back is the answer. */
function ofAction(source: Source, node: Extract<Syntax, { type: 'ReturnStatement' }>): Leak | null {
  const scope = node.argument ? functionAround(source, node) : null;
  if (!node.argument || scope === null || !isServerAction(source, scope)) return null;
  return leaksIn(source, node.argument).find(({ what, at }) => what !== 'whole' && !isChosen(source, at)) ?? null;
}

/** `ctx.body = { error: err.message }`. */
function koas(source: Source, { left, right, start }: Extract<Syntax, { type: 'AssignmentExpression' }>): Leak | null {
  const target = unwrap(left);
  if (
    target.type !== 'MemberExpression' ||
    memberName(target) !== 'body' ||
    !/^(ctx|context)(\.response)?$/.test(source.textOf(target.object))
  )
    return null;
  const before = source.text.slice(Math.max(0, start - 200), start);
  const status = [...before.matchAll(/\.status\s*=\s*(\d{3})/g)].at(-1)?.[1];
  const isFault = status !== undefined && Number(status) < 500;
  const found = leaksIn(source, right).filter(
    ({ what, at }) => !isChosen(source, at) && (what === 'stack' || !isFault),
  );
  return found.find(({ what }) => what === 'stack') ?? found[0] ?? null;
}

/** `throw new InternalServerErrorException(error.message)`: Nest, tRPC and Hono answer with what they are given. */
function thrown(source: Source, node: Extract<Syntax, { type: 'NewExpression' }>): Leak | null {
  const origin = originOf(source, node.callee);
  const isServers =
    origin === '@nestjs/common#InternalServerErrorException' ||
    (/^(@nestjs\/common#HttpException|hono\/http-exception#HTTPException|@trpc\/server#TRPCError)$/.test(
      origin ?? '',
    ) &&
      /\b500\b|INTERNAL_SERVER_ERROR|,\s*\w+\.status\s*\)$/.test(source.textOf(node)));
  if (!isServers) return null;
  const given = node.arguments.map((one) => {
    const object = unwrap(one);
    return object.type === 'ObjectExpression' ? (propertyOf(object, 'message') ?? null) : object;
  });
  const found = given.flatMap((one) => (one ? leaksIn(source, one) : [])).find(({ at }) => !isChosen(source, at));
  return found ? { ...found, isMeant: origin === '@trpc/server#TRPCError' } : null;
}

/** What of an error a call answers with; null for none, and where a condition decides it. */
function leakOf(source: Source, node: Call): Leak | null {
  const answer = answerOf(source, node);
  const leaks = answer === null ? [] : leaksIn(source, answer.body);
  if (answer === null || leaks.length === 0) return null;
  const isFault = (answer.status !== null && answer.status < 500) || takesRequest(source, node) || isKind(source, node);
  const found = leaks.filter(
    ({ what, at }) =>
      !isChosen(source, at) &&
      isPrinted(source, node, at) &&
      (what === 'stack' || !isFault) &&
      !(what === 'whole' && (isFastifys(source, node) || isRefused(node, at))),
  );
  return found.find(({ what }) => what === 'stack') ?? found[0] ?? null;
}

/** `upload(req, res, (err) => …)`: what a middleware found wrong with the request. */
function takesRequest(source: Source, node: Call): boolean {
  const scope = functionAround(source, node);
  const call = scope ? source.parentOf(scope) : null;
  return (
    call?.type === 'CallExpression' &&
    call.arguments.length === 3 &&
    call.arguments[2] === scope &&
    /^req(uest)?$/.test(source.textOf(call.arguments[0] ?? call))
  );
}

/** `error.status ?? 401`: errors of one kind, which carry what the client is to read. */
function isKind(source: Source, node: Call): boolean {
  const scope = functionAround(source, node);
  return scope !== null && /\.status(Code)?\s*(\?\?|\|\|)\s*4\d\d/.test(source.textOf(scope));
}

/** `reply.send(error)`: Fastify's own way to fail, which sends the message alone, or asks the app's error handler. */
const isFastifys = (source: Source, node: Call): boolean =>
  /^(reply|rep)\b[\s\S]*\.send$/.test(source.textOf(node.callee));

/** `res.end(error)`: Node takes texts and bytes alone, and throws. */
const isRefused = ({ callee, arguments: [first] }: Call, at: Syntax): boolean =>
  first === at && memberName(unwrap(callee)) === 'end';

function spoken(source: Source, { what, at }: Leak): string {
  const name = source.textOf(at);
  if (at.type === 'CallExpression')
    return `${name} answers with the stack of whatever failed, in production too: files, lines and packages of the server.`;
  if (what === 'stack') return `${name} goes to the client: files, lines and packages of the server.`;
  return what === 'message'
    ? `${at.type === 'Identifier' ? `The text of ${name}` : name} goes to the client, whatever failed: the database's, the network's and the file system's messages too.`
    : `The whole error ${name} goes to the client: queries, hosts and paths, as the library that failed keeps them.`;
}

/** True where a condition decides it: the environment, the kind of error, a flag. */
function isChosen(source: Source, at: Syntax): boolean {
  let inner: Syntax = at;
  for (const parent of source.above(at)) {
    const test =
      parent.type === 'IfStatement' || parent.type === 'ConditionalExpression'
        ? parent.test
        : parent.type === 'LogicalExpression' && parent.operator === '&&'
          ? parent.left
          : parent.type === 'SwitchStatement'
            ? parent.discriminant
            : null;
    if (test !== null && test !== inner && decides(source.textOf(test))) return true;
    if (parent.type === 'CatchClause' || isFunction(parent))
      return isKept(source, parent, at, decides) || isForDevelopment(source, parent);
    inner = parent;
  }
  return false;
}

const decides = (test: string): boolean =>
  /NODE_ENV|prod|dev|debug|expose|operational|verbose|\.(name|code|status|statusCode|type|kind|isPublic|public|isSafe|isExpected|isUserFacing|isBoom|isJoi|isTrusted)\b|is[A-Z]\w*Error|Error\(/.test(
    test,
  ) || /instanceof\s+(?!Error\b)/.test(test);

/** A handler that is put there for development only: `if (app.get('env') === 'development') app.use(…)`. */
function isForDevelopment(source: Source, scope: Syntax): boolean {
  for (const parent of source.above(scope))
    if (parent.type === 'IfStatement' && /NODE_ENV|['"]env['"]|isDev|development/.test(source.textOf(parent.test)))
      return true;
  return false;
}
