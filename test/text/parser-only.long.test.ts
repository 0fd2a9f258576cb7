import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { compilerSource, parserOnly, usedOfCompiler } from '../../scripts/parser-only.ts';

const repository = resolve(import.meta.dirname, '../..');
const compiler = compilerSource();
const used = usedOfCompiler(compiler, join(repository, 'src'));
const cut = parserOnly(compiler, used);
const shipped: typeof ts = new Function('require', `${cut.replace(/export (\{.*\};\n)$/, 'return $1')}`)(() => {
  throw new Error('The parser loads nothing else.');
});

const sources = ['fixtures', 'templates'].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !path.includes('node_modules'))
    .map((path) => readFileSync(join(repository, folder, path), 'utf8')),
);
/** What a fixture need not hold: broken code, JSX, decorators, every kind of literal and comment. */
const odd = [
  '',
  '#!/usr/bin/env node\n/// <reference types="x" />\n// @ts-check\n/** doc */ export default <T,>(a: T): a is T => a!;',
  `const a = <div title="x" {...b}>text {\`a\${1n}b\`} &amp; </div>; // end`,
  '@a() class B extends C<D> { @e #f = /[/]g/v; static { await 1; } accessor g; get h() {} }',
  `enum A { B = 1 } namespace C.D { declare module "e" {} } type F = { [k in G as \`\${k}\`]?: infer H }[];`,
  "import type A, { type B as C } from 'd' with { type: 'json' }; export * as e from '''; export = f;",
  'label: for await (const [a, ...{ b = 1 }] of c) { if (a) continue label; else throw b ?? (c satisfies d) }',
  'a < b > (c); x = y as any as z; (<T>u); v!.w?.[0]?.(); `a${`b`',
  'function (a b) { return ]; } class { = } import { from; export { a as } ; "unended',
];

interface Seen {
  kind: ts.SyntaxKind;
  flags: ts.NodeFlags;
  text: string;
  comments: readonly ts.CommentRange[] | undefined;
  children: Seen[];
}

function tree(by: typeof ts, node: ts.Node, file: ts.SourceFile): Seen {
  const { kind, flags } = node;
  const comments = by.getLeadingCommentRanges(file.text, node.pos);
  const children = node.getChildren(file).map((child) => tree(by, child, file));
  return { kind, flags, text: node.getText(file), comments, children };
}

function read(by: typeof ts, text: string, kind: ts.ScriptKind): unknown {
  const file = by.createSourceFile('file.tsx', text, by.ScriptTarget.Latest, true, kind);
  const errors = 'parseDiagnostics' in file && Array.isArray(file.parseDiagnostics) ? file.parseDiagnostics : null;
  const messages = errors?.map(({ start, length, messageText }) => ({ start, length, messageText }));
  return { messages, tree: tree(by, file, file) };
}

test('the parser that is shipped reads everything as the whole compiler does, broken code too', {
  timeout: 120_000,
}, () => {
  const broken = sources.map((text) => text.slice(0, text.length * 0.6));
  expect(sources.length).toBeGreaterThan(200);
  for (const text of new Set([...sources, ...broken, ...odd])) {
    for (const kind of [ts.ScriptKind.TS, ts.ScriptKind.TSX, ts.ScriptKind.JSX])
      expect(read(shipped, text, kind)).toEqual(read(ts, text, kind));
  }
});

test('the parser that is shipped has every function that is asked of it, and little else', () => {
  expect(Object.keys(shipped).sort()).toEqual([...used]);
  expect(used).toContain('createSourceFile');
  expect(cut.length).toBeLessThan(compiler.length / 8);
});
