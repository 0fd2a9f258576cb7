import { describe, expect, test } from 'vitest';
import { innerKeys } from '../../src/text/children.ts';
import { nativeParser, plainParser } from '../../src/text/parsers.ts';
import type { Syntax } from '../../src/text/syntax.ts';
import { everyOf } from '../../src/text/tree.ts';

const code = `
import a, { b as c } from './a' with { type: 'json' };
@Injectable() export class A<T> extends B<T> implements C { #x = 1; static { this.y = 2 } constructor(private readonly d: D) { super() } @Get(':id') m(@Body() e?: E): void {} }
namespace N { export const x = 1 } declare module 'y'; declare global { interface Z { a: string; b(): void } }
enum F { G = 1 } type H<I extends J = K> = L extends infer M ? { readonly [N in O]?: P } : Q[] | [R, S?];
export default async function* f({ a = 1, ...rest }: T, [b, , c] = [], ...all) { for await (const x of y) yield* x; new.target; label: while (a) break label; }
const t = \`a\${b}c\`, u = g\`x\`, v = a?.b?.[c]!, w = <any>x satisfies Y, z = /x/g, n = 10n, o = import.meta.url;
switch (a) { case 1: try { throw b } catch ({ c }) {} finally {} default: do ; while (d, e) }
export * from './b'; export { c as d }; if (a) b(); else c = await import('x');
`;

/** Every node's type, through these keys or through all. */
function types(root: Syntax, keys: (node: Syntax) => readonly string[]): string[] {
  const found: string[] = [];
  const step = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) for (const one of value) step(one);
    else if ('type' in value && typeof value.type === 'string' && 'start' in value) {
      found.push(value.type);
      for (const key of keys(value as Syntax)) step(value[key as keyof typeof value]);
    }
  };
  step(root);
  return found;
}

describe('the keys under which nodes have others', () => {
  test.each([
    ['native', nativeParser()],
    ['plain', plainParser()],
  ])('lead to every node of the %s parser', (_name, parser) => {
    const program = parser.read(code, 'ts');
    if (program === null) throw new Error('The code cannot be parsed.');
    // Twice: what was learnt from the first nodes must hold for the next.
    for (let round = 0; round < 2; round++)
      expect(types(program, innerKeys(program))).toEqual(types(program, (node) => Object.keys(node)));
  });

  test('of JavaScript without types are other ones', () => {
    const parser = nativeParser();
    const [typed, plain] = [parser.read('f(a as B, (c: D) => c);', 'ts'), parser.read('f(a, (c) => `d${c}`);', 'jsx')];
    for (const program of [plain, typed, plain, typed]) {
      if (program === null) throw new Error('The code cannot be parsed.');
      expect(types(program, innerKeys(program))).toEqual(types(program, (node) => Object.keys(node)));
    }
  });

  test('and template pieces stand in JavaScript where they stand in TypeScript', () => {
    const parser = nativeParser();
    const [typed, plain] = (['ts', 'jsx'] as const).map((dialect) => parser.read('`a${b}c${`d`}`;', dialect));
    const pieces = (program: Syntax | null | undefined): string[] => {
      const found: string[] = [];
      if (program) everyOf(program, ['TemplateElement'], ({ start, end }) => found.push(`${start}-${end}`));
      return found;
    };
    expect(pieces(plain)).toHaveLength(4);
    expect(pieces(plain)).toEqual(pieces(typed));
  });
});
