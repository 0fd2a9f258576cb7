import type { Finding } from '../../../src/model.ts';
import { checkRules } from '../../../src/plan/check-rules.ts';
import { paintWith } from '../../../src/report/paint.ts';
import type { Report } from '../../../src/report/report.ts';

export const plain = paintWith(false, true, 100);

export const finding = (over: Partial<Finding> = {}): Finding => ({
  rule: 'unwired',
  severity: 'error',
  confidence: 'certain',
  path: 'src/app.ts',
  line: 12,
  message: 'webhook: `app.use(…)` is gone.',
  fix: 'Put it back.',
  ...over,
});

export const report = (findings: readonly Finding[], over: Partial<Report> = {}): Report => ({
  tool: { command: 'check', version: '1.2.3', rules: checkRules },
  findings,
  failures: [],
  failOn: 'error',
  base: '',
  clean: 'No drift: webhook.',
  ...over,
});

/** What breaks a careless format: every character that one of them gives a meaning to. */
export const nasty = 'a%b\r\nc:d,e|f<g>h&i"j\'k`l*m_n[o](p)#q@r ::error::s ]]> \u0001 \ud800 é 漢 \u{1f600}\ttab';

/** Reports of every kind, by name. */
export const reports: readonly (readonly [string, Report])[] = [
  ['nothing', report([])],
  ['one finding', report([finding()])],
  ['a finding without a place', report([finding({ path: null, line: null })])],
  ['a finding without a line', report([finding({ line: null })])],
  ['a place of several lines', report([finding({ endLine: 14, column: 3, endColumn: 7 })])],
  ['a place in one line', report([finding({ column: 3, endColumn: 9 })])],
  ['a rule that nobody described', report([finding({ rule: 'sec/unheard-of', severity: 'warning' })])],
  ['two alike', report([finding(), finding()])],
  ['one that is let be', report([finding({ suppressed: { kind: 'inSource', justification: nasty } })])],
  ['several packages', report([finding({ package: '@shop/api' }), finding({ package: 'admin', severity: 'info' })])],
  ['a run that is incomplete', report([finding()], { failures: [nasty] })],
  ['words that mean something', report([finding({ message: nasty, fix: nasty, rule: 'sec/a' })])],
  ['a path that means something', report([finding({ path: 'app/[id]/(x y)/a#b?c%d,e:f.ts' })])],
  ['a project below the root', report([finding()], { base: 'packages/api' })],
  [
    'a rule of security',
    {
      ...report([finding({ rule: 'sec/x' })]),
      tool: {
        command: 'doctor',
        version: '1.2.3',
        rules: [
          {
            id: 'sec/x',
            title: 'X.',
            help: 'Do **y**.',
            severity: 'error',
            url: 'https://example.com/x',
            securitySeverity: 7,
            tags: ['owasp'],
          },
        ],
      },
    },
  ],
];
