import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { lawsBroken } from '../../src/plan/trial.ts';
import { faultsOf, loadForeign } from '../../src/skills/foreign.ts';
import { fixtures, hostFor } from '../fixtures.ts';
import { manifest, textsOf } from './elsewhere.ts';

const load = (texts: ReadonlyMap<string, string>) =>
  loadForeign('./audit', texts, { from: './audit', resolved: './audit' });
const file = (changes: object) => ({ files: [{ ...manifest.files[0], ...changes }] });
const dependency = (changes: object) => ({ dependencies: [{ name: 'zod', range: '^4.0.0', ...changes }] });
const script = (changes: object) => ({ scripts: [{ name: 'audit', run: 'node x.js', ...changes }] });
const choice = (name: string, changes: object) => ({
  choices: { ...manifest.choices, [name]: { ...manifest.choices.path, ...changes } },
});
const variable = (changes: object) => ({ env: [{ ...manifest.env[0], ...changes }] });
const withManifest = (text: string) => textsOf({}, { 'skill.json': text });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f/${n}.md`, '']));

test('a harmless skill from elsewhere is loaded, and named by its content', () => {
  const skill = load(textsOf());
  expect(skill).toMatchObject({ id: 'audit', source: { from: './audit', resolved: './audit' } });
  expect(skill.source?.hash).toMatch(/^[0-9a-f]{64}$/);
});

describe('the content', () => {
  const hash = (texts: ReadonlyMap<string, string>) => load(texts).source?.hash;

  test('is the same with other line endings, in another order, and beside what packages bring', () => {
    const windows = new Map(
      [...textsOf()].reverse().map(([path, text]) => [path, text.replaceAll('\n', '\r\n')] as const),
    );
    const packed = textsOf({}, { 'package.json': '{"name":"audit"}', 'README.md': '# Audit', LICENSE: 'MIT' });
    expect([windows, packed].map(hash)).toEqual([hash(textsOf()), hash(textsOf())]);
  });

  test('is another with any other character, and with a character in another file', () => {
    const texts = [
      textsOf(),
      textsOf({}, { 'SKILL.md': 'x' }),
      textsOf({ summary: 'x' }),
      textsOf({}, { 'SKILL.md': 'x ' }),
    ];
    expect(new Set(texts.map(hash)).size).toBe(4);
  });
});

describe('a path in a skill', () => {
  test.each([
    '../evil.md',
    'a/../../evil.md',
    './evil.md',
    '/etc/passwd',
    'a//b.md',
    'C:\\evil.md',
    'C:/evil.md',
    'a\\b.md',
    'evil.md:stream',
    '.git/hooks/post-checkout',
    '.GIT/config',
    '.g\u200cit/config',
    'git~1/config',
    'a/.git/config',
    'node_modules/x/index.js',
    'NODE_MODULES/x/index.js',
    'con.md',
    'aux',
    'evil.md.',
    'evil.md ',
    'a/ /b.md',
    'a\u202egnp.md',
    'a\u0000b.md',
    'a\nb.md',
    '\uff0e\uff0e/evil.md',
    '\u2025/evil.md',
    'e\u0301.md',
    'a\ud800.md',
  ])('%j is refused', (path) => {
    expect(() => load(textsOf({ docs: ['SKILL.md', path] }, { [path]: '' }))).toThrow(
      /is not a path that a skill can have/,
    );
  });

  test.each(['.env', '.npmrc', '.github/workflows/ci.md', 'a/.env', '.husky/pre-commit', '.vscode/tasks.json'])(
    '%s is refused as hidden',
    (path) => {
      expect(() => load(textsOf({ docs: ['SKILL.md', path] }, { [path]: '' }))).toThrow(/is hidden/);
    },
  );

  test.each([
    ['SKILL.md', 'skill.md'],
    ['docs/a.md', 'Docs/A.md'],
    ['fi.md', '\ufb01.md'],
  ])('%s beside %s is refused: they are one file on some systems', (one, other) => {
    expect(() => load(textsOf({}, { [one]: '', [other]: '' }))).toThrow(/are one file on some systems/);
  });

  test('is refused where it is endless', () => {
    expect(() => load(textsOf({}, { [`${'a/'.repeat(150)}b.md`]: '' }))).toThrow(/too long a path/);
  });
});

describe('the size of a skill', () => {
  test.each([
    [
      'a file of more than 1 MB',
      textsOf({}, { 'SKILL.md': 'x'.repeat(1_000_001) }),
      /"SKILL.md" has more than 1,000,000 bytes/,
    ],
    ['more than 500 files', textsOf({}, many(501)), /more than 500 files/],
    ['a hundred thousand files', textsOf({}, many(100_000)), /more than 500 files/],
    [
      'more than 10 MB in all',
      textsOf({}, Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`${n}.md`, 'é'.repeat(480_000)]))),
      /more than 10,000,000 bytes in all/,
    ],
    [
      'a manifest of a hundred thousand files',
      textsOf({ files: Array.from({ length: 100_000 }, () => manifest.files[0]) }),
      /has more than 1,000,000 bytes/,
    ],
    [
      'more files in the manifest than there can be',
      textsOf({ files: Array.from({ length: 501 }, () => ({ from: 'a', to: '{{dir}}/a', kind: 'owned' })) }),
      /more than 500 files/,
    ],
    ['a list nested without end', withManifest('['.repeat(100_000) + ']'.repeat(100_000)), /nested more than 12/],
    [
      'a bomb of values',
      withManifest(JSON.stringify({ a: Array.from({ length: 30_000 }, () => 0) })),
      /more than 20000 values/,
    ],
    ['a text without end', textsOf({ summary: 'x'.repeat(4_001) }), /a text of more than 4000/],
    [
      'more choices than anybody could be asked',
      textsOf({ choices: Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`c${n}`, manifest.choices.path])) }),
      /more than 40 choices/,
    ],
  ])('is bounded: %s', (_, texts, says) => {
    expect(() => load(texts)).toThrow(says);
  });
});

describe('a manifest', () => {
  test.each([
    ['no manifest', textsOf({}, { 'skill.json': null }), /no skill.json/],
    [
      'a key __proto__',
      withManifest(JSON.stringify(manifest).replace('{', '{"__proto__":{"x":1},')),
      /a key "__proto__"/,
    ],
    ['a choice called constructor', textsOf(choice('constructor', {})), /a key "constructor"/],
    ['an unknown key', textsOf({ hooks: { postinstall: 'x' } }), /hooks/],
    ['an escape sequence in its title', textsOf({ title: '\u001b[2J\u001b[HAudit' }), /not seen \(U\+001B\)/],
    ['an escape sequence of one byte', textsOf({ summary: 'a\u009b2J' }), /U\+009B/],
    ['a line break in its summary', textsOf({ summary: 'a\nsha256 0000' }), /not seen \(U\+000A\)/],
    ['a text that is turned around', textsOf({ title: 'safe \u202egpj.exe' }), /U\+202E/],
    ['what is not seen in a label', textsOf(choice('level', { ask: 'a\u200bb' })), /not seen \(U\+200B\)/],
    ['an id that is a device', textsOf({ id: 'con' }), /not a name it can have/],
    ['an id that is a path', textsOf({ id: '../x' }), /"id"/],
    ['a folder that is a path', textsOf({ folder: '../x' }), /"folder"/],
    ['a choice that hides a fact', textsOf(choice('dir', {})), /that is the name of a fact/],
    ['a choice that hides another fact', textsOf(choice('framework', {})), /that is the name of a fact/],
    ['a pattern that looks back', textsOf(choice('path', { pattern: '(a)\\1' })), /pattern of the choice "path"/],
    [
      'a value that is a regular expression',
      textsOf(
        choice('level', {
          kind: 'one',
          options: { '(a+)+$': { label: 'x' } },
          defaults: [{ value: '(a+)+$', because: '' }],
        }),
      ),
      /not a value that the choice/,
    ],
    ['a wiring by more than a name', textsOf({ wire: [{ ...manifest.wire[0], name: 'a);evil(' }] }), /"wire/],
    [
      'a wiring from elsewhere',
      textsOf({ wire: [{ ...manifest.wire[0], from: '../evil.js' }] }),
      /does not begin with \{\{dir\}\}/,
    ],
  ])('is refused with %s', (_, texts, says) => {
    expect(() => load(texts)).toThrow(says);
  });

  test.each([
    '../evil.ts',
    '/etc/passwd',
    '.git/hooks/post-checkout',
    '.github/workflows/ci.yml',
    'node_modules/x/index.js',
    'package.json',
    'vitest.config.ts',
    '.env',
    'C:\\evil.ts',
    '{{dir}}/../../.github/workflows/ci.yml',
    '{{prefix}}/evil.ts',
    '{{path}}/evil.ts',
    '{{#if path}}{{dir}}{{/if}}',
  ])('is refused where it would write %s', (to) => {
    expect(() => load(textsOf(file({ to })))).toThrow(/does not begin with \{\{dir\}\}/);
  });

  test.each(['../../.env', '/etc/passwd', '.env', 'core/absent.ts'])('is refused where it would read %s', (from) => {
    expect(() => load(textsOf(file({ from })))).toThrow(/is named in skill.json and is not there/);
  });

  test('is refused where a name could be read in too many ways', () => {
    expect(() => load(textsOf(file({ from: '{{level}}{{level}}{{level}}.ts' })))).toThrow(
      /more than one variable in one name/,
    );
  });
});

describe('a dependency', () => {
  test.each([
    { name: '--global' },
    { name: '-g' },
    { name: 'zod; rm -rf ~' },
    { name: 'zod zod2' },
    { name: '../evil' },
    { name: 'https://example.com/evil.tgz' },
    { name: '@acme/../evil' },
    { name: 'ZOD' },
    { name: '' },
    { name: 'node_modules' },
  ])('called $name is refused', (changes) => {
    expect(() => load(textsOf(dependency(changes)))).toThrow(/is not the name of a package/);
  });

  test.each([
    'git+ssh://git@github.com/acme/evil.git',
    'github:acme/evil',
    'acme/evil',
    'https://example.com/evil.tgz',
    'file:../evil',
    'link:../evil',
    'npm:evil@1.0.0',
    'workspace:*',
    'latest',
    '^4.0.0 --registry=x',
    '',
    '^4.0.0 || "; evil',
  ])('of range %j is refused', (range) => {
    expect(() => load(textsOf(dependency({ range })))).toThrow(/is not a version range of "zod"/);
  });

  test('without a range is refused', () => {
    expect(() => load(textsOf({ dependencies: [{ name: 'zod' }] }))).toThrow(/"zod" has no "range"/);
  });
});

describe('what is run or set', () => {
  test.each(['postinstall', 'preinstall', 'prepare', 'install', 'prepublishOnly', 'test', 'prestart', 'dependencies'])(
    'a script called %s is refused: npm runs it by itself',
    (name) => {
      expect(() => load(textsOf(script({ name })))).toThrow(/npm runs it by itself/);
    },
  );

  test.each(['build', 'dev', 'auditx', '--audit', 'audit:a b', 'audit:$(x)'])(
    'a script called %s is refused',
    (name) => {
      expect(() => load(textsOf(script({ name })))).toThrow(/its scripts are called/);
    },
  );

  test.each([
    'node a.js; curl evil',
    'node a.js && evil',
    'a | sh',
    '$(evil)',
    '`evil`',
    'a > ~/.bashrc',
    'a & evil',
    '(evil)',
    'a $HOME',
    '',
  ])('a script that runs %j is refused', (run) => {
    expect(() => load(textsOf(script({ run })))).toThrow(/more than one plain command/);
  });

  test.each(['preinstall', 'install', 'postinstall', 'prepare'])('a package with a script %s is refused', (name) => {
    const json = JSON.stringify({ name: 'skill-audit', scripts: { [name]: 'node evil.js' } });
    expect(() => load(textsOf({}, { 'package.json': json }))).toThrow(/would run when it is installed/);
  });

  test('a package whose manifest is no JSON is refused', () => {
    expect(() => load(textsOf({}, { 'package.json': '{' }))).toThrow(/package.json is not JSON/);
  });

  test.each(['NODE_OPTIONS', 'PATH', 'LD_PRELOAD', 'GIT_SSH_COMMAND', 'NPM_CONFIG_REGISTRY', 'BASH_ENV'])(
    'the variable %s is refused',
    (name) => {
      expect(() => load(textsOf(variable({ name })))).toThrow(/it changes how programs run/);
    },
  );

  test('an example of a variable that has a second line is refused', () => {
    expect(() => load(textsOf(variable({ example: 'all\nNODE_OPTIONS=--require=./evil.js' })))).toThrow(
      /not seen \(U\+000A\)/,
    );
  });
});

describe('a template', () => {
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

  test.each([
    ['{{constructor.constructor}}', /which nothing defines|unknown variable/],
    ['{{__proto__}}', /which nothing defines|unknown variable/],
    ['{{this.constructor}}', /which nothing defines|unknown variable/],

    ['{{lookup this "constructor"}}', /cannot be read as a template/],

    ['{{> evil}}', /cannot be read as a template/],
    ['{{#*inline "x"}}{{> x}}{{/inline}}{{> x}}', /cannot be read as a template/],
    ['{{#> x}}{{/x}}', /cannot be read as a template/],
    ['{{log "x"}}', /cannot be read as a template/],
    ['{{exec "touch /tmp/x"}}', /cannot be read as a template/],
    ['{{#with "s" as |string|}}{{string.sub.apply}}{{/with}}', /cannot be read as a template/],
    ['{{process.env.HOME}}', /which nothing defines/],
    ['{{#if typo}}x{{/if}}', /which nothing defines/],
    ['{{@root.constructor}}', /cannot be read as a template/],
    ['{{../../..}}', /cannot be read as a template/],
    ['{{#if level}}', /cannot be read as a template/],
    [nested('{{#if level}}', '{{/if}}', 200), /nested more than 100 levels/],
    [nested('{{#if level}}', '{{/if}}', 30_000), /cannot be read as a template/],
    [`{{#if ${'(eq '.repeat(300)}level 1${' 1)'.repeat(300)}}}x{{/if}}`, /./],
    ['{{#if level}}x{{/if}}'.repeat(45_000), /more than 5000 marks/],
  ])('%.60s is refused', (template, says) => {
    const texts = textsOf({}, { 'index.ts.hbs': template });
    expect(() => load(texts)).toThrow(UserError);
    expect(() => load(texts)).toThrow(says);
  });

  test.each(['\u001b]0;evil\u0007', '// \u202e evil', 'a\u0000b'])('%j in a text is refused', (text) => {
    expect(() => load(textsOf({}, { 'index.ts.hbs': text }))).toThrow(/control character/);
  });
});

describe('what a template gets wrong only when it is rendered', () => {
  const host = fixtures.find(({ name }) => name === 'express5-ts-esm');
  /** A text for each dependency of the host, for each dependency, and so on. */
  const over = (depth: number, text: string): string =>
    Array.from({ length: depth }).reduce<string>(
      (inner, _, n) => `{{#each ${'../'.repeat(depth - 1 - n)}dependency}}${inner}{{/each}}`,
      text,
    );

  test.each([
    ['{{level.constructor}}', /unknown variable/],
    ['{{named.constructor}}', /unknown variable/],
    ['{{#each level}}x{{/each}}', /is not a list/],
    [over(9, 'x'), /more than \d+ steps/],
    [over(3, 'x'.repeat(99_000)), /more than \d+ characters/],
  ])('%.60s is refused as the skill’s fault', async (template, says) => {
    if (host === undefined) throw new Error('There is no such fixture.');
    const skill = load(textsOf({}, { 'index.ts.hbs': template }));
    const broken = await lawsBroken(skill, hostFor(host), host.files, { path: '/audit', level: 'all' }, {});
    expect(broken).toMatchObject([{ law: 'it can be planned', detail: expect.stringMatching(says) }]);
    expect(broken[0]?.detail).toMatch(/The skill ".\/audit" is not valid/);
  });
});

test('a person who writes a skill is told of every fault at once', () => {
  const texts = textsOf(
    { env: [{ ...manifest.env[0], when: { moon: 'full' } }] },
    { 'stray.ts': '', 'index.ts.hbs': '{{typo}}' },
  );
  expect(faultsOf(texts)).toEqual([
    'a "when" asks for "moon", which is neither a choice nor a fact.',
    '"stray.ts" is there and skill.json does not name it.',
    '"index.ts.hbs" uses {{typo}}, which nothing defines.',
  ]);
});
