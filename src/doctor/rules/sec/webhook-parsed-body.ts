import { isCode } from '../../../detect/paths.ts';
import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { memberName } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { wordsOf } from '../../code/reach.ts';
import { everyOf, functionAround, type Source } from '../../code/source.ts';
import { roleAt } from '../../flow/request.ts';
import { kindOf } from '../../project.ts';
import { apiFile, routesOf } from '../../routes/routes.ts';
import { defineRule, type Spot } from '../../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;
type Note = { parsed: Spot; name: string } | 'keeps the bytes' | 'parses';

const fix =
  'Verify over the bytes as they came: express.raw() on this route before any JSON parser, or request.text(). `backend-skills add webhook` does.';
const verifiers =
  /^(svix#Webhook\(\)\.verify|standardwebhooks#Webhook\(\)\.verify|@octokit\/webhooks#Webhooks\(\)\.verify|@clerk\/\w+\/webhooks#\w+)$/;
const keeps =
  /\braw\s*\(|rawBody|raw-body|getRawBody|micro['"]|verify\s*:|verify\s*\(\s*req|\.on\(\s*['"]data['"]|fastify-raw-body|addContentTypeParser|bodyParser:\s*false/;

export const webhookParsedBody = defineRule<Note>({
  id: 'sec/webhook-parsed-body',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A webhook’s signature is checked over a body that was parsed.',
  why: 'The provider signs bytes. A parser makes an object of them; written again as JSON it has other spaces, another order, other escapes, and its signature is another. The check fails on real events, at once or with the first unusual one, and is then switched off in a hurry. Keep the bytes: read the raw body on this route, before any parser.',
  remedy: { skill: 'webhook' },
  owasp: 'API2',
  securitySeverity: 6.5,
  mentions:
    /constructEvent|createHmac|svix|standardwebhooks|@octokit\/webhooks|\.json\(\)|bodyParser|express\.json|NestFactory|rawBody|\braw\(/,
  file(source, tell, note) {
    if (keeps.test(source.text)) note('keeps the bytes');
    return {
      CallExpression(node) {
        const origin = originOf(source, node.callee);
        // Nest parses by itself, unless it is told not to.
        if (/^(express#json|body-parser#json|@nestjs\/core#NestFactory\.create)$/.test(origin ?? '')) note('parses');
        const [first] = node.arguments;
        if (!first) return;
        if (isVerifier(node, origin)) look(source, node, first, tell, note);
        else if (origin === 'crypto#createHmac().update' && isStringified(source, first) && isSignature(source, node))
          tell(node, {
            message: `This signs ${source.textOf(first)}, which is not what was sent: spaces, order and escapes may differ, and a real event is refused.`,
            fix,
            severity: 'warning',
            confidence: 'likely',
            ...(isSentFromHere(source, node) ? { severity: 'info' as const, confidence: 'hint' as const } : {}),
          });
      },
      Program() {
        parsedBefore(source, (at, name) =>
          tell(at, {
            message: `express.raw() gets nothing here: ${name} has parsed the body before.`,
            fix: 'Put this route above the JSON parser.',
            confidence: 'likely',
          }),
        );
      },
    };
  },
  project(_project, tell, notes) {
    if (notes.some(({ note }) => note === 'keeps the bytes') || !notes.some(({ note }) => note === 'parses')) return;
    for (const { note } of notes)
      if (typeof note === 'object')
        tell(note.parsed, {
          message: `${note.name} is an object by then: the JSON parser has read the body, and no signature fits it.`,
          fix,
          confidence: 'likely',
        });
  },
});

function isVerifier(node: Call, origin: string | null): boolean {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  if (/^constructEvent(Async)?$/.test(callee.property.name)) return node.arguments.length >= 3;
  return origin !== null && verifiers.test(origin);
}

type Tell = (at: Syntax, words: { message: string; fix: string }) => void;

function look(source: Source, node: Call, body: Syntax, tell: Tell, note: (note: Note) => void): void {
  const value = constantOf(source, body) ?? unwrap(body);
  const name = source.textOf(body);
  if (isStringified(source, body)) {
    tell(node, {
      message: `${source.textOf(value)} is not what was sent: spaces, order and escapes may differ, and the signature of a real event does not fit.`,
      fix,
    });
    return;
  }
  if (isJson(source, value)) {
    tell(node, {
      message: `${name} is the parsed body: the signature is over its bytes, so no event will pass.`,
      fix: 'Read it with request.text(), verify, and parse then.',
    });
    return;
  }
  if (value.type !== 'MemberExpression' || memberName(value) !== 'body') return;
  if (roleAt(source, value.object) !== 'request') return;
  if (source.project.has('next') && apiFile.test(source.path)) {
    if (!/bodyParser['"]?\s*:\s*false/.test(source.text))
      tell(node, {
        message: `${name} is an object here: Next has parsed the body, and no signature fits it.`,
        fix: 'Export config = { api: { bodyParser: false } } and read the raw body.',
      });
    return;
  }
  note({ parsed: { path: source.path, start: node.start, end: node.end }, name });
}

/** `JSON.stringify(req.body)`, of anything that is called a body, an event or a payload. */
function isStringified(source: Source, node: Syntax): boolean {
  const value = constantOf(source, node) ?? unwrap(node);
  if (value.type !== 'CallExpression' || originOf(source, value.callee) !== '#JSON.stringify') return false;
  const [of] = value.arguments;
  if (!of) return false;
  const text = source.textOf(of);
  return /\b(req|request|ctx|c|event)\b.*\bbody$|^body$|^(payload|event)$/.test(text) && isFromRequest(source, of);
}

function isFromRequest(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const value = constantOf(source, inner) ?? inner;
  if (isJson(source, value)) return true;
  if (value.type === 'MemberExpression') return roleAt(source, value.object) !== null;
  return (
    roleAt(source, inner) === 'data' ||
    (inner.type === 'Identifier' && inner.name === 'body' && constantOf(source, inner) === null)
  );
}

/** `await request.json()`, `await c.req.json()`. */
function isJson(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  const call = inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner;
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false;
  const { property, object } = call.callee;
  return property.type === 'Identifier' && property.name === 'json' && roleAt(source, object) === 'request';
}

/** Code that compares a signature that came with the request: what is signed for others is no finding. */
function isSignature(source: Source, node: Syntax): boolean {
  const around = functionAround(source, node);
  const words = around ? wordsOf(around) : '';
  return (
    /signature|x-hub|hmac-sha|webhook/i.test(words) && /header/i.test(words) && !/\b(fetch|axios|got)\b/.test(words)
  );
}

/** True where another file of the project sends a header of the name that is read here: both sides write the JSON in one way. */
function isSentFromHere(source: Source, node: Syntax): boolean {
  const around = functionAround(source, node);
  const names = around ? wordsOf(around).split('\n') : [];
  const headers = names.filter((one) => /^[\w-]*(signature|hmac)[\w-]*$/i.test(one) && one.includes('-'));
  if (headers.length === 0) return false;
  const { project } = source;
  return project.files.some((path) => {
    const text = path !== source.path && isCode(path) ? (project.tree.read(path) ?? '') : '';
    return (
      headers.some((name) => text.includes(`'${name}':`) || text.includes(`"${name}":`)) &&
      kindOf(path, text) === 'app' &&
      /\b(fetch|axios|got|request|publish\w*)\b/.test(text)
    );
  });
}

/** Routes with a raw parser of their own, below a parser for all in the same file. */
function parsedBefore(source: Source, found: (at: Syntax, name: string) => void): void {
  if (!/\braw\s*\(/.test(source.text)) return;
  let parser: Call | null = null;
  everyOf(source.program, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.arguments.length !== 1)
      return;
    const { property } = node.callee;
    const [first] = node.arguments;
    if (property.type !== 'Identifier' || property.name !== 'use' || !first) return;
    const call = unwrap(first);
    if (call.type !== 'CallExpression' || !/^(express|body-parser)#json$/.test(originOf(source, call.callee) ?? ''))
      return;
    if (/verify|type/.test(source.textOf(call)) || functionAround(source, node) !== null) return;
    parser ??= node;
  });
  const before: Call | null = parser;
  if (before === null) return;
  for (const route of routesOf(source)) {
    const owner =
      route.node.type === 'CallExpression' && route.node.callee.type === 'MemberExpression'
        ? source.textOf(route.node.callee.object)
        : '';
    const own = (before as Call).callee;
    if (
      own.type !== 'MemberExpression' ||
      source.textOf(own.object) !== owner ||
      route.node.start < (before as Call).start
    )
      continue;
    const raw = route.before.find(
      (one) => one.type === 'CallExpression' && /^(express|body-parser)#raw$/.test(originOf(source, one.callee) ?? ''),
    );
    if (raw) found(raw, source.textOf(before));
  }
}
