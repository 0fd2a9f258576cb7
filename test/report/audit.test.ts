import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Finding, RuleDescription, Severity } from '../../src/model.ts';
import { auditToText } from '../../src/report/audit.ts';
import { paintWith } from '../../src/report/paint.ts';
import type { Report } from '../../src/report/report.ts';

const about = (id: string, title: string, securitySeverity?: number): RuleDescription => ({
  id,
  title,
  help: 'Why.',
  severity: 'warning',
  ...(securitySeverity === undefined ? {} : { securitySeverity }),
});
const rules = [
  about('sec/a', 'A thing that is very bad for whoever runs it.', 9.1),
  about('sec/b', 'Another thing.', 4),
  about('res/c', 'A third thing that goes on for so long that no line of a small terminal could ever hold it.'),
];
const finding = (over: Partial<Finding> = {}): Finding => ({
  rule: 'sec/a',
  severity: 'error',
  confidence: 'certain',
  path: 'src/a.ts',
  line: 2,
  column: 7,
  endLine: 2,
  endColumn: 10,
  message: 'This `value` comes from the client, and goes to where it should never go, in one go.',
  fix: 'Take another value, and look at all the places that take this one.',
  ...over,
});
const code = 'const a = 1;\nconst bad = 2;\nconst c = 3;\n';
const many = (count: number, over: (n: number) => Partial<Finding> = () => ({})): Finding[] =>
  Array.from({ length: count }, (_, n) => finding({ path: `src/a${String(n).padStart(3, '0')}.ts`, ...over(n) }));

interface Way {
  width?: number;
  colour?: boolean;
  unicode?: boolean;
  source?: string;
}
function said(findings: readonly Finding[], over: Partial<Report> = {}, way: Way = {}): string {
  const { width = 80, colour = false, unicode = true, source = code } = way;
  const report: Report = {
    tool: { command: 'doctor', version: '1.0.0', rules },
    findings,
    failures: [],
    failOn: 'error',
    base: '',
    clean: 'Looked at 3 source files (9 lines) with 3 rules.',
    ...over,
  };
  return auditToText(report, () => source, paintWith(colour, unicode, width));
}
const occurrences = (text: string, words: string): number => text.replaceAll(/\s+/g, ' ').split(words).length - 1;

describe('one finding', () => {
  test('is a rule, a place, what it does, the code and what to do', () => {
    expect(said([finding({ confidence: 'likely' })])).toBe(`Errors (1)

✗ sec/a A thing that is very bad for whoever runs it.
  src/a.ts:2:7 (likely)
    This \`value\` comes from the client, and goes to where it should never go, in
    one go.
      1 | const a = 1;
    > 2 | const bad = 2;
        |       ^^^
      3 | const c = 3;
  → Take another value, and look at all the places that take this one.

1 error. Looked at 3 source files (9 lines) with 3 rules.`);
  });

  test('says that --fix mends it', () => {
    const editsOf = () => [{ start: 0, end: 1, text: '' }];
    expect(said([finding()], { editsOf })).toContain('src/a.ts:2:7 (--fix)\n');
  });

  test('of a whole project has a place, too', () => {
    expect(said([finding({ path: null, line: null, column: null })])).toContain('\n  the project\n');
  });
});

describe('many findings', () => {
  test('say once what is the same of all: the rule, the message, the fix', () => {
    const text = said(many(40));
    for (const words of ['A thing that is very bad', 'This `value` comes', 'Take another value'])
      expect(occurrences(text, words)).toBe(1);
    expect(text).toContain('✗ sec/a (40) A thing');
  });

  test('say each what only they have', () => {
    const text = said(many(3, (n) => ({ message: `The value v${n} is bad.`, fix: `Mend v${n}.` })));
    for (const n of [0, 1, 2])
      for (const words of [`The value v${n} is bad.`, `→ Mend v${n}.`]) expect(text).toContain(words);
  });

  test('are shown with their code, then as lines, then as a number that says how to see them', () => {
    const text = said(many(40));
    expect(text.match(/^ +> 2 \|/gm)).toHaveLength(3);
    expect(text.match(/^ {2}src\/a\d+\.ts:2:7$/gm)).toHaveLength(10);
    expect(text).toContain('\n  and 30 more: --only sec/a\n');
  });

  test('are all shown where that is asked for, or where there are few', () => {
    expect(said(many(40), { whole: true }).match(/^ +> 2 \|/gm)).toHaveLength(40);
    expect(said(many(12)).match(/^ +> 2 \|/gm)).toHaveLength(12);
  });

  const mixed = [
    ...many(3, () => ({ rule: 'res/c', severity: 'info' })),
    ...many(30, () => ({ rule: 'res/c', severity: 'warning' })),
    ...many(5, () => ({ rule: 'sec/b', severity: 'warning' })),
    ...many(2),
    finding({ rule: 'sec/b' }),
  ];

  test('come with the worst first, and end with how many of each there are', () => {
    const text = said(mixed, {}, { width: 90 });
    const heads = text.match(/^(Errors|Warnings|Remarks|[✗!•] (sec|res)).*/gm) ?? [];
    expect(heads.map((line) => line.slice(0, 12).trim())).toEqual([
      'Errors (3)',
      '✗ sec/a (2)',
      '✗ sec/b Anot',
      'Warnings (35',
      '! sec/b (5)',
      '! res/c (30)',
      'Remarks (3)',
      '• res/c (3)',
    ]);
    expect(text.split('\n').slice(-7)).toEqual([
      '✗  2 sec/a  A thing that is very bad for whoever runs it.',
      '✗  1 sec/b  Another thing.',
      '!  5 sec/b  Another thing.',
      '! 30 res/c  A third thing that goes on for so long that no line of a small terminal could…',
      '•  3 res/c  A third thing that goes on for so long that no line of a small terminal could…',
      '',
      '3 errors, 35 warnings, 3 remarks. Looked at 3 source files (9 lines) with 3 rules.',
    ]);
  });

  test('three hundred are two screens, not forty', () => {
    const findings = [
      ...many(200, () => ({ severity: 'warning' })),
      ...many(100, () => ({ rule: 'sec/b', severity: 'info' })),
    ];
    expect(said(findings).split('\n').length).toBeLessThan(80);
  });

  test.each([60, 80, 120])('keep within %s columns, with and without colour and Unicode', (width) => {
    for (const colour of [true, false])
      for (const unicode of [true, false]) {
        const source = `${'x'.repeat(300)}\nconst bad = ${'y'.repeat(200)};\n\n`;
        const text = said(mixed, {}, { width, colour, unicode, source });
        const lines = stripVTControlCharacters(text).split('\n');
        expect(lines.filter((line) => line.length > width)).toEqual([]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
        expect(/\u001b\[/.test(text)).toBe(colour);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is not ASCII
        if (!unicode) expect(text).not.toMatch(/[^\u0000-\u007f]/);
      }
  });
});

describe('the code', () => {
  const framed = (source: string, over: Partial<Finding>, width = 80): string[] =>
    said([finding({ line: 1, endLine: 1, ...over })], {}, { source, width })
      .split('\n')
      .filter((line) => /^ +(> 1)? *\|/.test(line));

  test('of a long line is the part that is meant, underlined', () => {
    const source = `${'a'.repeat(300)}BAD${'b'.repeat(300)}\n`;
    const [line = '', mark = ''] = framed(source, { column: 301, endColumn: 304 });
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('BAD');
  });

  test('of a place over several lines is underlined to the end of the first', () => {
    const [line = '', mark = ''] = framed('go({\n  a: 1,\n});\n', { column: 1, endLine: 3, endColumn: 3 });
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('go({');
  });

  test('holds nothing that a terminal would obey', () => {
    const evil = 'a\u001b[2Jb\u0007c\u202ed\r\u009b31m';
    const text = said(
      [finding({ message: evil, fix: evil, path: `src/${evil}.ts`, line: 1 })],
      { failures: [evil] },
      { source: `${evil}\n` },
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe('the end', () => {
  const severities: readonly Severity[] = ['error', 'warning', 'info'];

  test('says that nothing was found, or that only what is let be was', () => {
    expect(said([])).toBe('✓ Looked at 3 source files (9 lines) with 3 rules.');
    const suppressed = { kind: 'inSource', justification: 'x' } as const;
    expect(said(severities.map((severity) => finding({ severity, suppressed })))).toBe(
      '✓ Looked at 3 source files (9 lines) with 3 rules. (3 let be)',
    );
  });

  test('says what could not be looked at', () => {
    const text = said([finding()], { failures: ['src/b.ts could not be parsed.'] });
    expect(text).toContain('✗ Could not be looked at: src/b.ts could not be parsed.');
    expect(said([], { failures: ['x'] })).toBe(
      '✗ Could not be looked at: x\n\nNothing found. Looked at 3 source files (9 lines) with 3 rules.',
    );
  });
});
