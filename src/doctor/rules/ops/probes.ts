import type { Syntax } from '../../../text/syntax.ts';
import { originOf } from '../../code/origin.ts';
import { everyNode, isFunction, type Source } from '../../code/source.ts';
import { askerOf, waitsForOthers } from '../../files/asking.ts';
import { type Container, containersOf, questionOf } from '../../files/containers.ts';
import { dockerfiles } from '../../files/dockerfile.ts';
import { startedOf } from '../../files/platforms.ts';
import type { YamlValue } from '../../files/yaml.ts';
import { isProbe, isRouterOrigin, type Route, routesOf } from '../../routes/routes.ts';
import { defineRule, type Tell } from '../../rule.ts';

/** There is a route for probes, and which, where it is seen; or where the project listens. */
type Note =
  | { health: true; route?: string; asks?: boolean }
  | { listens: { path: string; start: number; end: number } };

export const probes = defineRule<Note>({
  id: 'ops/probes',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The platform cannot tell a server that works from one that does not.',
  why: 'A platform sends requests to a server as soon as it runs, and leaves a hanging one where it is, unless it can ask. Readiness says whether requests may come (the pool is open, migrations are done), liveness only whether the process is stuck: it must not ask the database, or a slow database restarts every server at once.',
  remedy: { skill: 'health' },
  mentions:
    /\.(get|all|use|route|listen|register)\b|@Get\b|terminus|lightship|health|under-pressure|actuator|export (async )?(function|const) GET/,
  file: (source, _tell, note) => ({
    Program() {
      if (
        /@nestjs\/terminus|@godaddy\/terminus|lightship|express-healthcheck|fastify-healthcheck|@fastify\/under-pressure|express-actuator/.test(
          source.text,
        )
      )
        note({ health: true });
      // Apollo's servers up to version 3 bring a route of their own.
      if (
        /['"]apollo-server(-(express|koa|fastify|hapi))?['"]/.test(source.text) &&
        !/disableHealthCheck/.test(source.text)
      )
        note({ health: true });
      for (const route of routesOf(source)) {
        const { path, node } = route;
        if (path !== null && (isProbe(path) || saysItWorks(source, path, node)))
          note({ health: true, route: path, asks: asksOthers(route) });
      }
      if (
        /['"`]\/(?:[\w-]+\/)*(?:[\w-]*(?:health|heartbeat|liveness|readiness|livez|readyz)[\w-]*|ready|ping)\/?['"`]/i.test(
          source.text,
        )
      )
        note({ health: true });
    },
    CallExpression(node) {
      if (
        node.callee.type !== 'MemberExpression' ||
        node.callee.property.type !== 'Identifier' ||
        node.callee.property.name !== 'listen'
      )
        return;
      if (
        isRouterOrigin(originOf(source, node.callee.object)) ||
        originOf(source, node.callee.object)?.startsWith('@nestjs/core#NestFactory.create') === true
      )
        note({ listens: { path: source.path, start: node.start, end: node.end } });
    },
  }),
  project(project, tell, notes) {
    const containers = containersOf(project);
    const asking = new Set(
      notes.flatMap(({ note }) => ('health' in note && note.asks && note.route ? [pathOf(note.route)] : [])),
    );
    for (const container of containers) checkContainer(container, asking, tell);
    if (notes.some(({ note }) => 'health' in note)) return;
    // An image may bring its own question.
    if (dockerfiles(project).some(({ text }) => /^\s*HEALTHCHECK\s+(?!NONE)/m.test(text))) return;
    const first = startedOf(
      project,
      notes.flatMap(({ note }) => ('listens' in note ? [note.listens] : [])),
    );
    const asker = containers.length > 0 ? 'could' : askerOf(project);
    if (first && asker !== 'asks')
      tell(first, {
        // Where nothing says that somebody could ask, nobody may; and a server that needs nobody works as soon as it listens.
        ...(asker === 'could' && waitsForOthers(project) ? {} : { confidence: 'hint' }),
        message:
          'This server has no route that says whether it works: a platform can neither wait for it nor replace it when it hangs.',
        fix: 'Add a readiness route that asks what the server needs, and a liveness route that asks nothing.',
      });
  },
});

/** `GET /` that answers `{ healthy: true }`, or says of itself that it is for that. */
function saysItWorks(source: Source, path: string, node: Syntax): boolean {
  if (!/^\/?$/.test(path)) return false;
  const text = source.textOf(node);
  return working.test(text) || (written.test(text) && !/\bawait\b|\breq(uest)?\./.test(text));
}

const working = /\b(healthy|health\W{1,3}check|alive|uptime)\b|\bstatus['"]?\s*:\s*['"](ok|up|healthy)\b/i;
/** An answer that is always the same: a text, or an object of texts. */
const written = /\.(json|send|end|text)\(\s*(\{[^{}()$]*['"`][^{}()$]*\}|['"`][^'"`$]*['"`])\s*\)/;

/** A path as it is compared: `/health` for `health/`. */
const pathOf = (written: string): string => `/${written.replace(/^\/+|\/+$/g, '')}`;

/** True for a handler that stands there and calls what it is not given itself: a database, a service. */
function asksOthers({ handler, node }: Route): boolean {
  const own = handler ?? (node.type === 'MethodDefinition' ? node.value : null);
  if (own === null || !isFunction(own)) return false;
  let asks = false;
  const given = new Set(own.params.flatMap((param) => (param.type === 'Identifier' ? [param.name] : [])));
  everyNode(own, (one) => {
    if (one.type === 'CallExpression') {
      const root = rootOf(one.callee);
      asks ||= root === null || !(given.has(root) || plain.test(root));
    }
  });
  return asks;
}

/** The name that a chain of calls and members starts with. */
function rootOf(node: Syntax): string | null {
  if (node.type === 'MemberExpression') return rootOf(node.object);
  if (node.type === 'CallExpression') return rootOf(node.callee);
  return node.type === 'Identifier' ? node.name : node.type === 'ThisExpression' ? 'this' : null;
}

/** What knows nothing of others: the answer itself, the process, the clock. */
const plain = /^(res|response|reply|c|ctx|Date|JSON|Math|Number|String|process|os|Response|NextResponse)$/;

function checkContainer(container: Container, asking: ReadonlySet<string>, tell: Tell): void {
  const [ready, live] = ['readinessProbe', 'livenessProbe'].map((key) => container.value.get(key));
  const question = questionOf(container);
  if (!ready) {
    tell(container.value.spot, {
      ...(question === null
        ? {
            message: `${container.name} has no readinessProbe: requests come before it can answer them.`,
            fix: 'Add a readinessProbe on a route that asks what the server needs.',
          }
        : {
            message: `${container.name} has no readinessProbe: what waits for it goes on before it can answer.`,
            fix: `Add a readinessProbe that runs a command (exec): ${question}.`,
          }),
      // What is built elsewhere may answer as soon as it runs; and for a database beside a program that program alone waits.
      confidence:
        (question === null ? container.isOwn : !container.isBeside) && !container.isForTrial ? 'certain' : 'hint',
      together: question ?? '',
    });
    return;
  }
  const path = (probe: YamlValue | null | undefined): string | null => probe?.get('httpGet', 'path')?.text() ?? null;
  const asked = path(live);
  if (live && asked !== null && asked === path(ready) && !/live/i.test(asked)) {
    const isSeen = [...asking].some((route) => pathOf(asked).endsWith(route));
    tell(live.spot, {
      message: `${container.name} asks ${asked} for both: where it asks the database, a slow database restarts every server.`,
      fix: 'Give liveness a route of its own that asks nothing.',
      // A route that is not seen to ask may be one for liveness already.
      ...(container.isOwn && !container.isForTrial && isSeen ? {} : { confidence: 'hint' }),
    });
  }
}
