import type { Syntax } from '../../text/syntax.ts';
import { functionName } from '../code/background.ts';
import { objectAt, option, type Written } from '../code/objects.ts';
import { functionAround, type Source } from '../code/source.ts';

/** What a server of GraphQL says of other origins: `createGqlOptions() { return { cors: { … } } }` of Nest, `server.applyMiddleware({ app, cors: { … } })` of Apollo. */
export function graphqlsCors(
  source: Source,
  node: Extract<Syntax, { type: 'ReturnStatement' | 'CallExpression' | 'NewExpression' }>,
): Written | null {
  const given = node.type === 'ReturnStatement' ? factorys(source, node.argument) : applied(source, node.arguments[0]);
  return given && objectAt(given.source, option(given, 'cors'));
}

function factorys(source: Source, returned: Syntax | null): Written | null {
  if (returned === null || !/\bGqlOptionsFactory\b/.test(source.text)) return null;
  const around = functionAround(source, returned);
  return around !== null && functionName(source, around) === 'createGqlOptions' ? objectAt(source, returned) : null;
}

const applied = (source: Source, first: Syntax | undefined): Written | null =>
  /apollo-server/.test(source.text) ? objectAt(source, first) : null;
