import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { isDeployed, platforms } from '../../files/platforms.ts';
import { isRouterOrigin } from '../../routes/routes.ts';
import { defineRule } from '../../rule.ts';

const loopback = /^(127\.0\.0\.1|localhost|::1)$/;

export const listenLocalhost = defineRule({
  id: 'ops/listen-localhost',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'The server listens where nobody outside of its container can reach it.',
  why: 'On `127.0.0.1` a server answers its own machine only. In a container that is the container: the platform’s proxy gets no connection, and the deployment fails its health checks. Listen on `0.0.0.0` (Fastify listens on localhost where nothing is said), on the port that the platform gives in `PORT`.',
  remedy: 'words',
  mentions: /\blisten\b|\bserve\b/,
  applies: isDeployed,
  file: (source, tell) => ({
    CallExpression(node) {
      const callee = unwrap(node.callee);
      if (
        callee.type !== 'MemberExpression' ||
        callee.property.type !== 'Identifier' ||
        callee.property.name !== 'listen'
      )
        return;
      const owner = originOf(source, callee.object);
      const isNest = owner?.startsWith('@nestjs/core#NestFactory.create') === true;
      if (!isNest && !isRouterOrigin(owner) && !/^https?#createServer\(\)/.test(owner ?? '')) return;
      const isFastify = owner?.startsWith('fastify#') === true;
      const [port, host] = addressOf(source, node.arguments, isFastify);
      if (host !== null && loopback.test(host))
        tell(node, {
          message: `This listens on ${host}: in its container nobody else can reach it.`,
          fix: "Listen on '0.0.0.0'.",
        });
      else if (host === null && isFastify && port !== 'unknown')
        tell(node, {
          message: `${
            saysAddress(source, node.arguments[0]) ? 'Fastify has no option address, and' : 'Fastify'
          } listens on localhost where no host is said: in its container nobody else can reach it.`,
          fix: "Say host: '0.0.0.0'.",
        });
      if (port === 'fixed' && platforms.some((path) => source.project.tree.has(path)))
        tell(node, {
          message: 'This port is written here, and the platform gives one in PORT.',
          fix: 'Listen on Number(process.env.PORT ?? 3000).',
          severity: 'warning',
        });
    },
  }),
});

/** `listen({ port, address })`: by that name Fastify has none. */
function saysAddress(source: Source, given: Syntax | undefined): boolean {
  const options = given && (constantOf(source, given) ?? unwrap(given));
  return (
    options?.type === 'ObjectExpression' &&
    options.properties.some(
      (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === 'address',
    )
  );
}

/** Whether the port is written there, and the host, as far as they can be told. */
function addressOf(
  source: Source,
  given: readonly Syntax[],
  isFastify: boolean,
): ['fixed' | 'open' | 'unknown', string | null] {
  const [first, second] = given.map((one) => constantOf(source, one) ?? unwrap(one));
  if (!first) return ['unknown', null];
  if (first.type === 'ObjectExpression') {
    if (first.properties.some(({ type }) => type === 'SpreadElement')) return ['unknown', null];
    const value = (key: string): Syntax | null => {
      const property = first.properties.find(
        (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === key,
      );
      return property?.type === 'Property' ? unwrap(property.value) : null;
    };
    const [port, host] = [value('port'), value('host')];
    return [port === null ? 'unknown' : isFixed(port), host === null ? null : (text(source, host) ?? 'given')];
  }
  if (second && (second.type === 'ArrowFunctionExpression' || second.type === 'FunctionExpression'))
    return [isFixed(first), null];
  if (second) return [isFixed(first), text(source, second) ?? 'given'];
  return isFastify && first.type !== 'Literal' ? ['unknown', null] : [isFixed(first), null];
}

const text = (source: Source, node: Syntax): string | null => stringValue(constantOf(source, node) ?? node);

const isFixed = (node: Syntax): 'fixed' | 'open' =>
  node.type === 'Literal' && Number(node.value) > 0 ? 'fixed' : 'open';
