import { describe, expect, test } from 'vitest';
import type { Finding, Plan } from '../../src/model.ts';
import { findingsToText } from '../../src/report/findings.ts';
import { paintWith, wrap } from '../../src/report/paint.ts';
import { nextToText, planToText } from '../../src/report/plan.ts';
import { profileInShort, profileToText } from '../../src/report/profile.ts';
import { added, host, planFor, removal, shop } from '../plan/project.ts';

const plain = (width: number) => paintWith(false, true, width);
const long =
  'A guard that stands before every route asks for a token, so that a request of the sender is answered with 401 before it comes to us.';
const decisions = [{ name: 'store', value: 'memory', source: 'default' as const, because: long, offered: [] }];
const obstacle = { kind: 'guard' as const, file: 'src/server.ts', line: 7, message: long, fix: long };
const step = {
  title: 'Wire ping at /ping',
  file: 'src/server.ts',
  place: long,
  lines: ["app.use('/ping', ping);"],
  done: { imports: 'src/ping/index.ts' },
};
const full: Plan = { ...planFor(shop), obstacles: [obstacle], steps: [step], notes: [long] };
const finding = (severity: Finding['severity'], over: Partial<Finding> = {}): Finding => ({
  rule: `rule-${severity}`,
  severity,
  confidence: 'certain',
  path: 'src/server.ts',
  line: 3,
  message: long,
  fix: long,
  ...over,
});

describe.each([60, 100])('at %s columns', (width) => {
  test('a plan keeps its prose within them', () => {
    const text = planToText(full, decisions, plain(width), false);
    const prose = text.split('\n').filter((line) => !/^ {2}[@+ -]/.test(line) || line.includes('answered'));
    expect(prose.filter((line) => line.length > width)).toEqual([]);
    expect(text.replaceAll(/\s+/g, ' ').split(long)).toHaveLength(6);
  });

  test('findings keep within them', () => {
    const text = findingsToText([finding('info'), finding('error')], plain(width), 'clean');
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });
});

describe('a plan as text', () => {
  test('names what is created and changed, and not the record unless asked', () => {
    const text = planToText(full, [], plain(80), false);
    expect(text).toMatch(/^\+ src\/ping\/pong\.ts$/m);
    expect(text).toMatch(/^~ src\/server\.ts$[\s\S]*^ {2}\+app\.use\('\/ping', ping\);$/m);
    expect(text).toMatch(/To do by hand[\s\S]*^ {4}app\.use\('\/ping', ping\);$/m);
    expect(text).not.toContain('lock.json');
    expect(planToText(full, [], plain(80), true)).toContain('+ .backend-skills/lock.json');
  });

  test('names an endpoint with its method only where the skill does', () => {
    const endpoints = ['/hooks/stripe', '/ping'];
    const text = planToText({ ...full, endpoints, methods: { '/hooks/stripe': 'POST' } }, [], plain(80), false);
    expect(text).toContain('Endpoints: POST /hooks/stripe, /ping');
    expect(planToText({ ...full, endpoints: ['/ping'], methods: { '/ping': 'GET' } }, [], plain(80), false)).toContain(
      'Endpoint: GET /ping',
    );
  });

  test('of a removal names what goes', () => {
    expect(planToText(removal(added()), [], plain(80), false)).toMatch(/^- src\/ping\/pong\.ts$/m);
  });

  test('shows at most five next steps', () => {
    expect(nextToText(['1', '2', '3', '4', '5', '6'], plain(80)).split('\n')).toHaveLength(6);
    expect(nextToText([], plain(80))).toBe('');
  });

  test('has no escape codes without colours and some with them', () => {
    expect(planToText(full, decisions, plain(80), false)).not.toContain('\u001b');
    expect(planToText(full, decisions, paintWith(true, true, 80), false)).toContain('\u001b[');
  });
});

describe('findings as text', () => {
  test('come with the worst first, their rule and their fix', () => {
    const text = findingsToText([finding('info'), finding('warning'), finding('error')], plain(400), 'clean');
    expect(text.match(/rule-\w+/g)).toEqual(['rule-error', 'rule-warning', 'rule-info']);
    expect(text.split('\n')[0]).toBe(`✗ ${long} (src/server.ts:3) rule-error`);
    expect(text.split('\n')[1]).toBe(`  → ${long}`);
  });

  test('keep the lines of a fix of several lines apart', () => {
    const text = findingsToText([finding('error', { fix: 'one\ntwo', path: null })], plain(400), 'clean');
    expect(text).toMatch(/ {2}→ one\n {4}two$/);
  });

  test('are one line where there are none', () => {
    expect(findingsToText([], paintWith(false, false, 80), 'No drift: ping.')).toBe('ok No drift: ping.');
  });
});

describe('a profile as text', () => {
  test('in short says what the project is', () => {
    expect(profileInShort(host(shop).profile, plain(80))).toBe('shop: Express 5 (TypeScript, ESM, npm)');
  });

  test('has a line for every fact, with its evidence', () => {
    const { profile } = host(shop);
    const text = profileToText(profile, plain(80));
    for (const name of Object.keys(profile).filter((key) => key !== 'name'))
      expect(text).toMatch(new RegExp(`^${name} +\\S`, 'm'));
    expect(text).toMatch(/^framework +express \(.*src\/server\.ts:\d+\)/m);
  });
});

test('a wrapped paragraph keeps its words and breaks only between them', () => {
  expect(
    wrap(long, 60, '    ')
      .split(/\n {4}/)
      .join(' '),
  ).toBe(long);
  expect(wrap('x'.repeat(200), 60)).toBe('x'.repeat(200));
});
