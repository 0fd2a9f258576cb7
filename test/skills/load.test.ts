import { describe, expect, test } from 'vitest';
import { loadSkill } from '../../src/skills/load.ts';
import { catalogue } from '../fixtures.ts';

const manifest = {
  id: 'sample',
  aliases: [],
  title: 'Sample',
  summary: 'A sample.',
  version: '1.0.0',
  frameworks: ['express'],
  folder: 'sample',
  choices: {
    kind: {
      ask: 'Which?',
      kind: 'one',
      options: { a: { label: 'A' }, b: { label: 'B' } },
      defaults: [{ value: 'a', because: 'first' }],
    },
  },
  files: [{ from: 'core/{{kind}}.ts', to: '{{dir}}/{{kind}}.{{ext}}', kind: 'managed' }],
  docs: ['SKILL.md'],
  wire: [],
  dependencies: [],
  env: [],
  scripts: [],
  next: [],
  pairs: [],
};

const texts = (changes: object = {}, files: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      'skill.json': JSON.stringify({ ...manifest, ...changes }),
      'SKILL.md': '# Sample',
      'core/a.ts': 'export const a = 1;\n',
      'core/b.ts': 'export const b = 1;\n',
      ...files,
    }),
  );

describe('a skill', () => {
  test('is its manifest and its texts', () => {
    const skill = loadSkill('sample', texts());
    expect(skill).toMatchObject({ id: 'sample', version: '1.0.0', folder: 'sample' });
    expect(skill.texts.get('core/a.ts')).toBe('export const a = 1;\n');
  });

  test.each([
    ['no manifest', new Map([['a.ts', '']]), 'no skill.json'],
    ['broken JSON', texts({}, { 'skill.json': '{' }), 'is not JSON'],
    ['an unknown key', texts({ hooks: [] }), 'hooks'],
    ['a missing key', texts({ title: undefined }), 'title'],
    ['a version that is none', texts({ version: 'one' }), 'version'],
    ['an unknown framework', texts({ frameworks: ['rails'] }), 'frameworks'],
    [
      'a condition on something unknown',
      texts({ env: [{ name: 'A', example: '', why: '', required: true, when: { moon: 'full' } }] }),
      '"moon"',
    ],
    ['a variable name that is none', texts({ env: [{ name: 'a b', example: '', why: '', required: true }] }), 'env'],
    [
      'a file named and absent',
      texts({ files: [...manifest.files, { from: 'core/c.ts', to: 'c.ts', kind: 'managed' }] }),
      'core/c.ts',
    ],
    ['a file present and unnamed', texts({}, { 'core/stray.ts': '' }), 'core/stray.ts'],
    ['a document that is absent', texts({ docs: ['SKILL.md', 'more.md'] }), 'more.md'],
    [
      'an unknown variable in a template',
      texts(
        { files: [...manifest.files, { from: 'x.ts.hbs', to: 'x.ts', kind: 'managed' }] },
        { 'x.ts.hbs': '{{typo}}' },
      ),
      'typo',
    ],
    [
      'an unknown variable in a condition of a template',
      texts(
        { files: [...manifest.files, { from: 'x.ts.hbs', to: 'x.ts', kind: 'managed' }] },
        { 'x.ts.hbs': '{{#if typo}}a{{/if}}' },
      ),
      'typo',
    ],
    [
      'an unknown variable in a path',
      texts({ files: [{ from: 'core/{{kind}}.ts', to: '{{folder}}/x.ts', kind: 'managed' }] }),
      'folder',
    ],
  ])('is refused for %s', (_, files, words) => {
    expect(() => loadSkill('sample', files)).toThrow(words);
  });
});

test.each(catalogue.manifests().map(({ id }) => id))('%s, which ships with us, is sound', (id) => {
  const skill = catalogue.skill(id);
  expect(loadSkill(id, skill.texts)).toEqual(skill);
});
