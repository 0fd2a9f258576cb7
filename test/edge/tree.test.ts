import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realFiles } from '../../src/edge/files.ts';
import { openTree } from '../../src/edge/tree.ts';
import { UserError } from '../../src/errors.ts';
import type { Tree } from '../../src/model.ts';

let outer = '';
let root = '';
beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'tree-'));
  root = join(outer, 'project');
  for (const folder of ['src/deep', 'a', 'b', '.hidden', 'pkg/real'])
    mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(outer, 'elsewhere'));
  writeFileSync(join(outer, 'elsewhere/secret.ts'), 'secret');
  writeFileSync(join(root, 'src/bom.ts'), '\uFEFFconst a = 1;\r\n');
  writeFileSync(join(root, 'src/logo.png'), Buffer.from([0x89, 0x50, 0, 1]));
  writeFileSync(join(root, 'src/latin.ts'), Buffer.from([0x61, 0xe9, 0x62]));
  writeFileSync(join(root, 'src/empty.ts'), '');
  const links: [string, string][] = [
    ['out', '../elsewhere'],
    ['outfile.ts', '../elsewhere/secret.ts'],
    ['linked.ts', 'src/bom.ts'],
    ['lib', 'src'],
    ['loop', 'loop'],
    ['src/up', '..'],
    ['a/b', '../b'],
    ['b/a', '../a'],
    ['nowhere', 'gone'],
    ['self', '.'],
  ];
  for (const [name, target] of links) symlinkSync(target, join(root, name));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

function walk(tree: Tree, folder = ''): string[] {
  return tree.list(folder).flatMap((name) => (name.endsWith('/') ? walk(tree, folder + name) : [folder + name]));
}

describe('a tree', () => {
  test('lists names sorted, folders with a slash, and no link that leads out, round or nowhere', () => {
    const tree = openTree(root);
    expect(tree.list('')).toEqual(['.hidden/', 'a/', 'b/', 'lib/', 'linked.ts', 'pkg/', 'src/']);
    expect(tree.list('src')).toEqual(['bom.ts', 'deep/', 'empty.ts', 'latin.ts', 'logo.png']);
    expect(tree.list('src/')).toEqual(tree.list('src'));
    expect(tree.list('gone')).toEqual([]);
    expect(tree.list('src/bom.ts')).toEqual([]);
  });

  test('comes to an end when walked, links between folders included', () => {
    expect(walk(openTree(root)).length).toBeLessThan(30);
  });

  test.each([
    ['src/bom.ts', '\uFEFFconst a = 1;\r\n'],
    ['linked.ts', '\uFEFFconst a = 1;\r\n'],
    ['lib/bom.ts', '\uFEFFconst a = 1;\r\n'],
    ['src/empty.ts', ''],
    ['src/logo.png', null],
    ['src/latin.ts', null],
    ['src', null],
    ['outfile.ts', null],
    ['out/secret.ts', null],
    ['loop', null],
    ['nowhere', null],
    ['../elsewhere/secret.ts', null],
    ['src/../../elsewhere/secret.ts', null],
    ['src/bom.ts/x', null],
    ['x\0y', null],
    ['/etc/passwd', null],
  ])('reads %j', (path, text) => {
    expect(openTree(root).read(path)).toBe(text);
  });

  test('tells files from folders and from what is not there', () => {
    const tree = openTree(root);
    expect(['src/logo.png', 'linked.ts', 'src', 'gone', 'outfile.ts', 'out'].map((path) => tree.has(path))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('reads each file and folder once, and none before it is asked', () => {
    const seen: string[] = [];
    const files = {
      ...realFiles,
      readFileSync(path: string) {
        seen.push(path);
        return realFiles.readFileSync(path);
      },
      readdirSync(path: string) {
        seen.push(path);
        return realFiles.readdirSync(path);
      },
    };
    const tree = openTree(root, files);
    expect(seen).toEqual([]);
    for (let n = 0; n < 3; n++) tree.read('src/bom.ts');
    for (let n = 0; n < 3; n++) tree.list('src');
    // The root, to find the folder in; the folder; the file.
    expect(new Set(seen).size).toBe(3);
    expect(seen).toHaveLength(3);
  });

  test('names the file that may not be read', () => {
    const readFileSync = (): never => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const tree = openTree(root, { ...realFiles, readFileSync });
    expect(() => tree.read('src/bom.ts')).toThrow(UserError);
    expect(() => tree.read('src/bom.ts')).toThrow(/src\/bom\.ts may not be read/);
  });
});
