import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { fingerprintsOf } from '../../../src/report/fingerprint.ts';
import { formatNames, formatted } from '../../../src/report/formats/index.ts';
import { exitCodeOf, type Report } from '../../../src/report/report.ts';
import { publishedSchemas } from '../../../src/report/schemas.ts';
import { finding, nasty, plain, report, reports } from './report.ts';
import { sarifSchema } from './sarif-schema.ts';
import { type Element, readXml } from './xml.ts';

const by = (name: (typeof formatNames)[number], one: Report): string => formatted(name, one, plain);
const validator = (schema: object) =>
  new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

describe.each(formatNames)('%s', (name) => {
  test.each(reports)('of %s ends without a line break and is the same twice', (_, one) => {
    const text = by(name, one);
    expect(text).not.toBe('');
    expect(text).not.toMatch(/\n$/);
    expect(by(name, structuredClone(one))).toBe(text);
  });
});

describe('sarif', () => {
  const validate = validator(sarifSchema);

  test.each(reports)('of %s is what the standard asks for', (_, one) => {
    expect(validate(JSON.parse(by('sarif', one))), JSON.stringify(validate.errors, null, 1)).toBe(true);
  });

  const runOf = (one: Report) => JSON.parse(by('sarif', one)).runs[0];

  test('describes every rule once, and each result points at its own', () => {
    const run = runOf(report([finding({ rule: 'b' }), finding({ rule: 'a' }), finding({ rule: 'b' }), finding()]));
    const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { ruleId, ruleIndex } of run.results) expect(ids[ruleIndex]).toBe(ruleId);
  });

  test('names files from the root of the repository, encoded', () => {
    const [result] = runOf(report([finding({ path: 'app/[id]/a b.ts' })], { base: 'apps/web' })).results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'apps/web/app/%5Bid%5D/a%20b.ts', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12 },
    });
  });

  test('puts what has no place at the package.json, where a service shows it', () => {
    const [result] = runOf(report([finding({ path: null, line: null })], { base: 'apps/web' })).results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('apps/web/package.json');
  });

  test('says that the run was incomplete, and of what', () => {
    const [invocation] = runOf(report([], { failures: ['src/a.ts cannot be read.'] })).invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications[0].message.text).toBe('src/a.ts cannot be read.');
    expect(runOf(report([])).invocations[0].executionSuccessful).toBe(true);
  });

  test('keeps what is let be, with the reason', () => {
    const [result] = runOf(report([finding({ suppressed: { kind: 'external', justification: 'old code' } })])).results;
    expect(result.suppressions).toEqual([{ kind: 'external', justification: 'old code' }]);
  });

  test('says what would mend it, as regions of the file', () => {
    const text = 'a\r\nconst ö = { x: false };\n';
    const at = text.indexOf('false');
    const one = report([finding({ path: 'src/a b.ts', fix: 'Turn it on.\nThen look.' })], {
      sources: () => text,
      editsOf: () => [{ start: at, end: at + 5, text: 'true' }],
    });
    expect(runOf(one).results[0].fixes).toEqual([
      {
        description: { text: 'Turn it on.' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'src/a%20b.ts', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 2, startColumn: 16, endLine: 2, endColumn: 21 },
                insertedContent: { text: 'true' },
              },
            ],
          },
        ],
      },
    ]);
    expect(validate(JSON.parse(by('sarif', one))), JSON.stringify(validate.errors)).toBe(true);
  });

  test('keeps to what code scanning takes, and says what it leaves out', () => {
    const many = [
      ...Array.from({ length: 25_000 }, (_, n) => finding({ severity: 'info', line: n + 1 })),
      finding({ message: 'The worst.' }),
    ];
    const { results, invocations } = runOf(report(many));
    expect(results).toHaveLength(25_000);
    expect(results[0].message.text).toContain('The worst.');
    expect(invocations[0]).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [{ level: 'warning' }],
    });
  });

  test('tells runs of two commands and of two packages apart', () => {
    const id = (one: Report) => runOf(one).automationDetails.id;
    const checked = report([]);
    const ids = [
      checked,
      { ...checked, base: 'a' },
      { ...checked, tool: { ...checked.tool, command: 'doctor' as const } },
    ].map(id);
    expect(new Set(ids).size).toBe(3);
  });

  test.each([
    ['another version', (log: { version: string }) => ({ ...log, version: '2.0.0' })],
    ['no runs', (log: object) => ({ ...log, runs: [] })],
    ['a key of our own', (log: object) => ({ ...log, colour: 'red' })],
  ])('would be refused with %s: the schema can fail', (_, spoil) => {
    expect(validate(spoil(JSON.parse(by('sarif', report([finding()])))))).toBe(false);
  });
});

describe('a fingerprint', () => {
  test('stays when lines move, and differs by rule, path, package and count', () => {
    const [moved] = fingerprintsOf([finding({ line: 99 })], '');
    const [same, second] = fingerprintsOf([finding(), finding()], '');
    expect(moved).toBe(same);
    const others = [finding({ rule: 'x' }), finding({ path: 'b.ts' }), finding({ message: 'x' })];
    const all = [
      same,
      second,
      ...others.flatMap((one) => fingerprintsOf([one], '')),
      ...fingerprintsOf([finding()], 'b'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('is the finding’s own where it has one', () => {
    expect(fingerprintsOf([finding({ fingerprint: 'mine' })], '')).toEqual(['mine']);
  });

  test('is the same whether a package is looked at alone or from the root', () => {
    expect(fingerprintsOf([finding({ path: 'src/a.ts' })], 'apps/web')).toEqual(
      fingerprintsOf([finding({ path: 'apps/web/src/a.ts' })], ''),
    );
  });
});

describe('github', () => {
  test.each(reports)('of %s is one line per finding, each a whole command', (_, one) => {
    const lines = by('github', one).split('\n');
    const commands = lines.filter((line) => line.startsWith('::'));
    const active = one.findings.filter(({ suppressed }) => suppressed === undefined);
    expect(commands).toHaveLength(active.length + one.failures.length);
    expect(lines).toHaveLength(commands.length + 1);
    for (const line of commands)
      expect(line).toMatch(/^::(error|warning|notice) (\w+=[^,:\r\n]*)(,\w+=[^,:\r\n]*)*::[^\r\n]+$/);
  });

  test.each([
    ['in one line', finding({ column: 3, endColumn: 9 }), 'file=src/app.ts,line=12,col=3,endColumn=9,title=unwired'],
    ['over lines', finding({ endLine: 14, column: 3 }), 'file=src/app.ts,line=12,endLine=14,title=unwired'],
    ['without a line', finding({ line: null, column: 3 }), 'file=src/app.ts,title=unwired'],
    ['without a place', finding({ path: null, line: null }), 'title=unwired'],
    ['in a package', finding({ package: 'api', line: null }), 'file=src/app.ts,title=unwired (api)'],
    ['in odd names', finding({ path: 'a,b:c%d.ts', line: 1 }), 'file=a%2Cb%3Ac%25d.ts,line=1,title=unwired'],
  ])('places a finding %s', (_, one, properties) => {
    expect(by('github', report([one])).split('\n')[0]).toMatch(
      new RegExp(`^::error ${properties.replaceAll(/[()]/g, '\\$&')}::`),
    );
  });

  test('escapes what would end the message, and gives it back whole', () => {
    const [line = ''] = by('github', report([finding({ message: nasty, fix: '' })])).split('\n');
    const message = line.slice(line.indexOf('::', 2) + 2);
    expect(message.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')).toBe(nasty);
  });

  test('begins with the worst, because only the first ten are shown', () => {
    const all = (['info', 'warning', 'error'] as const).map((severity) => finding({ severity }));
    expect(by('github', report(all)).match(/^::\w+/gm)).toEqual(['::error', '::warning', '::notice']);
  });

  test('says where to look for the rest, where there are more than GitHub shows', () => {
    const last = (count: number) =>
      by('github', report(Array.from({ length: count }, (_, n) => finding({ line: n + 1 }))))
        .split('\n')
        .at(-1);
    expect(last(10)).toBe('check: 10 errors');
    expect(last(11)).toMatch(/^check: 11 errors\. .*the summary of the step/);
  });

  test('says in words that nothing was found', () => {
    expect(by('github', report([]))).toBe('No drift: webhook.');
  });
});

describe('junit', () => {
  const read = (one: Report): Element => readXml(by('junit', one));
  const casesIn = (one: Report): Element[] => read(one).children.flatMap(({ children }) => children);
  const kindOf = ({ children }: Element): string => children[0]?.name ?? 'passed';
  const cases = (one: Report) => Object.fromEntries(casesIn(one).map((each) => [each.attributes.name, kindOf(each)]));

  test.each(reports)('of %s is well-formed, and its counts hold', (_, one) => {
    const root = read(one);
    for (const element of [root, ...root.children]) {
      const own = element === root ? root.children.flatMap(({ children }) => children) : element.children;
      const count = (kind: string) => String(own.filter((each) => kindOf(each) === kind).length);
      expect(element.attributes).toMatchObject({
        tests: String(own.length),
        failures: count('failure'),
        errors: count('error'),
        ...(element === root ? {} : { skipped: count('skipped') }),
      });
    }
  });

  /** What the schemas that CI servers read by have in common: the attributes of each element, and what may be in it. */
  const grammar: Readonly<Record<string, readonly [attributes: readonly string[], children: readonly string[]]>> = {
    testsuites: [['name', 'tests', 'failures', 'errors', 'time'], ['testsuite']],
    testsuite: [['name', 'tests', 'failures', 'errors', 'skipped', 'time'], ['testcase']],
    testcase: [
      ['classname', 'name', 'time'],
      ['failure', 'error', 'skipped', 'system-out'],
    ],
    failure: [['message', 'type'], []],
    error: [['message', 'type'], []],
    skipped: [['message'], []],
    'system-out': [[], []],
  };
  const keepsTo = ({ name, attributes, children }: Element): void => {
    const [own, inner] = grammar[name] ?? [[], []];
    expect(Object.keys(attributes).sort(), name).toEqual([...own].sort());
    for (const child of children) {
      expect(inner, name).toContain(child.name);
      keepsTo(child);
    }
  };

  test.each(reports)('of %s keeps to the common schema', (_, one) => {
    keepsTo(read(one));
  });

  test('has a case for every rule, found or not', () => {
    const one = report([finding(), finding({ rule: 'file-edited', severity: 'info' })]);
    expect(Object.keys(cases(one)).sort()).toEqual(one.tool.rules.map(({ id }) => id).sort());
    expect(cases(one)).toMatchObject({ unwired: 'failure', 'file-edited': 'system-out', 'step-open': 'passed' });
  });

  test('fails where the run fails: at or above the severity that is asked for', () => {
    const found = [finding({ rule: 'a', severity: 'warning' }), finding({ rule: 'b', severity: 'info' })];
    expect(cases(report(found))).toMatchObject({ a: 'system-out', b: 'system-out' });
    expect(cases(report(found, { failOn: 'warning' }))).toMatchObject({ a: 'failure', b: 'system-out' });
    expect(cases(report(found, { failOn: 'info' }))).toMatchObject({ a: 'failure', b: 'failure' });
  });

  test('skips a rule of which all is let be, with the reason', () => {
    const one = report([finding({ suppressed: { kind: 'inSource', justification: 'a & b' } })]);
    expect(cases(one)).toMatchObject({ unwired: 'skipped' });
    const skipped = casesIn(one).find(({ attributes }) => attributes.name === 'unwired')?.children[0];
    expect(skipped?.attributes.message).toBe('a & b');
  });

  test('gives words back as they were, but for what XML cannot hold', () => {
    const one = report([finding({ message: nasty, fix: '', path: null })]);
    const [failure] = casesIn(one).flatMap(({ children }) => children);
    const held = nasty.replace('\u0001', '\ufffd').replace('\ud800', '\ufffd');
    expect(failure?.attributes.message).toBe(held);
    expect(failure?.text).toBe(held);
  });

  test('has a suite per category and package', () => {
    const found = [finding({ package: 'api', rule: 'sec/a' }), finding({ package: 'web' })];
    const names = read(report(found)).children.map(({ attributes }) => attributes.name);
    expect(names).toEqual(['api: check', 'api: sec', 'web: check']);
  });

  test.each(['<a>', '<a b="<"/>', '<a>&</a>', '<a b="1" b="2"/>', '<a/><b/>', '<a>]]></a>', '<a>\u0001</a>'])(
    'would not be read if it were %s: the reader refuses',
    (source) => {
      expect(() => readXml(`<?xml version="1.0" encoding="UTF-8"?>\n${source}`)).toThrow();
    },
  );
});

describe('markdown', () => {
  test.each(reports)('of %s is one row per finding, each of as many cells', (_, one) => {
    const rows = by('markdown', one)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const active = one.findings.filter(({ suppressed }) => suppressed === undefined);
    expect(rows).toHaveLength(active.length === 0 ? 0 : active.length + 2);
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(cells).size).toBeLessThan(2);
  });

  test('lets no HTML and no marks through', () => {
    const text = by('markdown', report([finding({ message: '<img src=x> *a* _b_ [c](d) #e', fix: 'f' })]));
    expect(text).toContain('&lt;img src=x&gt; \\*a\\* \\_b\\_ \\[c\\](d) \\#e');
  });

  test('keeps code as code, also with backticks and bars in it', () => {
    const text = by('markdown', report([finding({ path: 'a`b|c.ts', message: 'Run `a | b`.' })]));
    expect(text).toContain('``a`b\\|c.ts:12``');
    expect(text).toContain('Run `a \\| b`.');
  });

  test('ends before it is too long for a summary', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => finding({ path: `src/file${n}.ts` }));
    const text = by('markdown', report(many));
    expect(text.length).toBeLessThan(200_000);
    expect(text).toMatch(/And 800 more\.$/);
  });
});

describe('gitlab', () => {
  const shape = validator({
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {
        description: { type: 'string', minLength: 1 },
        check_name: { type: 'string', minLength: 1 },
        fingerprint: { type: 'string', minLength: 1 },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            path: { type: 'string', pattern: '^[^./]' },
            lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
          },
        },
      },
    },
  });

  test.each(reports)('of %s is what its documentation asks for, every fingerprint once', (_, one) => {
    const rows = JSON.parse(by('gitlab', one));
    expect(shape(rows), JSON.stringify(shape.errors)).toBe(true);
    const prints = rows.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe('json', () => {
  const validate = validator(publishedSchemas().findings ?? {});

  test.each(reports)('of %s is the document that is published', (_, one) => {
    const document = JSON.parse(by('json', one));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.complete).toBe(one.failures.length === 0);
    expect(document.findings).toHaveLength(one.findings.length);
  });
});

describe('text', () => {
  test('keeps packages apart, and leaves out what is let be', () => {
    const found = [
      finding({ package: 'web', message: 'one.' }),
      finding({ package: 'api', message: 'two.', severity: 'warning' }),
      finding({ package: 'api', message: 'three.', suppressed: { kind: 'inSource', justification: 'x' } }),
    ];
    const text = by('text', report(found));
    expect(text).toMatch(/^web \(1 error\)\n✗ one\.[\s\S]*\n\napi \(1 warning\)\n! two\./);
    expect(text).not.toContain('three');
  });

  test('says that nothing was found, but not where something could not be looked at', () => {
    expect(by('text', report([]))).toBe('✓ No drift: webhook.');
    expect(by('text', report([], { failures: ['a is gone.'] }))).toBe('✗ Could not be checked: a is gone.');
  });
});

describe('the exit code', () => {
  test.each([
    ['nothing', report([]), 0],
    ['less than asked for', report([finding({ severity: 'warning' })]), 0],
    ['as much as asked for', report([finding({ severity: 'warning' })], { failOn: 'warning' }), 1],
    ['an error', report([finding()]), 1],
    ['an error that is let be', report([finding({ suppressed: { kind: 'inSource', justification: '' } })]), 0],
    ['something that could not be looked at', report([], { failures: ['x'] }), 3],
    ['both', report([finding()], { failures: ['x'] }), 3],
  ])('of %s', (_, one, code) => {
    expect(exitCodeOf(one)).toBe(code);
  });
});
