import { literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { choiceAround } from '../../code/choices.ts';
import { memberName, objectAt, option, optionValue, type Written } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { everyNode, everyOf, functionAround, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { isSent, taintOf } from '../../flow/taint.ts';
import { graphqlsCors } from '../../routes/graphql-options.ts';
import { looksAtPart } from '../../routes/loose-origins.ts';
import { defineRule, type Tell, type Words } from '../../rule.ts';
import { carriedIn } from '../../secrets/carried.ts';
import { onceFor } from '../../together.ts';

const fix = 'Give the list of the origins that are yours, and answer no other with credentials.';
const cors =
  /^(cors#default|hono\/cors#cors|@koa\/cors#default|koa2?-cors#default|@fastify\/cors#default|fastify-cors#default|@elysiajs\/cors#cors)$/;

/** Servers that have the same options under `cors`. */
const sockets =
  /^(socket\.io#(default|Server|socketio)|@nestjs\/websockets#WebSocketGateway|@nestjs\/core#NestFactory\.create|@nestjs\/graphql#GraphQLModule\.forRoot|apollo-server#ApolloServer|graphql-yoga#createYoga)$/;

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

export const corsCredentials = defineRule({
  id: 'sec/cors-credentials',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'Every website may send requests with the user’s cookies and read the answers.',
  why: 'With `Access-Control-Allow-Credentials` and the asking origin sent back as allowed, any page that a signed-in user opens can call the API as that user and read what it answers. The browser’s wall between sites is gone. Compare the origin with a list of your own, whole, and answer others without the headers.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 8.1,
  mentions: /credentials/i,
  file: (source, tell) => ({
    ReturnStatement(node) {
      const options = graphqlsCors(source, node);
      if (options !== null) byOptions(source, options.source === source ? options.node : node, options, tell);
    },
    NewExpression(node) {
      const options = optionsOf(source, node);
      if (options !== null) byOptions(source, node, options, tell);
    },
    CallExpression(node) {
      const options = optionsOf(source, node);
      if (options !== null) {
        byOptions(source, node, options, tell);
        return;
      }
      const value = headerValue(source, node, 'access-control-allow-origin');
      if (value === null || !isReflected(source, value)) return;
      const scope = functionAround(source, node) ?? source.program;
      if (allowsCredentials(source, scope) && !isCompared(source, scope, node))
        onceFor(source.path, tell)(node, {
          message:
            'This sends any asking origin back as allowed, with credentials: any website can act as the signed-in user.',
          fix,
          ...weighed(source),
        });
    },
  }),
});

/** Less than certain where cookies stay on their site; next to nothing where a page of others has nothing to send. */
function weighed({ project }: Source): Pick<Words, 'severity' | 'confidence'> {
  const { by, isKeptToSite } = carriedIn(project);
  if (by === 'header') return { severity: 'info', confidence: 'hint' };
  return isKeptToSite ? { severity: 'warning', confidence: 'likely' } : {};
}

/** What the options of a library let in. */
function byOptions(source: Source, node: Syntax, options: Written, tell: Tell): void {
  const origin = option(options, 'origin');
  if (optionValue(options, 'credentials') !== true) return;
  const how = origin === null ? null : reflects(options, origin);
  if (how === null || choiceAround(source, node) === 'development') return;
  if (how === 'loose')
    tell(node, {
      message: `${options.source.textOf(origin ?? node).slice(0, 120)} lets in origins that only contain the name, such as https://name.attacker.io: their pages act as the signed-in user.`,
      fix: 'Compare the whole origin with a list of your own.',
      severity: 'warning',
      confidence: 'likely',
      ...(carriedIn(source.project).by === 'header' ? weighed(source) : {}),
    });
  else if (how === 'all')
    tell(node, {
      message:
        'This lets every origin in, with credentials: any website can act as the signed-in user and read the answers.',
      fix,
      ...weighed(source),
    });
  else
    tell(node, {
      message:
        "Browsers refuse the origin '*' together with credentials: no page of another origin can send its cookies here.",
      fix: 'Leave credentials out, or give the list of the origins that are yours.',
      // A door that stays shut harms nobody who calls with a header.
      severity: 'info',
      confidence: 'hint',
    });
}

function optionsOf(source: Source, node: Call): Written | null {
  const [first, second] = node.arguments;
  const callee = unwrap(node.callee);
  const origin = originOf(source, callee);
  if (origin !== null && cors.test(origin)) return objectAt(source, first);
  if (origin !== null && sockets.test(origin)) {
    const given = node.arguments.map((one) => objectAt(source, one)).findLast((one) => one !== null);
    return given ? objectAt(given.source, option(given, 'cors')) : null;
  }
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  if (callee.property.name === 'enableCors') return objectAt(source, first);
  if (callee.property.name === 'applyMiddleware') return graphqlsCors(source, node);
  const isPlugin =
    callee.property.name === 'register' && first && cors.test(originOf(source, first) ?? requiredText(source, first));
  return isPlugin ? objectAt(source, second) : null;
}

const requiredText = (source: Source, node: Syntax): string =>
  /require\(['"](@fastify\/cors|fastify-cors)['"]\)/.test(source.textOf(node)) ? '@fastify/cors#default' : '';

/** What an `origin` option lets in: 'all' where it sends any origin back, 'loose' where a part of it decides. */
function reflects(options: Written, origin: Syntax): 'all' | 'star' | 'loose' | null {
  const value = literal(origin);
  if (value === true) return 'all';
  if (value === '*') return 'star';
  if (
    origin.type === 'Literal' &&
    'regex' in origin &&
    origin.regex &&
    /^(\.\*|\.\+|\^?\.\*\$?)$/.test(origin.regex.pattern)
  )
    return 'all';
  if (origin.type === 'Literal' && 'regex' in origin && origin.regex)
    return /\w\\?\.\w/.test(origin.regex.pattern) && !/\$|localhost/.test(origin.regex.pattern) ? 'loose' : null;
  if (!isFunction(origin)) return null;
  if (letsAll(options.source, origin) || callsBackAlways(options.source, origin)) return 'all';
  return looksAtPart(options.source, origin) ? 'loose' : null;
}

/** A callback that is called with `true` in every branch. */
function callsBackAlways(source: Source, fn: FunctionSyntax): boolean {
  const [, callback] = fn.params;
  if (callback?.type !== 'Identifier') return false;
  const answers: boolean[] = [];
  everyNode(fn, (node) => {
    if (node.type === 'CallExpression' && source.textOf(node.callee) === callback.name)
      answers.push(node.arguments[1] !== undefined && literal(node.arguments[1]) === true);
    else if (node.type === 'ThrowStatement') answers.push(false);
  });
  return answers.length > 0 && answers.every(Boolean);
}

/** `(origin, callback) => callback(null, true)`, `(origin) => origin`: a body of that one thing. */
function letsAll(source: Source, fn: FunctionSyntax): boolean {
  const statements = fn.body?.type === 'BlockStatement' ? fn.body.body : fn.body ? [fn.body] : [];
  const [only] = statements;
  if (statements.length !== 1 || !only) return false;
  const expression =
    only.type === 'ExpressionStatement' ? only.expression : only.type === 'ReturnStatement' ? only.argument : only;
  const inner = expression ? unwrap(expression) : null;
  const [first, second] = fn.params;
  const name = first?.type === 'Identifier' ? first.name : null;
  const isAny = (node: Syntax | undefined): boolean => {
    const value = node ? unwrap(node) : null;
    if (value?.type === 'LogicalExpression') return value.operator !== '&&' && isAny(value.left);
    return value !== null && (literal(value) === true || (value.type === 'Identifier' && value.name === name));
  };
  if (inner?.type === 'CallExpression' && second?.type === 'Identifier')
    return source.textOf(inner.callee) === second.name && isAny(inner.arguments[1]);
  return inner !== null && !second && inner.type !== 'CallExpression' && literal(inner) === undefined && isAny(inner);
}

/** The value that a call sets a header to: `res.setHeader(name, value)`, `res.header`, `res.set`, `headers.set`, `c.header`. */
function headerValue(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, name: string): Syntax | null {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  if (!/^(setHeader|header|set|append)$/.test(callee.property.name)) return null;
  const [key, value] = node.arguments;
  return key && value && stringValue(key)?.toLowerCase() === name && source.text !== '' ? value : null;
}

const isReflected = (source: Source, value: Syntax): boolean => {
  const inner = unwrap(value);
  const first = inner.type === 'LogicalExpression' ? inner.left : inner;
  return isSent(taintOf(source, first)) && /origin|referer|allowed/i.test(source.textOf(first));
};

function allowsCredentials(source: Source, scope: Syntax): boolean {
  let found = false;
  everyOf(scope, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression') return;
    const value = headerValue(source, node, 'access-control-allow-credentials');
    if (value !== null && String(literal(value)) === 'true') found = true;
  });
  return found;
}

/** True where the origin is looked at first: by a condition, or by a function that is given it. */
function isCompared(source: Source, scope: Syntax, at: Syntax): boolean {
  let found = false;
  everyNode(scope, (node) => {
    if (found || node.start >= at.start) return;
    if (node.type === 'CallExpression') {
      const isHeader = headerValue(source, node, 'access-control-allow-origin') !== null || isRead(source, node);
      found = !isHeader && isFunction(scope) && node.arguments.some((one) => /origin/i.test(source.textOf(one)));
      const callee = unwrap(node.callee);
      if (/^(use|all|get|options)$/.test(memberName(callee) ?? '')) found = false;
    }
    if (node.type !== 'IfStatement' && node.type !== 'ConditionalExpression') return;
    const test = source.textOf(node.test).replace(presence, 'origin');
    if (
      /origin/i.test(test) &&
      /includes|has\(|===|indexOf|test\(|some\(|find\(|allow|match|endsWith|valid|\w\(/i.test(test)
    )
      found = true;
  });
  return found;
}

/** `req.get('origin')`, `req.headers.origin !== undefined`: whether there is one at all. */
const presence =
  /[\w.]+\.(get|header)\(\s*['"`]origin['"`]\s*\)(\s*[!=]==?\s*(undefined|null|['"]{2})(?![\w'"]))?|[\w.]*origin\s*[!=]==?\s*(undefined|null|['"]{2})(?![\w'"])/gi;

/** `req.get('origin')`, `headers.get('Origin')`: that reads it only. */
const isRead = (source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): boolean =>
  /(\.|^)(get|header)$/.test(source.textOf(node.callee)) && node.arguments.length === 1;
