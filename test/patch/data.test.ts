import { describe, expect, it } from 'vitest';
import type { Json, Op } from '../../src/model.ts';
import { add, drop, has } from '../../src/patch/index.ts';

const json = (path: string[], value: Json): Op => ({ op: 'json', file: 'package.json', path, value });
const line = (text: string, comment: string | null = null): Op => ({ op: 'line', file: '.env', text, comment });

describe('A value in JSON', () => {
  it.each([
    ['{ "a": 1, }', json(['b'], 2), '{ "a": 1, "b": 2, }'],
    [
      '{\n    "a": [\n        1\n    ]\n}',
      json(['a', '-'], { b: 1 }),
      '{\n    "a": [\n        1,\n        {\n            "b": 1\n        }\n    ]\n}',
    ],
    [
      '{\n  "dependencies": {\n    "b": "1",\n    "a": "1"\n  }\n}\n',
      json(['dependencies', 'aa'], '1'),
      '{\n  "dependencies": {\n    "b": "1",\n    "a": "1",\n    "aa": "1"\n  }\n}\n',
    ],
    [
      '{ "dependencies": { "a": "1", "c": "1" } }',
      json(['dependencies', 'b'], '1'),
      '{ "dependencies": { "a": "1", "b": "1", "c": "1" } }',
    ],
    [
      '{\n  "dependencies": {\n    "@a/b": "1", // why\n    "z": "1"\n  }\n}',
      json(['dependencies', 'm'], '1'),
      '{\n  "dependencies": {\n    "@a/b": "1", // why\n    "m": "1",\n    "z": "1"\n  }\n}',
    ],
  ])('goes into %j', (text, op, expected) => {
    expect(add(text, op)).toMatchObject({ text: expected });
    expect(drop(expected, op)).toBe(text);
  });

  it.each([
    ['{ "a": 1', json(['b'], 2), 'The file is not valid JSON.'],
    ['', json(['b'], 2), 'The file is not valid JSON.'],
    ['{ "a": { "b": "x" } }', json(['a', 'b'], 2), '`a.b` is there already, as "x".'],
    ['{ "a": 1 }', json(['a', 'b'], 2), '`a` is not an object.'],
    ['{ "a": {} }', json(['a', '-'], 2), '`a` is not an array.'],
    ['[]', json(['a'], 2), 'The file is not an object.'],
  ])('is refused by %j', (text, op, refused) => {
    expect(add(text, op)).toEqual({ refused });
  });

  it('is known whatever its keys are ordered by', () => {
    expect(has('{ "a": { "y": [1], "x": null } }', json(['a'], { x: null, y: [1] }))).toBe(true);
    expect(has('{ "a": { "y": [1, 2] } }', json(['a'], { y: [2, 1] }))).toBe(false);
  });

  it('stays where it has another value, or a comment behind it', () => {
    for (const text of ['{ "a": 2 }', '{\n  "b": 1,\n  "a": 1 // mine\n}'])
      expect(drop(text, json(['a'], 1))).toBe(text);
  });

  it('leaves what the host has in the objects that were made for it', () => {
    const text = '{\n  "x": {\n    "y": {\n      "ours": 1\n    },\n    "z": 1\n  }\n}\n';
    expect(drop(text, json(['x', 'y', 'ours'], 1))).toBe('{\n  "x": {\n    "z": 1\n  }\n}\n');
  });

  it('does not trust a damaged record of what was there', () => {
    const op: Op = { ...json(['x', 'y'], 1), was: '1 "run": "evil"' };
    expect(drop('{ "a": 1, "x": { "y": 1 } }', op)).toBe('{ "a": 1 }');
  });
});

describe('A line of a text file', () => {
  it.each([
    ['another value', 'KEY=secret\n', true],
    ['an export', 'export KEY=secret\n', true],
    ['blanks', '  KEY = secret\r\n', true],
    ['a comment', '# KEY=\n', false],
    ['a longer name', 'KEY_TWO=1\n', false],
    ['a value that holds it', 'A=KEY=1\n', false],
  ])('is known by its name: %s', (_title, text, known) => {
    expect(has(text, line('KEY='))).toBe(known);
  });

  it('is compared whole where it sets no variable', () => {
    expect(has('dist\n.env.local\n', line('.env'))).toBe(false);
    expect(has('dist\r\n.env \r\n', line('.env'))).toBe(true);
  });

  it('is dropped with its comment only where both are as we wrote them', () => {
    const op = line('KEY=', 'Ours.');
    expect(drop('A=1\n# Ours.\nKEY=\nB=1\n', op)).toBe('A=1\nB=1\n');
    expect(drop('A=1\n# Mine.\nKEY=\nB=1\n', op)).toBe('A=1\n# Mine.\nB=1\n');
    expect(drop('# Ours.\nKEY=secret\n', op)).toBe('# Ours.\nKEY=secret\n');
  });

  it('is refused where it would be two', () => {
    expect(add('', line('A=1\nB=2'))).toEqual({ refused: '`A=1` would be more than one line.' });
  });
});
