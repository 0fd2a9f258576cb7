import { keyOf, literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { bytesOf } from '../../code/bytes.ts';
import { constantOf } from '../../code/names.ts';
import { memberName } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import { refusesLarge, runsAsServer } from '../../code/serverless.ts';
import { everyOf, type Source } from '../../code/source.ts';
import { isOnlyTested } from '../../files/only-tested.ts';
import { collected } from '../../routes/collected-bodies.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { isForAdminsOnly } from '../../routes/insiders.ts';
import { defineRule, type Spot, type Words } from '../../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;
/** An app of Hono that reads bodies, or an interceptor of Nest that takes files; or that one limits them. */
type Note =
  | { reads: Spot }
  | { takes: Spot; name: string; fate: string; isForAdmins: boolean }
  | 'limits'
  | 'limits files'
  | 'places files';

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
    /limit|multer|express-fileupload|busboy|formidable|sizeLimit|\.on\(|from ['"]hono|bodyLimit|content-length|FilesInterceptor|FileInterceptor|FileFieldsInterceptor/i,
  file(source, say, note) {
    const isDead = isOnlyTested(source.project, source.path) || refusesLarge(source.project);
    const tell = (node: Syntax, words: Words): void =>
      say(node, isDead ? { ...words, confidence: 'hint', severity: 'info' } : words);
    if (/body-limit|bodyLimit|content-length|maxRequestBodySize/i.test(source.text)) note('limits');
    const isOfMulter = /MulterModule|MULTER_MODULE/.test(source.text);
    if (isOfMulter && /limits|fileSize/.test(source.text)) note('limits files');
    if (isOfMulter && /\bstorage\b|\bdest\b/.test(source.text)) note('places files');
    // Who forgets the limit once forgets it for each storage: one word for a parser.
    const once = (node: Call, words: Words): void =>
      tell(node, { ...words, together: `uploads by ${source.textOf(node.callee)}` });
    return {
      CallExpression(node) {
        const upload = uploadWithout(source, node);
        const words = upload ?? tooLarge(source, node) ?? collected(source, node);
        if (words && isForDevelopment(source, node)) return;
        if (upload) once(node, upload);
        else if (words) tell(node, words);
        const spot = { path: source.path, start: node.start, end: node.end };
        if (!isDead && isUnlimitedRead(source, node)) note({ reads: spot });
        if (!isDead && isOpenInterceptor(source, node))
          note({
            takes: spot,
            name: source.textOf(node.callee),
            fate: interceptorsFate(source, node),
            isForAdmins: isForAdminsOnly(source, node),
          });
      },
      NewExpression(node) {
        const words = uploadWithout(source, node);
        if (words) once(node, words);
      },
      VariableDeclarator(node) {
        // Next: `export const config = { api: { bodyParser: { sizeLimit: '50mb' } } }`
        if (node.id.type !== 'Identifier' || node.id.name !== 'config' || !node.init) return;
        if (/bodyParser['"]?\s*:\s*false/.test(source.textOf(node))) return;
        const words = largeIn(source, node.init);
        // Somebody chose it for this route alone.
        if (words)
          tell(node, /\b\d{3,}\s*mb/i.test(words.message) ? words : { ...words, confidence: 'hint', severity: 'info' });
      },
    };
  },
  project(project, tell, notes) {
    const takes = notes.flatMap(({ note }) => (typeof note === 'object' && 'takes' in note ? [note] : []));
    const taken = takes.find(({ isForAdmins }) => !isForAdmins) ?? takes[0];
    if (taken && !notes.some(({ note }) => note === 'limits files'))
      tell(taken.takes, {
        message: `${taken.name}() takes files of any size: one large upload ${notes.some(({ note }) => note === 'places files') && taken.fate === inMemory ? 'fills whatever it goes to' : taken.fate}.${takes.length > 1 ? ` So do ${takes.length - 1} more of this project's interceptors.` : ''}`,
        fix: 'Give all of them limits: { fileSize, files } in MulterModule.register, or this one as its second argument.',
        ...(taken.isForAdmins ? { confidence: 'hint' as const } : {}),
      });
    if (notes.some(({ note }) => note === 'limits') || !runsAsServer(project)) return;
    const first = notes.map(({ note }) => note).find((note) => typeof note === 'object' && 'reads' in note);
    if (typeof first !== 'object' || !('reads' in first)) return;
    tell(first.reads, {
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
  const isNests = memberName(unwrap(node.callee)) === 'useBodyParser';
  if (!isNests && (origin === null || !(parsers.test(origin) || /^fastify#(default|fastify|Fastify)$/.test(origin))))
    return null;
  if (origin !== null && /^(express|body-parser)#/.test(origin) && !isForAll(source, node)) return null;
  return node.arguments.map((one) => largeIn(source, one)).find((one) => one !== null) ?? null;
}

/** `app.use(express.json({ … }))`, directly or by a name: a parser for one route has the limit that somebody chose for it. */
function isForAll(source: Source, node: Call): boolean {
  const parent = source.parentOf(node);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier')
    return new RegExp(`\\.use\\(\\s*${parent.id.name}\\s*\\)`).test(source.text);
  if (parent?.type !== 'CallExpression' || memberName(unwrap(parent.callee)) !== 'use') return false;
  const [first] = parent.arguments;
  const path = first && first !== node ? stringValue(first) : '/';
  return path !== null && /^\/(api(\/v\d+)?\/?)?$/.test(path);
}

function largeIn(source: Source, options: Syntax): Words | null {
  let words: Words | null = null;
  everyOf(constantOf(source, options) ?? unwrap(options), ['Property'], (node) => {
    if (node.type !== 'Property' || !limitKeys.test(keyOf(node) ?? '')) return;
    const value = constantOf(source, node.value) ?? unwrap(node.value);
    const bytes = bytesOf(value);
    if (bytes === null || bytes <= most) return;
    const size = bytes === Number.POSITIVE_INFINITY ? 'any size' : `${Math.round(bytes / 1024 / 1024)} MB`;
    words = {
      message: `Bodies of ${size} are read into memory (${source.textOf(node)}): a few clients at once end the process.`,
      fix,
      together: 'parsers that hold too much, also where one app is mounted in another',
    };
  });
  return words;
}

/** Parsers of uploads that take files of any size where nothing is said. */
function uploadWithout(source: Source, node: Call): Words | null {
  const origin = originOf(source, node.callee);
  if (origin === null) return null;
  if (/^formidable#(default|formidable|Formidable|IncomingForm)$/.test(origin)) return formWithout(source, node);
  const isMulter = /^(multer|fastify-multer|@koa\/multer|koa-multer)#default$/.test(origin);
  if (!isMulter && !/^(express-fileupload|busboy)#default$/.test(origin)) return null;
  if (isMulter && isForFields(source, node)) return null;
  // Nobody takes what it gives back: no upload goes through it.
  if (source.parentOf(node)?.type === 'ExpressionStatement') return null;
  const [options] = node.arguments;
  const object = options ? (constantOf(source, options) ?? unwrap(options)) : null;
  if (object !== null && object.type !== 'ObjectExpression') return null;
  if (object?.properties.some((one) => one.type === 'SpreadElement' || keyOf(one) === 'limits')) return null;
  if (options?.type === 'Identifier' && new RegExp(`\\b${options.name}\\.limits\\s*=[^=]`).test(source.text))
    return null;
  const where = fate(source, origin, object);
  return {
    message: `${source.textOf(node.callee)}() takes files of any size: one large upload ${where}.`,
    fix: 'Give it limits: { fileSize, files }.',
  };
}

/** `multer().none()`, at once or by a name of which nothing else is asked: it refuses every file. */
function isForFields(source: Source, node: Call): boolean {
  const user = source.parentOf(node);
  if (user && memberName(user) === 'none') return true;
  if (user?.type !== 'VariableDeclarator' || user.id.type !== 'Identifier') return false;
  const asked = [...source.text.matchAll(new RegExp(`(?<!\\.)\\b${user.id.name}\\.(\\w+)\\(`, 'g'))];
  return asked.length > 0 && asked.every(([, name]) => name === 'none');
}

/** Formidable puts files on the disk: 200 MB at once where nothing is said, and before 1.2 any number of them. */
function formWithout(source: Source, node: Call): Words | null {
  if (/max(Total)?FileSize|fileWriteStreamHandler/.test(source.text)) return null;
  const [options] = node.arguments;
  const object = options ? (constantOf(source, options) ?? unwrap(options)) : null;
  if (object !== null && object.type !== 'ObjectExpression') return null;
  if (object?.properties.some(({ type }) => type === 'SpreadElement')) return null;
  const isOld = /^[~=v]?(0|1\.[01])\b/.test(source.project.dependencies.get('formidable') ?? '');
  return {
    message: `${source.textOf(node.callee)}() takes files of ${isOld ? 'any size' : 'up to 200 MB'}, also where only fields are read, and writes them to the disk: uploads that nobody takes away fill it.`,
    fix: 'Give it maxFileSize and maxFiles near what you expect.',
    ...(isOld ? {} : { confidence: 'hint', severity: 'info' }),
  };
}

type Options = Extract<Syntax, { type: 'ObjectExpression' }>;

/** What one large upload does, by where the parser puts it. */
function fate(source: Source, origin: string, options: Options | null): string {
  if (origin === 'busboy#default') return 'fills whatever it goes to';
  const says = (key: string): Syntax | null => {
    const own = options?.properties.find((one) => keyOf(one) === key);
    return own?.type === 'Property' ? (constantOf(source, own.value) ?? unwrap(own.value)) : null;
  };
  if (origin === 'express-fileupload#default') {
    const temporary = says('useTempFiles');
    return temporary && literal(temporary) !== false ? 'fills the disk' : inMemory;
  }
  // Without any option multer only reads fields in memory: .none() takes no files.
  const storage = says('storage');
  if (storage === null) return says('dest') ? 'fills the disk' : inMemory;
  const text = source.textOf(storage);
  if (/memoryStorage/.test(text)) return inMemory;
  return /diskStorage/.test(text) ? 'fills the disk' : 'fills whatever it goes to';
}

const inMemory = 'is held in memory and ends the process';

/** Nest's interceptors of files, where nothing is said of a size: there, or by a validator of the same file. */
function isOpenInterceptor(source: Source, node: Call): boolean {
  const origin = originOf(source, node.callee) ?? '';
  if (!/^@nestjs\/platform-express#(File|Files|AnyFiles|FileFields)Interceptor$/.test(origin)) return false;
  if (/MaxFileSize|maxSize|fileSize/.test(source.text)) return false;
  // The first argument names the field, whatever holds that name.
  if (/#(File|Files)Interceptor$/.test(origin) && node.arguments.length === 1)
    return node.arguments[0]?.type !== 'SpreadElement';
  const options = node.arguments.at(-1);
  const object = options ? (constantOf(source, options) ?? unwrap(options)) : null;
  if (object?.type === 'ObjectExpression')
    return !object.properties.some((one) => one.type === 'SpreadElement' || keyOf(one) === 'limits');
  // A name of the field, or how many: no options at all.
  return object === null || object.type === 'Literal' || object.type === 'ArrayExpression';
}

const interceptorsFate = (source: Source, node: Call): string => {
  const last = node.arguments.at(-1);
  const options = last ? (constantOf(source, last) ?? unwrap(last)) : null;
  return fate(source, 'multer#default', options?.type === 'ObjectExpression' ? options : null);
};

/** Hono: reading a form or a file without a limit before it. */
function isUnlimitedRead(source: Source, node: Call): boolean {
  if (!source.project.has('hono') || source.project.has('next')) return false;
  return /^(c|ctx|context)\.req\.(parseBody|formData|blob|arrayBuffer)$/.test(source.textOf(unwrap(node.callee)));
}
