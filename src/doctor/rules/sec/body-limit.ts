import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../names.ts';
import { originOf } from '../../origin.ts';
import { defineRule, type Spot, type Words } from '../../rule.ts';
import { everyNode, functionAround, type Source } from '../../source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;
/** An app of Hono that reads bodies; or that one limits them. */
type Note = { reads: Spot } | 'limits';

const most = 10 * 1024 * 1024;
const parsers =
  /^(express|body-parser)#(default\.)?(json|urlencoded|text|raw)$|^(koa-body|koa-bodyparser|@koa\/bodyparser)#(default|koaBody|bodyParser)$/;
const limitKeys = /^(limit|jsonLimit|formLimit|textLimit|bodyLimit|sizeLimit|bodySizeLimit|maxFileSize)$/;

export const bodyLimit = defineRule<Note>({
  id: 'sec/body-limit',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A client may send more than the server can hold.',
  why: 'A body is held in memory until it is parsed: a few clients that each send hundreds of megabytes end the process, or fill the disk where it goes to files. Keep the limit of JSON near what you expect (the parsers’ own 100 kB to 1 MB is enough for most), raise it for the one route that needs more, give uploads a limit of size and number, and let large files go to the storage directly.',
  remedy: { skill: 'uploads' },
  owasp: 'API4',
  securitySeverity: 5.3,
  mentions:
    /limit|multer|express-fileupload|formidable|busboy|sizeLimit|\.on\(|from ['"]hono|bodyLimit|content-length/i,
  file(source, tell, note) {
    if (/body-limit|bodyLimit|content-length|maxRequestBodySize/i.test(source.text)) note('limits');
    return {
      CallExpression(node) {
        const words = uploadWithout(source, node) ?? tooLarge(source, node) ?? collected(source, node);
        if (words) tell(node, words);
        if (isUnlimitedRead(source, node)) note({ reads: { path: source.path, start: node.start, end: node.end } });
      },
      NewExpression(node) {
        const words = uploadWithout(source, node);
        if (words) tell(node, words);
      },
      VariableDeclarator(node) {
        // Next: `export const config = { api: { bodyParser: { sizeLimit: '50mb' } } }`
        if (node.id.type !== 'Identifier' || node.id.name !== 'config' || !node.init) return;
        if (/bodyParser['"]?\s*:\s*false/.test(source.textOf(node))) return;
        const words = largeIn(source, node.init);
        if (words) tell(node, words);
      },
    };
  },
  project({ profile }, tell, notes) {
    if (notes.some(({ note }) => note === 'limits') || profile.runtime.value !== 'node') return;
    const [first] = notes;
    if (!first || first.note === 'limits') return;
    tell(first.note.reads, {
      message:
        'Hono on Node reads a form or a file of any size into memory here, and nothing in the project limits bodies.',
      fix: "Use bodyLimit() of 'hono/body-limit' on the app, with a higher limit for the routes that need it.",
    });
  },
});

const fix = 'Give a limit near what you expect, and a higher one only to the route that needs it.';

/** Parsers and servers whose limit is written as more than ten megabytes. */
function tooLarge(source: Source, node: Call): Words | null {
  const origin = originOf(source, node.callee);
  if (origin === null || !(parsers.test(origin) || /^fastify#(default|fastify|Fastify)$/.test(origin))) return null;
  return node.arguments.map((one) => largeIn(source, one)).find((one) => one !== null) ?? null;
}

function largeIn(source: Source, options: Syntax): Words | null {
  let words: Words | null = null;
  everyNode(constantOf(source, options) ?? unwrap(options), (node) => {
    if (node.type !== 'Property' || !limitKeys.test(keyOf(node) ?? '')) return;
    const value = constantOf(source, node.value) ?? unwrap(node.value);
    const bytes = bytesOf(value);
    if (bytes === null || bytes <= most) return;
    const size = bytes === Number.POSITIVE_INFINITY ? 'any size' : `${Math.round(bytes / 1024 / 1024)} MB`;
    words = {
      message: `Bodies of ${size} are read into memory (${source.textOf(node)}): a few clients at once end the process.`,
      fix,
    };
  });
  return words;
}

function bytesOf(node: Syntax): number | null {
  const text = stringValue(node);
  if (text !== null) {
    const found = /^\s*([\d.]+)\s*(b|kb|mb|gb|tb)?\s*$/i.exec(text);
    if (!found) return null;
    const powers = ['b', 'kb', 'mb', 'gb', 'tb'];
    return Number(found[1]) * 1024 ** Math.max(0, powers.indexOf((found[2] ?? 'b').toLowerCase()));
  }
  const value = literal(node);
  if (typeof value === 'number') return value;
  if (node.type === 'Identifier' && node.name === 'Infinity') return Number.POSITIVE_INFINITY;
  if (node.type !== 'BinaryExpression' || node.operator !== '*') return null;
  const [left, right] = [bytesOf(unwrap(node.left)), bytesOf(unwrap(node.right))];
  return left === null || right === null ? null : left * right;
}

/** Parsers of uploads that take files of any size where nothing is said. */
function uploadWithout(source: Source, node: Call): Words | null {
  const origin = originOf(source, node.callee);
  if (origin === null) return null;
  const isMulter = /^multer#default$/.test(origin);
  if (!isMulter && !/^express-fileupload#default$/.test(origin)) return null;
  const [options] = node.arguments;
  const object = options ? (constantOf(source, options) ?? unwrap(options)) : null;
  if (object !== null && object.type !== 'ObjectExpression') return null;
  if (object?.properties.some((one) => one.type === 'SpreadElement' || keyOf(one) === 'limits')) return null;
  // Without any option multer only reads fields in memory: .none() takes no files.
  const inMemory = !options || /memoryStorage/.test(object ? writtenIn(source, object) : '');
  const where = isMulter && !inMemory ? 'fills the disk' : 'is held in memory and ends the process';
  return {
    message: `${source.textOf(node.callee)}() takes files of any size: one large upload ${where}.`,
    fix: 'Give it limits: { fileSize, files }.',
  };
}

function writtenIn(source: Source, object: Extract<Syntax, { type: 'ObjectExpression' }>): string {
  return object.properties
    .map((one) => (one.type === 'Property' ? source.textOf(constantOf(source, one.value) ?? one.value) : ''))
    .join('\n');
}

/** `req.on('data', (chunk) => { body += chunk; })` in a function that never looks at how much there is. */
function collected(source: Source, node: Call): Words | null {
  const callee = unwrap(node.callee);
  const [event, listener] = node.arguments;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.property.name !== 'on')
    return null;
  if (
    !event ||
    !listener ||
    stringValue(event) !== 'data' ||
    !/^_?(req|request)(\.raw|\.req)?$/.test(source.textOf(callee.object))
  )
    return null;
  if (!/\+=|\.push\(|concat\(/.test(source.textOf(listener))) return null;
  const scope = functionAround(source, node) ?? source.program;
  if (/length|size|limit|max|destroy|413/i.test(source.textOf(scope))) return null;
  return {
    message:
      'The body is collected piece by piece, however much comes: one client that goes on sending fills the memory.',
    fix: 'Count the bytes, and answer 413 and destroy the request above a limit.',
  };
}

/** Hono: reading a form or a file without a limit before it. */
function isUnlimitedRead(source: Source, node: Call): boolean {
  if (!source.project.has('hono') || source.project.has('next')) return false;
  return /^(c|ctx|context)\.req\.(parseBody|formData|blob|arrayBuffer)$/.test(source.textOf(unwrap(node.callee)));
}
