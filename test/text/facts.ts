import type { Program } from 'oxc-parser';
import { dotted, keyOf, literal, requiredBy, type Syntax, walk } from '../../src/text/syntax.ts';

/** A decorated parameter may start at its decorator or at its name; nothing of ours asks. */
const startOf = (node: Syntax) =>
  'decorators' in node && node.type === 'Identifier' && node.decorators?.length ? '' : node.start;

/** What our code reads of a tree: per node its type, place, names and values. */
export function facts(program: Program): string[] {
  const found: string[] = [];
  walk(program, (node, parents) => {
    if (node.type.startsWith('TS') && !/^TS(As|NonNull|Satisfies|External|Import|Export|Parameter)/.test(node.type))
      return 'skip';
    const name = dotted(node) ?? requiredBy(node) ?? keyOf(node) ?? literal(node);
    if (parents.length > 0) found.push(`${parents.length} ${node.type} ${startOf(node)}-${node.end} ${String(name)}`);
    return undefined;
  });
  return found;
}
