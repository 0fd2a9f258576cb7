import type { Syntax } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { everyNode, type Source } from '../code/source.ts';

/** The variables of the environment, or the address, that a client is given; Prisma's own where it is given none. */
export function databaseOf(
  source: Source,
  node: Extract<Syntax, { type: 'NewExpression' | 'CallExpression' }>,
): string {
  const texts = node.arguments.map((one) => source.textOf(one));
  for (const argument of node.arguments)
    everyNode(argument, (one) => {
      const value = one.type === 'Identifier' ? constantOf(source, one) : null;
      if (value) texts.push(source.textOf(value));
    });
  const named = [
    ...texts
      .join('\n')
      .matchAll(
        /\benv(?:\.|\[['"])(\w*(?:URL|URI|DATABASE|DB|DSN|CONNECTION|REPLICA)\w*)|(['"`])(\w+:\/\/[^'"`]+)\2/gi,
      ),
  ].map(([, variable, , address]) => variable ?? address ?? '');
  return named.length === 0 ? 'DATABASE_URL' : [...new Set(named)].toSorted().join();
}
