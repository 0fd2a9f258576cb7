import { asObject, asString } from '../../../detect/json.ts';
import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { definitionBeyond } from '../../code/definition.ts';
import { constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { runsAsServer } from '../../code/serverless.ts';
import { isFunction, type Source } from '../../code/source.ts';
import { isDeployedAround, isKeptRunning, isStartedBehind, startedOf } from '../../files/platforms.ts';
import { returnedBy } from '../../flow/parameters.ts';
import type { Project } from '../../project.ts';
import { isProbe, routesOf } from '../../routes/routes.ts';
import { defineRule } from '../../rule.ts';

/** What listens, and where; or that the project ends its servers somewhere. */
type Note = { listens: { path: string; start: number; end: number } } | 'ends';

const listening =
  /^(express|fastify|koa|polka|restify|http2?|https)#\w+\(\)(\.\w+\(\))*\.listen$|^@hono\/node-server#serve$|^#Bun\.serve$|^@nestjs\/core#NestFactory\.create\(\)\.listen$/;
/** Libraries that do it, and Nest's own. */
const enders =
  /\.enableShutdownHooks\s*\(|['"](@godaddy\/terminus|http-terminator|close-with-grace|stoppable|lightship|@fastify\/\w*graceful\w*|[\w-]*graceful-?(shutdown|exit|stop)[\w-]*)['"]/;

export const gracefulShutdown = defineRule<Note>({
  id: 'ops/graceful-shutdown',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The server stops without ending the requests that it has begun.',
  why: 'Every deployment ends the old process with SIGTERM. A process that does not handle it is gone at once: requests that it was answering fail, jobs stop half way, connections stay open on the database. Handle SIGTERM: stop accepting, let the running requests end within a limit of time, close the pools, exit.',
  remedy: { skill: 'health' },
  mentions: /\blisten\b|\bserve\b|SIGTERM|enableShutdownHooks|terminus|terminator|grace|stoppable|lightship/,
  where: 'all',
  // A program of the command line, or of a desktop, may listen as long as somebody sits before it.
  applies: (project) =>
    !project.has('electron') &&
    (runsAsServer(project) || project.profile.runtime.value === 'bun') &&
    (project.profile.framework.value !== null || project.manifest.bin === undefined),
  file(source, _tell, note) {
    if (/SIGTERM/.test(source.text) || enders.test(source.text)) note('ends');
    if (source.kind !== 'app' || answersProbesAlone(source)) return {};
    return {
      CallExpression(node) {
        const origin = originOf(source, node.callee);
        const isListening = (origin !== null && listening.test(origin)) || isOfMade(source, node.callee);
        // One that passes its arguments on is a library's.
        const isPassed = node.arguments.some(({ type }) => type === 'SpreadElement');
        if (isListening && !isPassed && !isInner(source, node.arguments))
          note({ listens: { path: source.path, start: node.start, end: node.end } });
      },
    };
  },
  project(project, tell, notes) {
    if (notes.some(({ note }) => note === 'ends')) return;
    const first = startedOf(
      project,
      notes.flatMap(({ note }) => (note === 'ends' ? [] : [note.listens])),
    );
    const isNest = project.has('@nestjs/core');
    if (first)
      tell(first, {
        message:
          'This process listens and nothing of the project handles SIGTERM: each deployment cuts off the requests that are being answered.',
        fix: isNest
          ? 'Call app.enableShutdownHooks() before listen, and close what is open in onApplicationShutdown.'
          : 'On SIGTERM close the server, wait for the running requests within a limit of time, close the pools and exit.',
        // What a script starts behind it gets no signal of its own.
        ...(isRun(project) && !standsIn(project, first) && !isStartedBehind(project, first.path)
          ? {}
          : { confidence: 'hint' }),
      });
  },
});

/** `app.listen` of what a function of the project makes and gives back: `const app = createApp()`. */
function isOfMade(source: Source, callee: Syntax): boolean {
  if (callee.type !== 'MemberExpression' || source.textOf(callee.property) !== 'listen') return false;
  const value = unwrap(constantOf(source, callee.object) ?? callee.object);
  const call = value.type === 'AwaitExpression' ? unwrap(value.argument) : value;
  const place = call.type === 'CallExpression' ? definitionBeyond(source, call.callee) : null;
  if (!place || !isFunction(place.node)) return false;
  return returnedBy(place.node).some((one) => listening.test(`${originOf(place.source, one)}.listen`));
}

/**
 * False where a project shows no way to run but by hand: a script that watches its files or is for development, or none, and nothing that
 * deploys; or what deploys the folders around it does not name it.
 */
function isRun(project: Project): boolean {
  if (isKeptRunning(project)) return true;
  const start = asString(asObject(project.manifest.scripts)?.start);
  const isByHand =
    start === null || /\b(nodemon|ts-node-dev|vite|tsx watch)\b|--watch\b|\bNODE_ENV=(development|test)\b/.test(start);
  return !isByHand && isDeployedAround(project) !== false;
}

/** True for a server that stands in for another's while something is tested, by a folder that says so. */
const standsIn = ({ around }: Project, { path }: { path: string }): boolean =>
  /(^|[/_-])(tests?|mocks?|fakes?|stubs?)([_-][^/]*)?\//.test(around === null ? path : `${around.folder}/${path}`);

/** True for a little server beside a program, which says that the program is up: there is nothing to cut off. */
function answersProbesAlone(source: Source): boolean {
  const routes = routesOf(source);
  return (
    routes.length > 0 && !/\.use\(/.test(source.text) && routes.every(({ path }) => path !== null && isProbe(path))
  );
}

/** True for a server that only its own machine reaches, on the next free port: a part of the program. */
const isInner = (source: Source, given: readonly Syntax[]): boolean => {
  const [first] = given;
  if (first?.type === 'Literal' && first.value === 0) return true;
  const port = first?.type === 'ObjectExpression' ? source.textOf(first) : '';
  return /\bport:\s*0\b/.test(port);
};
