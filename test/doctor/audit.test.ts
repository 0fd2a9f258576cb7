import { describe, expect, test } from 'vitest';
import { audit } from '../../src/doctor/audit.ts';
import { newBaseline, readBaseline, withBaseline } from '../../src/doctor/baseline.ts';
import type { Found } from '../../src/doctor/examine.ts';
import { withFingerprints } from '../../src/doctor/fingerprint.ts';
import { defineRule, described, type Rule } from '../../src/doctor/rule.ts';
import { selected } from '../../src/doctor/select.ts';
import { UserError } from '../../src/errors.ts';
import type { Texts } from './rule.ts';
import { projectFor } from './source.ts';

/** A rule that tells of every call of a function. */
const callsOf = (id: string, name: string, own: Partial<Rule> = {}): Rule =>
  defineRule({
    id,
    since: '0.1.0',
    severity: 'warning',
    confidence: 'likely',
    title: 'A call.',
    why: 'Why not.',
    remedy: 'words',
    file: (_source, tell) => ({
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === name) tell(node, { message: name, fix: 'No.' });
      },
    }),
    ...own,
  });

const table = [
  callsOf('sec/one', 'one'),
  callsOf('sec/two', 'two', { confidence: 'hint' }),
  callsOf('ops/three', 'three'),
];
const all: { only: readonly string[]; skip: readonly string[]; strict: boolean } = {
  only: [],
  skip: [],
  strict: false,
};

function audited(texts: Texts, { baseline = readBaseline(null), today = '2026-11-23', ...selection } = {}) {
  return audit(projectFor(texts), { ...all, ...selection, rules: table, baseline, today, readSql: () => null });
}

describe('the rules of a run', () => {
  const ids = (selection: Partial<typeof all> & { only?: string[]; skip?: string[] }) =>
    selected(table, { ...all, ...selection }).map(({ id }) => id);
  test.each<[string, Partial<Record<'only' | 'skip', string[]>> & { strict?: boolean }, string[]]>([
    ['all but hints', {}, ['sec/one', 'ops/three']],
    ['hints too', { strict: true }, ['sec/one', 'sec/two', 'ops/three']],
    ['one by its name', { only: ['ops/three'] }, ['ops/three']],
    ['a hint by its name', { only: ['sec/two'] }, ['sec/two']],
    ['an area, without its hints', { only: ['sec'] }, ['sec/one']],
    ['all but one', { skip: ['sec/one'] }, ['ops/three']],
    ['all but an area', { skip: ['sec'], strict: true }, ['ops/three']],
    ['none, where what is asked for is left out', { only: ['sec'], skip: ['sec'] }, []],
  ])('%s', (_title, selection, expected) => expect(ids(selection as never)).toEqual(expected));

  test('are not asked for by names there are none of', () => {
    expect(() => ids({ only: ['sec/on'] })).toThrow(UserError);
    expect(() => ids({ skip: ['se'] })).toThrow('There is no rule or area se.');
  });
  test('are described with their area, and where they belong', () => {
    expect(described(callsOf('sec/one', 'one', { owasp: 'API1', securitySeverity: 7 }))).toMatchObject({
      id: 'sec/one',
      help: 'Why not.',
      tags: ['security', 'owasp-api1-2023'],
      securitySeverity: 7,
    });
    expect(described(callsOf('ops/one', 'one')).tags).toEqual(['ops']);
  });
});

describe('a fingerprint', () => {
  const prints = (texts: Texts) => audited(texts).findings.map(({ fingerprint }) => fingerprint);
  test('stays where lines are added above, and where the line is set in or out', () => {
    const [before] = prints({ 'src/a.ts': 'one(a, b)' });
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    expect(prints({ 'src/a.ts': '\n\n// new\nfunction f() {\n    one(a,b)\n}\n' })).toEqual([before]);
  });
  test('is another for another rule, path or code', () => {
    const texts = [
      { 'src/a.ts': 'one(a)' },
      { 'src/b.ts': 'one(a)' },
      { 'src/a.ts': 'one(b)' },
      { 'src/a.ts': 'three(a)' },
    ];
    expect(new Set(texts.flatMap(prints)).size).toBe(4);
  });
  test('is another for each of two equal lines, and the first keeps its own', () => {
    const [single] = prints({ 'src/a.ts': 'one(a)' });
    const both = prints({ 'src/a.ts': 'one(a)\none(a)\n' });
    expect(both[0]).toBe(single);
    expect(new Set(both).size).toBe(2);
  });
  test('of a finding without a place is by its words', () => {
    const of = (message: string) =>
      withFingerprints(projectFor({}), [{ rule: 'x/y', path: null, line: null, message } as Found])[0]?.fingerprint;
    expect(of('a')).not.toBe(of('b'));
    expect(of('a')).toBe(of('a'));
  });
});

describe('a baseline', () => {
  const texts = { 'src/a.ts': 'one(a)\nthree(b)\n' };
  const written = readBaseline(newBaseline(audited(texts).findings, readBaseline(null)));
  const let_ = (findings: readonly Found[]) => findings.filter(({ suppressed }) => suppressed).map(({ rule }) => rule);

  test('lets what it holds be, and nothing else', () => {
    const { findings } = audited({ 'src/a.ts': '// more\none(a)\nthree(b)\none(c)\n' }, { baseline: written });
    expect(let_(findings)).toEqual(['sec/one', 'ops/three']);
    expect(findings.filter(({ suppressed }) => !suppressed).map(({ line }) => line)).toEqual([4]);
  });
  test('is the same however often it is written', () => {
    const first = newBaseline(audited(texts).findings, readBaseline(null));
    expect(newBaseline(audited(texts, { baseline: readBaseline(first) }).findings, readBaseline(first))).toBe(first);
  });
  test('keeps what people wrote into it', () => {
    const [key = ''] = Object.keys(written.findings);
    const told = {
      ...written,
      findings: { ...written.findings, [key]: { rule: 'sec/one', path: 'src/a.ts', reason: 'old', owner: 'ann' } },
    };
    expect(newBaseline(audited(texts).findings, told)).toContain('"reason": "old"');
    const { findings } = withBaseline(audited(texts).findings, told, '2026-11-23');
    expect(findings.some(({ suppressed }) => suppressed?.justification === 'old')).toBe(true);
  });
  test('holds an entry up to its last day', () => {
    const ends = Object.fromEntries(
      Object.entries(written.findings).map(([key, one]) => [key, { ...one, until: '2026-11-23' }]),
    );
    const baseline = { version: 1 as const, findings: ends };
    expect(let_(audited(texts, { baseline, today: '2026-11-23' }).findings)).toHaveLength(2);
    expect(let_(audited(texts, { baseline, today: '2026-11-24' }).findings)).toHaveLength(0);
  });
  test('is told of where it holds what is gone, of rules that ran', () => {
    const rules = (options = {}) =>
      audited({ 'src/a.ts': 'one(a)' }, { baseline: written, ...options }).findings.map(({ rule }) => rule);
    expect(rules()).toEqual(['sec/one', 'doctor/stale-baseline']);
    expect(rules({ only: ['sec'] })).toEqual(['sec/one']);
  });
  test.each([
    ['that is no JSON', '{'],
    ['of another version', '{ "version": 2, "findings": {} }'],
    [
      'with a day there is none of',
      '{ "version": 1, "findings": { "a": { "rule": "a", "path": null, "until": "soon" } } }',
    ],
  ])('%s is not read', (_title, text) => expect(() => readBaseline(text)).toThrow(UserError));
});

test('a comment is stronger than the baseline, which does not hold what it lets be', () => {
  const { findings } = audited({ 'src/a.ts': 'one(a) // backend-skills-ignore sec/one -- own' });
  expect(findings.map(({ suppressed }) => suppressed?.kind)).toEqual(['inSource']);
  expect(readBaseline(newBaseline(findings, readBaseline(null))).findings).toEqual({});
});
