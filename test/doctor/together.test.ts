import { describe, expect, test } from 'vitest';
import { audit } from '../../src/doctor/audit.ts';
import { newBaseline, readBaseline } from '../../src/doctor/baseline.ts';
import type { Found } from '../../src/doctor/examine.ts';
import { defineRule } from '../../src/doctor/rule.ts';
import { together } from '../../src/doctor/together.ts';
import { projectFor } from './source.ts';

/** Finds every call of `bad`: those of a file are one finding. */
const rule = defineRule({
  id: 'sec/eval',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A bad call.',
  why: 'It is bad.',
  remedy: 'words',
  file: (source, tell) => ({
    CallExpression(node) {
      if (source.textOf(node.callee) === 'bad')
        tell(node, { message: 'This is bad.', fix: 'Leave it.', together: source.path });
    },
  }),
});

function audited(texts: Readonly<Record<string, string>>, baseline = readBaseline(null)): readonly Found[] {
  const options = {
    rules: [rule],
    only: [],
    skip: [],
    strict: false,
    baseline,
    today: '2026-01-01',
    readSql: () => null,
  };
  return audit(projectFor(texts), options).findings;
}

const told = (findings: readonly Found[]): string[] =>
  together(findings).map(
    ({ path, line, message, suppressed }) => `${path}:${line} ${message}${suppressed ? ' let be' : ''}`,
  );

describe('what one answer mends', () => {
  test('is told at the first place, with the others', () => {
    const [one, ...more] = together(audited({ 'src/a.ts': 'bad();\n\nbad();\nbad();\n', 'src/b.ts': 'bad();\n' }));
    expect(one).toMatchObject({
      line: 1,
      message: 'This is bad. The same on lines 3 and 4.',
      also: [
        { path: 'src/a.ts', line: 3, column: 1 },
        { path: 'src/a.ts', line: 4, column: 1 },
      ],
    });
    expect(more.map(({ path, message }) => [path, message])).toEqual([['src/b.ts', 'This is bad.']]);
  });

  test('is let be place by place', () => {
    const text = 'bad();\n// backend-skills-ignore sec/eval -- meant\nbad();\nbad();\n';
    expect(told(audited({ 'src/a.ts': text }))).toEqual([
      'src/a.ts:1 This is bad. The same on line 4.',
      'src/a.ts:3 This is bad. let be',
    ]);
    const first = '// backend-skills-ignore sec/eval -- meant\nbad();\nbad();\n';
    expect(told(audited({ 'src/a.ts': first }))).toEqual(['src/a.ts:2 This is bad. let be', 'src/a.ts:3 This is bad.']);
  });

  test('is new where it comes anew', () => {
    const before = readBaseline(newBaseline(audited({ 'src/a.ts': 'bad();\nbad(1);\n' }), readBaseline(null)));
    expect(told(audited({ 'src/a.ts': '\nbad();\nbad(1);\n' }, before))).toEqual([
      'src/a.ts:2 This is bad. The same on line 3. let be',
    ]);
    expect(told(audited({ 'src/a.ts': 'bad();\nbad(1);\nbad(2);\n' }, before))).toEqual([
      'src/a.ts:1 This is bad. The same on line 2. let be',
      'src/a.ts:3 This is bad.',
    ]);
  });

  const found = (path: string, line: number, more: Partial<Found> = {}): Found => ({
    rule: 'res/x',
    severity: 'warning',
    confidence: 'likely',
    path,
    line,
    message: 'So.',
    fix: '',
    edits: [],
    offset: 0,
    together: 'x',
    ...more,
  });
  test('names at most eight lines and five files', () => {
    const lines = Array.from({ length: 12 }, (_, n) => found('src/a.ts', n + 1));
    const files = Array.from({ length: 7 }, (_, n) => found(`src/deep/in/f${n}.ts`, 9));
    expect(told([...lines, ...files])).toEqual([
      'src/a.ts:1 So. The same on lines 2, 3, 4, 5, 6, 7, 8, 9 and 3 more, and in in/f0.ts:9, in/f1.ts:9, in/f2.ts:9, in/f3.ts:9, in/f4.ts:9 and 2 more files.',
    ]);
    expect(told(files.slice(0, 2))).toEqual(['src/deep/in/f0.ts:9 So. The same in in/f1.ts:9.']);
    expect(told([found('a.ts', 1), found('a.ts', 1)])).toEqual(['a.ts:1 So. The same on line 1.']);
  });

  test('stays apart by severity, confidence, package and rule, and without a word that joins', () => {
    const all = [
      found('a.ts', 1),
      found('a.ts', 2, { severity: 'error' }),
      found('a.ts', 3, { confidence: 'hint' }),
      found('a.ts', 4, { package: 'p' }),
      found('a.ts', 5, { rule: 'res/y' }),
      found('a.ts', 6, { together: 'y' }),
    ];
    const { together: _, ...alone } = found('a.ts', 7);
    expect(together([...all, alone, alone])).toEqual([...all, alone, alone]);
  });

  test('is told once of packages that are copies of one, where the code and the words are the same', () => {
    const copy = (folder: string, line: number, more: Partial<Found> = {}): Found => {
      const { together: _, ...alone } = found(`${folder}/src/app.ts`, line, {
        package: folder,
        fingerprint: 'f',
        ...more,
      });
      return alone;
    };
    expect(told([copy('kits/a', 3), copy('kits/b', 4), copy('kits/c', 3)])).toEqual([
      'kits/a/src/app.ts:3 So. The same in kits/b/src/app.ts:4 and kits/c/src/app.ts:3.',
    ]);
    // What is told of as one in each is one in all.
    const twice = ['a', 'b'].flatMap((name) => [
      { ...copy(name, 3), together: 'x' },
      { ...copy(name, 8, { fingerprint: 'g' }), together: 'x' },
    ]);
    expect(told(twice)).toEqual(['a/src/app.ts:3 So. The same on line 8, and in b/src/app.ts:3.']);
    const others = [
      copy('a', 3),
      copy('b', 3, { fingerprint: 'g' }),
      copy('c', 3, { message: 'So it is.' }),
      copy('d', 3, { severity: 'error' }),
    ];
    expect(told(others)).toHaveLength(4);
  });

  test('brings the edits of all, with their files', () => {
    const edit = { start: 0, end: 1, text: 'x' };
    const [one] = together([found('a.ts', 1, { edits: [edit] }), found('b.ts', 1, { edits: [edit] })]);
    expect(one?.edits).toEqual([edit, { path: 'b.ts', ...edit }]);
  });
});
