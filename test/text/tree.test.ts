import { describe, expect, test } from 'vitest';
import { isCall, parse, type Syntax } from '../../src/text/syntax.ts';
import { everyNode, everyOf, parentsIn } from '../../src/text/tree.ts';

const program = (text: string) => {
  const tree = parse(text, 'a.ts');
  if (tree === null) throw new Error('It does not parse.');
  return tree;
};
const kinds = (root: Syntax): string[] => {
  const found: string[] = [];
  everyNode(root, (node, parent) => found.push(`${parent?.type ?? '-'}>${node.type}`));
  return found;
};

describe('the nodes of a file', () => {
  test('come with their parents, outermost first', () => {
    expect(kinds(program('run(one);'))).toEqual([
      '->Program',
      'Program>ExpressionStatement',
      'ExpressionStatement>CallExpression',
      'CallExpression>Identifier',
      'CallExpression>Identifier',
    ]);
  });

  test('are the same below a node, whether its file was walked before or not', () => {
    const text = 'first(); second(() => { third(1); });';
    const [fresh, walked] = [program(`${text} `), program(text)];
    kinds(walked);
    const last = (tree: ReturnType<typeof program>): Syntax => tree.body.at(-1) ?? tree;
    expect(kinds(last(fresh))).toEqual(kinds(last(walked)));
    expect(kinds(last(fresh))[0]).toBe('->ExpressionStatement');
    expect(kinds(fresh)).toEqual(kinds(walked));
  });

  test('of one kind are found below a node alone', () => {
    const tree = program('first(); second(() => { third(1); });');
    const names = (root: Syntax): string[] => {
      const found: string[] = [];
      everyOf(root, ['CallExpression'], (node) => {
        if (isCall(node) && node.callee.type === 'Identifier') found.push(node.callee.name);
      });
      return found;
    };
    expect(names(tree)).toEqual(['first', 'second', 'third']);
    expect(names(tree.body.at(-1) ?? tree)).toEqual(['second', 'third']);
  });

  test('have no parent in another file', () => {
    const [own, other] = [program('a(b);'), program('c(d);')];
    const parentOf = parentsIn(own);
    everyNode(own, (node, parent) => expect(parentOf(node)).toBe(parent));
    everyNode(other, (node) => expect(parentOf(node)).toBeNull());
  });

  test('have the keys that they had before', () => {
    const tree = program('a(b);');
    const before = Object.keys(tree);
    kinds(tree);
    expect(Object.keys(tree)).toEqual(before);
  });
});
