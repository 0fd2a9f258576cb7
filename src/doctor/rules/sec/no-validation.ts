import type { Syntax } from '../../../text/syntax.ts';
import { ownName } from '../../code/callers.ts';
import { definitionBeyond } from '../../code/definition.ts';
import type { Place } from '../../code/exports.ts';
import { bound } from '../../code/names.ts';
import { everyNode, everyOf, functionAround, type FunctionSyntax, isFunction, type Source } from '../../code/source.ts';
import { asksByHand } from '../../flow/asked.ts';
import { isBody, isJson } from '../../flow/body.ts';
import { isOfClass } from '../../flow/body-class.ts';
import { dependedOn } from '../../flow/depended.ts';
import { decoratorsOn } from '../../flow/parameters.ts';
import { roleAt } from '../../flow/request.ts';
import { isCheckedByModel, isRefusedByModel } from '../../queries/model-checks.ts';
import { isGuardedRoute } from '../../routes/guarded.ts';
import { isRouted, isValidated, routesAround } from '../../routes/handlers.ts';
import { isForInsiders } from '../../routes/insiders.ts';
import { isHandler, rolesOf } from '../../routes/roles.ts';
import { routesOf } from '../../routes/routes.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { atNode } from '../../spot.ts';

/** A handler that checks nothing; Nest: a body of a class in a controller; or that the project has a pipe that checks such. */
type Note =
  | { unchecked: Extract<Spot, { start: number }>; message: string; isHint: boolean }
  | { body: Extract<Spot, { start: number }>; isOfClass: boolean }
  | 'pipes';

/** In more files than that it is a habit: one word for all. */
const mostFiles = 5;

/** What checks requests for the whole app. */
const whole = [
  'express-openapi-validator',
  'tsoa',
  'routing-controllers',
  '@ts-rest/core',
  '@ts-rest/express',
  'express-zod-api',
  'oas3-tools',
  '@feathersjs/feathers',
  '@tsed/common',
];
/** Words of a check, of a schema or by hand. */
const checking =
  /(?<!JSON)\.(parse|safeParse|parseAsync|safeParseAsync|validate\w*|cast|decode|assert|Check|Parse)\(|valid|schema|sanitiz|typeof|\bis[A-Z]\w+\(|\bassert|\bguard|\bcheck\w*\(|instanceof|pick\(|constructEvent|verify/i;

export const noValidation = defineRule<Note>({
  id: 'sec/no-validation',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A handler works with a body that nothing has checked.',
  why: 'A type annotation checks nothing when the program runs: a field may be missing, a list, an object, or ten megabytes long. What comes of it is a crash in the best case (`undefined.trim`), and wrong rows, operators in filters and stored scripts in the others. Check each body against a schema where it comes in (zod, valibot, TypeBox, class-validator, the schema of a Fastify route), and use what the schema gives back.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 5.3,
  applies: (project) => !whole.some((one) => project.has(one)),
  mentions: /\bbody\b|\.json\(\)|@Body|ValidationPipe/,
  file(source, _tell, note) {
    if (/ValidationPipe|ZodPipe|createZodDto/.test(source.text)) note('pipes');
    const unchecked: FunctionSyntax[] = [];
    const look = (node: FunctionSyntax): void => {
      const isNest = nestBody(source, node);
      if (isNest)
        note({
          body: atNode(source, isNest),
          isOfClass: isOfClass(source, isNest),
        });
      else if (isHandler(source, node) && readsBody(source, node) && answers(source, node) && !isChecked(source, node))
        unchecked.push(node);
    };
    everyOf(source.program, ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'], (node) => {
      if (isFunction(node)) look(node);
    });
    for (const handler of unchecked) {
      const taker = dependedOn(source, handler);
      const what = taker
        ? `gives what the client sends to ${calledBy(taker)} without any check of its fields: a missing field, a list or an object instead of a text goes in as well.`
        : 'uses what the client sends without any check of its fields: a missing field, a list or an object instead of a text goes on to whatever comes next.';
      note({
        unchecked: atNode(source, readsBody(source, handler) ?? handler),
        message: `${nameOf(source, handler)} ${what}`,
        // What cannot be read from here may check; behind a sign-in most often only one's own rows are at stake.
        isHint:
          taker === null ||
          isForInsiders(source, handler) ||
          isForKnown(source, handler) ||
          isRefusedByModel(source, handler),
      });
    }
    return {};
  },
  project(project, tell, notes) {
    for (const isHint of [false, true]) {
      const all = notes.flatMap(({ note }) =>
        typeof note === 'object' && 'unchecked' in note && note.isHint === isHint ? [note] : [],
      );
      const isHabit = new Set(all.map(({ unchecked }) => unchecked.path)).size > mostFiles;
      for (const { unchecked, message } of all)
        tell(unchecked, {
          message,
          fix: 'Check the body against a schema where the request comes in, and use what the schema gives back.',
          together: isHabit ? 'habit' : unchecked.path,
          ...(isHint ? { confidence: 'hint' as const } : {}),
        });
    }
    if (!project.has('@nestjs/core') || notes.some(({ note }) => note === 'pipes')) return;
    const all = notes.flatMap(({ note }) => (typeof note === 'object' && 'body' in note ? [note] : []));
    const ofClasses = all.filter((one) => one.isOfClass);
    const bodies = ofClasses.length > 0 ? ofClasses : all;
    const [first] = bodies;
    if (!first) return;
    const count = bodies.length === 1 ? 'body' : `${bodies.length} bodies`;
    const words =
      ofClasses.length > 0
        ? `the decorators of the ${count} check nothing`
        : `nothing looks at the fields of the ${count}`;
    const pipe = 'app.useGlobalPipes(new ValidationPipe({ whitelist: true })) in main.ts';
    tell(first.body, {
      message: `No ValidationPipe is used anywhere: ${words}, and every field reaches the service as it was sent.`,
      // A pipe alone checks nothing where no class says what to check; a schema may stand in the service.
      ...(ofClasses.length > 0
        ? { fix: `${pipe}.` }
        : {
            fix: `Give the body a class with decorators of class-validator, and ${pipe}.`,
            confidence: 'hint' as const,
          }),
    });
  },
});

const calledBy = ({ source, node }: Place): string => {
  const text = source.textOf('callee' in node ? node.callee : node).replace(/\s+/g, '');
  return node.type === 'CallExpression' ? `${text.length > 50 ? `…${text.slice(-50)}` : text}()` : 'a query';
};

/** Nest: the parameter that takes the body, where the method does not give it to a schema itself. */
function nestBody(source: Source, node: FunctionSyntax): Syntax | null {
  if (!source.project.has('@nestjs/core')) return null;
  const body = node.params.find((one) => /@Body\(\s*\)/.test(decoratorsOn(source, one)));
  const name = body && bound(body)[0]?.name;
  const text = node.body ? source.textOf(node.body) : '';
  const isParsed =
    name && new RegExp(`\\.(safe)?([pP]arse|[vV]alidate|[dD]ecode|[aA]ssert)(Async|Sync)?\\(\\s*${name}\\b`).test(text);
  return isParsed ? null : (body ?? null);
}

/** True for what answers a request itself: a route's handler, or what works with the response. */
function answers(source: Source, fn: FunctionSyntax): boolean {
  const roles = rolesOf(source, fn);
  const response = fn.params.find((_, index) => roles[index] === 'response');
  const name = response && bound(response)[0]?.name;
  if (name && fn.body && new RegExp(`\\b${name}\\b`).test(source.textOf(fn.body))) return true;
  return routesOf(source).some(({ handler }) => handler === fn) || isRouted(source, fn);
}

/** Where a handler reads a field of the body, or passes the body on; null where it does not. */
function readsBody(source: Source, fn: FunctionSyntax): Syntax | null {
  if (source.project.has('@nestjs/core') || /from ['"]@nestjs\//.test(source.text)) return null;
  const roles = rolesOf(source, fn);
  const pattern = fn.params.find(
    (one, index) => roles[index] === 'request' && bound(one).some(({ path }) => path[0] === 'body'),
  );
  if (pattern) return pattern;
  let found: Syntax | null = null;
  everyNode(fn.body ?? fn, (node) => {
    if (found) return;
    const isRead =
      (node.type === 'MemberExpression' && isBody(source, node) && isTakenApart(source, node)) ||
      (node.type === 'CallExpression' && isJson(source, node) && isTakenApart(source, node)) ||
      (node.type === 'VariableDeclarator' && isTaken(source, node));
    if (isRead && functionAround(source, node) === fn) found = node;
  });
  return found;
}

/** `req.body.name`, `const body = req.body`: what is handed on as a whole may be checked there. */
function isTakenApart(source: Source, node: Syntax): boolean {
  const parent = source.parentOf(node);
  if (!parent) return false;
  if (
    /^(AwaitExpression|TSAsExpression|ParenthesizedExpression|TSNonNullExpression|ChainExpression)$/.test(parent.type)
  )
    return isTakenApart(source, parent);
  return (parent.type === 'MemberExpression' && parent.object === node) || parent.type === 'VariableDeclarator';
}

/** `const { body } = req` */
const isTaken = (source: Source, { id, init }: Extract<Syntax, { type: 'VariableDeclarator' }>): boolean =>
  init !== null && roleAt(source, init) === 'request' && bound(id).some(({ path }) => path[0] === 'body');

/** True where the handler, its route or a function that it calls with the body checks it, or asks for its fields by hand. */
function isChecked(source: Source, fn: FunctionSyntax): boolean {
  const text = source.textOf(fn);
  if (checking.test(text) || isValidated(source, fn) || isWrapped(source, fn) || asksByHand(source, fn)) return true;
  // What an unverified sender may do is told of by another rule.
  if (/webhook/i.test(nameOf(source, fn)) || isCheckedByModel(source, fn)) return true;
  let checked = false;
  everyOf(fn, ['CallExpression'], (node) => {
    if (checked || node.type !== 'CallExpression' || node.arguments.length === 0) return;
    const place = definitionBeyond(source, node.callee);
    if (place) checked = checking.test(place.source.textOf(place.node));
  });
  return checked;
}

/** `withSchema(schema, handler)`: what wraps the handler may check. */
function isWrapped(source: Source, fn: FunctionSyntax): boolean {
  for (const parent of source.above(fn)) {
    if (parent.type !== 'CallExpression') continue;
    if (/valid|schema|zod|action|procedure|middy|celebrate/i.test(source.textOf(parent.callee))) return true;
    if (
      parent.arguments.some(
        (one) => one !== fn && !isFunction(one) && /valid|schema|zod|\bz\.|joi|celebrate/i.test(source.textOf(one)),
      )
    )
      return true;
  }
  return false;
}

/** True for a handler whose every route asks who is there. */
function isForKnown(source: Source, handler: FunctionSyntax): boolean {
  const routes = routesAround(source, handler.body ?? handler);
  return routes.length > 0 && routes.every(({ source: from, route }) => isGuardedRoute(from, route));
}

function nameOf(source: Source, fn: FunctionSyntax): string {
  const own = ownName(fn);
  if (own !== null) return `${own}()`;
  const parent = source.parentOf(fn);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return `${parent.id.name}()`;
  if (parent?.type === 'AssignmentExpression') return `${source.textOf(parent.left)}()`;
  if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression') {
    const [path] = parent.arguments;
    if (path && path.type === 'Literal') return `The handler of ${String(path.value)}`;
  }
  return parent && 'key' in parent && parent.key && 'name' in parent.key
    ? `${String(parent.key.name)}()`
    : 'This handler';
}
