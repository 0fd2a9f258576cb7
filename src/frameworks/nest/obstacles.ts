import type { Obstacle, Tree } from '../../model.ts';
import { type CallExpression, lineOf, propertyOf, type Syntax, stringValue } from '../../text/syntax.ts';
import { isOurs } from '../shared/ours.ts';
import type { Reach } from '../shared/reach.ts';
import { lineAt, type Source, textAt } from '../shared/source.ts';
import { decoratorCalls, isObject, memberCalls } from './names.ts';

type Row = Pick<Obstacle, 'kind' | 'message' | 'fix'>;

const parsers = /^(?:(?:express|bodyParser)\.)?(json|raw|text)\(/;
const csrf = /csurf|csrf/i;

/** What may keep a request from a controller of ours, in the files of the host's that the entry reaches. */
export function obstaclesIn(tree: Tree, reach: Reach, mount: string): Obstacle[] {
  const theirs = [...reach.sources.values()].filter(({ path }) => !isOurs(tree, path));
  return theirs.flatMap((source) => [...middlewares(source, mount), ...guards(reach, source), ...routes(source)]);
}

function at(source: Source, node: Syntax, row: Row): Obstacle {
  return { kind: row.kind, file: source.path, line: lineAt({ source, node }), message: row.message, fix: row.fix };
}

function middlewares(source: Source, mount: string): Obstacle[] {
  const calls = ['use', 'apply', 'register'].flatMap((name) => memberCalls(source, name));
  return calls.flatMap((call) => {
    const [first] = call.arguments;
    const path = first ? stringValue(first) : null;
    if (path !== null && !`${mount}/`.startsWith(`${path.replace(/\/+$/, '')}/`)) return [];
    return call.arguments.flatMap((argument) => {
      const row = middleware(textAt({ source, node: argument }));
      return row ? [at(source, call, row)] : [];
    });
  });
}

function middleware(text: string): Row | null {
  const parser = parsers.exec(text)?.[1];
  if (parser && /rawBody/.test(text))
    return {
      kind: 'body-parser',
      message: `A body parser of the host's, ${parser}(), keeps the raw bytes itself.`,
      fix: null,
    };
  if (parser)
    return {
      kind: 'body-parser',
      message: `A body parser of the host's, ${parser}(), reads the body before Nest does, so that rawBody stays empty.`,
      fix: `Replace it with app.useBodyParser('${parser}', { … }), which keeps the raw bytes.`,
    };
  if (csrf.test(text))
    return {
      kind: 'csrf',
      message: 'CSRF protection refuses a POST that carries no token.',
      fix: 'Exempt the path of the webhooks from it.',
    };
  return null;
}

function guards(reach: Reach, source: Source): Obstacle[] {
  const global = memberCalls(source, 'useGlobalGuards').map((call) => guardAt(reach, source, call, call.arguments));
  const provided = (source.identifiers.get('APP_GUARD') ?? []).flatMap((node) => {
    const object = objectAround(source, node);
    if (!isObject(object)) return [];
    const given =
      propertyOf(object, 'useClass') ?? propertyOf(object, 'useExisting') ?? propertyOf(object, 'useFactory');
    return [guardAt(reach, source, object, given ? [given] : [])];
  });
  return [...global, ...provided];
}

function objectAround(source: Source, node: Syntax): Syntax | undefined {
  const property = source.parents.get(node);
  return property?.type === 'Property' && property.value === node ? source.parents.get(property) : undefined;
}

function guardAt(reach: Reach, source: Source, node: Syntax, given: readonly Syntax[]): Obstacle {
  const names =
    given.map((one) => /\w*Guard\b/.exec(textAt({ source, node: one }))?.[0] ?? 'guard').join(', ') || 'guard';
  if (/Throttler/.test(names))
    return at(source, node, {
      kind: 'guard',
      message: `${names} limits the rate of every route, so that a burst of deliveries may be answered with 429.`,
      fix: 'Put @SkipThrottle() on the webhook controller.',
    });
  const open = publicDecorator(reach);
  return at(source, node, {
    kind: 'guard',
    message: `A global guard (${names}) runs before every route and may refuse a request without the host's own credentials.`,
    fix: open
      ? `Put @${open}() on the webhook controller.`
      : 'Let the guard pass the webhook controller, for example by a decorator that it looks for.',
  });
}

/** The host's decorator that opens a route ('Public'), where it has one by a usual name. */
function publicDecorator(reach: Reach): string | null {
  for (const source of reach.sources.values())
    for (const call of [...(source.identifiers.get('SetMetadata') ?? [])]) {
      const text = source.text.slice(0, call.start);
      const name = /(?:const|function)\s+(\w+)[^;]{0,80}$/.exec(text)?.[1];
      if (name && /public|skip|open|anonymous|noauth/i.test(name)) return name;
    }
  return null;
}

function routes(source: Source): Obstacle[] {
  const paths = (names: readonly string[]) =>
    names.flatMap((name) =>
      decoratorCalls(source, name).flatMap((call) => pathsOf(call).map((path) => ({ call, path }))),
    );
  const open = paths(['All', 'Post', 'Controller']).filter(({ path }) =>
    /^\/?\{?\/?\*\w*\}?$|^\/?\(\.\*\)$/.test(path),
  );
  const hooks = paths(['Controller', 'Post']).filter(({ path }) => /hook/i.test(path));
  return [
    ...open.map(({ call, path }) =>
      at(source, call, {
        kind: 'catch-all',
        message: `A route for every path ('${path}') may answer before the webhook controller does.`,
        fix: 'Import the webhook module before the module that declares it.',
      }),
    ),
    ...hooks.slice(0, 1).map(({ call, path }) =>
      at(source, call, {
        kind: 'existing-webhook',
        message: `A controller already receives webhooks at '${path}'${providerIn(source.text)}.`,
        fix: 'Keep it, and register ours under another path; or move its work to our handlers first.',
      }),
    ),
  ];
}

function pathsOf(call: CallExpression): string[] {
  const [first] = call.arguments;
  if (!first) return [];
  const given = isObject(first) ? propertyOf(first, 'path') : first;
  const list = given?.type === 'ArrayExpression' ? given.elements : [given];
  return list.flatMap((one) => (one ? (stringValue(one) ?? []) : []));
}

/** ' (stripe)' where a text speaks of a provider that we know. */
function providerIn(text: string): string {
  const name = /stripe|github|svix|clerk|resend|openai|replicate|supabase/i.exec(text)?.[0].toLowerCase();
  return name ? ` (${name})` : '';
}

/** Files that make an app of their own, without raw bodies: end-to-end tests and other entries. */
export function otherApps(tree: Tree, reach: Reach, entry: string): Obstacle[] {
  const folders = [
    'test',
    'tests',
    'e2e',
    'test/e2e',
    entry.includes('/') ? entry.slice(0, entry.lastIndexOf('/')) : '',
  ];
  const files = [...new Set(folders)].flatMap((folder) =>
    tree.list(folder).map((name) => (folder === '' ? name : `${folder}/${name}`)),
  );
  return files.flatMap((file) => {
    const text = /\.[cm]?[jt]s$/.test(file) && !reach.sources.has(file) ? tree.read(file) : null;
    const found = text === null ? null : /\bcreateNestApplication\b|\bNestFactory\s*\.\s*create\b/.exec(text);
    if (!text || !found || /rawBody/.test(text)) return [];
    const isTest = found[0] === 'createNestApplication';
    const message = isTest
      ? 'This test creates an app of its own, without raw bodies: a webhook that it posts is refused.'
      : 'This file creates the app on its own, without raw bodies: a webhook that it receives is refused.';
    const fix = isTest
      ? 'Call createNestApplication({ rawBody: true }) in it.'
      : 'Give its NestFactory.create { rawBody: true } too.';
    return [{ kind: 'other' as const, file, line: lineOf(text, found.index), message, fix }];
  });
}
