import { describe, expect, test } from 'vitest';
import type { Found } from '../../src/doctor/examine.ts';
import { suppress } from '../../src/doctor/suppress.ts';
import type { Texts } from './rule.ts';
import { projectFor } from './source.ts';

const known = new Set(['sec/eval', 'sec/ssrf', 'res/no-timeout']);

const found = (path: string, line: number, rule = 'sec/eval'): Found => ({
  rule,
  severity: 'error',
  confidence: 'certain',
  path,
  line,
  message: 'x',
  fix: 'y',
  edits: [],
  offset: null,
});

/** What is let be (lines, with the reason), and what is said of the comments. */
function suppressed(texts: Texts, findings: readonly Found[], { strict = false, ran = known } = {}) {
  const { findings: marked, notes } = suppress(projectFor(texts), findings, { ran, known, strict });
  return {
    let: marked.flatMap(({ line, suppressed: how }) => (how ? [`${line}: ${how.justification}`] : [])),
    notes: notes.map(({ path, line, rule }) => `${path}:${line} ${rule}`),
  };
}

describe('a comment lets be', () => {
  test.each<[string, string, number]>([
    ['the line below it', '// backend-skills-ignore sec/eval -- own code\neval(a)', 2],
    ['the line that it ends', 'eval(a) // backend-skills-ignore sec/eval -- own code', 1],
    ['the next line by its name', 'x() // backend-skills-ignore-next-line sec/eval -- own code\neval(a)', 2],
    ['its line by its name', '/* backend-skills-ignore-line sec/eval -- own code */ eval(a)', 1],
    ['the whole file', 'a()\n/* backend-skills-ignore-file sec/eval -- own code */\n\n\neval(a)', 5],
    ['the code behind empty lines', '// backend-skills-ignore sec/eval -- own code\n\neval(a)', 3],
    [
      'the code behind another such comment',
      '// backend-skills-ignore sec/eval -- own code\n// backend-skills-ignore sec/ssrf\neval(a)',
      3,
    ],
    ['one of several rules', '// backend-skills-ignore sec/ssrf, sec/eval -- own code\neval(a)', 2],
    ['an element of JSX', '<a>\n  {/* backend-skills-ignore sec/eval -- own code */}\n  <b />\n</a>', 3],
    ['the code below a comment of several lines', '/*\n * backend-skills-ignore sec/eval -- own code\n */\neval(a)', 4],
    ['the code below a line of documentation', '/// backend-skills-ignore sec/eval -- own code\neval(a)', 2],
    [
      'code behind lines that end as on Windows',
      'a()\r\n// backend-skills-ignore sec/eval -- own code\r\neval(a)\r\n',
      3,
    ],
  ])('%s', (_title, text, line) => {
    expect(suppressed({ 'src/a.ts': text }, [found('src/a.ts', line)]).let).toEqual([`${line}: own code`]);
  });

  test.each([
    ['Dockerfile', '# backend-skills-ignore ops/x, sec/eval -- own code\nUSER root', 2],
    ['db/a.sql', '-- backend-skills-ignore sec/eval -- own code\nDROP TABLE a;', 2],
    ['k8s.yaml', 'a: 1 # backend-skills-ignore sec/eval -- own code', 1],
    ['.env', '# backend-skills-ignore sec/eval -- own code\nA=1', 2],
  ])('a line of %s', (path, text, line) => {
    expect(suppressed({ [path]: text }, [found(path, line)]).let).toEqual([`${line}: own code`]);
  });
});

describe('a comment lets nothing be', () => {
  test.each<[string, string, number, string]>([
    ['of another rule', '// backend-skills-ignore sec/ssrf -- own code\neval(a)', 2, 'sec/eval'],
    ['two lines below', '// backend-skills-ignore sec/eval -- own code\na()\neval(a)', 3, 'sec/eval'],
    ['on a line above', 'eval(a)\n// backend-skills-ignore sec/eval -- own code', 1, 'sec/eval'],
    ['by an area', '// backend-skills-ignore sec -- own code\neval(a)', 2, 'sec/eval'],
  ])('%s', (_title, text, line, rule) => {
    expect(suppressed({ 'src/a.ts': text }, [found('src/a.ts', line, rule)]).let).toEqual([]);
  });
  test('of another file', () => {
    const texts = { 'src/a.ts': '// backend-skills-ignore-file sec/eval -- own code', 'src/b.ts': 'eval(a)' };
    expect(suppressed(texts, [found('src/b.ts', 1)]).let).toEqual([]);
  });
});

describe('a comment is told of', () => {
  const said = (text: string, findings: Found[] = [], options = {}) =>
    suppressed({ 'src/a.ts': text }, findings, options).notes;
  test('that nothing needs any more', () => {
    expect(said('// backend-skills-ignore sec/eval -- own code\na()')).toEqual(['src/a.ts:1 doctor/unused-ignore']);
  });
  test('that names a rule there is none of', () => {
    expect(said('// backend-skills-ignore sec/evil -- own code\na()')).toEqual(['src/a.ts:1 doctor/unknown-rule']);
  });
  test('that names no rule', () => {
    expect(said('// backend-skills-ignore\na()')).toEqual(['src/a.ts:1 doctor/unknown-rule']);
  });
  test('without a reason, where a run is strict', () => {
    const text = '// backend-skills-ignore sec/eval\neval(a)';
    expect(said(text, [found('src/a.ts', 2)])).toEqual([]);
    expect(said(text, [found('src/a.ts', 2)], { strict: true })).toEqual(['src/a.ts:1 doctor/no-reason']);
    expect(suppressed({ 'src/a.ts': text }, [found('src/a.ts', 2)]).let).toEqual(['2: no reason given']);
  });
  test('but not where its rule did not run', () => {
    expect(said('// backend-skills-ignore sec/eval -- own code\na()', [], { ran: new Set(['sec/ssrf']) })).toEqual([]);
  });
});
