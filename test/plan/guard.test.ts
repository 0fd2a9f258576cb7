import { expect, test } from 'vitest';
import { choicesToTry, lawsBroken } from '../../src/plan/trial.ts';
import { loadForeign } from '../../src/skills/foreign.ts';
import { fixtures, hostFor } from '../fixtures.ts';
import { manifest, textsOf } from '../skills/elsewhere.ts';

const inSource = 'express5-ts-esm';
const atTheTop = 'express4-js-cjs';

async function brokenOn(name: string, changes: object, files: Readonly<Record<string, string>> = {}) {
  const fixture = fixtures.find((each) => each.name === name);
  if (fixture === undefined) throw new Error(`There is no fixture ${name}.`);
  const skill = loadForeign('./audit', textsOf(changes, files), { from: './audit', resolved: './audit' });
  const host = hostFor(fixture);
  const [choices = {}] = choicesToTry(skill, host);
  return lawsBroken(skill, host, fixture.files, choices, {});
}

const path = (value: string) => ({
  ...manifest.choices,
  path: { ask: 'Where?', kind: 'text', defaults: [{ value, because: 'x' }] },
});
const extra = (to: string, from = 'more.ts') => ({ files: [...manifest.files, { from, to, kind: 'managed' }] });
const more = { 'more.ts': 'export const more = 1;\n' };

test.each([inSource, atTheTop])(
  'a harmless skill from elsewhere breaks no law on %s, its copy included',
  async (name) => {
    expect(await brokenOn(name, {})).toEqual([]);
  },
);

test.each<[string, string, object, Readonly<Record<string, string>>, RegExp]>([
  ['a hidden file', inSource, extra('{{dir}}/.env'), more, /"src\/audit\/.env": hidden files/],
  ['a hidden folder', inSource, extra('{{dir}}/.github/workflows/ci.yml'), more, /hidden files/],
  ['a file in the top folder', atTheTop, extra('{{src}}/vitest.config.ts'), more, /folder of their own/],
  ['a path of packages', inSource, extra('{{dir}}/node_modules/x.ts'), more, /is not a path in this project/],
  ['a path of git', inSource, extra('{{dir}}/.git/hooks/x'), more, /is not a path in this project/],
  ['a path that is none on some systems', inSource, extra('{{dir}}/con.ts'), more, /is not a path in this project/],
  ['one file twice', inSource, extra('{{dir}}/index.{{ext}}'), more, /"src\/audit\/index.ts" twice/],
  ['one file twice on some systems', inSource, extra('{{dir}}/INDEX.{{ext}}'), more, /"src\/audit\/INDEX.ts" twice/],
  [
    'a default that leads away',
    inSource,
    { ...extra('{{dir}}/{{path}}/x.ts'), choices: path('../../..') },
    more,
    /leads away/,
  ],
  [
    'a mount that ends its text',
    inSource,
    { choices: path("/'); evil('") },
    {},
    /is not a path that "audit" can be mounted at/,
  ],
  ['a mount of two lines', inSource, { choices: path('/a\\`') }, {}, /is not a path that "audit" can be mounted at/],
  [
    'code nested without end',
    inSource,
    extra('{{dir}}/more.ts'),
    { 'more.ts': `export const a = ${'['.repeat(50_000)}${']'.repeat(50_000)};` },
    /which is not valid code/,
  ],
  [
    'code that is a chain without end',
    inSource,
    extra('{{dir}}/more.ts'),
    { 'more.ts': `export const a = 1${'+1'.repeat(200_000)};` },
    /which is not valid code/,
  ],
])('%s is refused where it is planned', async (_, name, changes, files, says) => {
  const attempt = async () => {
    const broken = await brokenOn(name, changes, files);
    return broken.map(({ detail }) => detail).join('\n');
  };
  await expect(attempt().catch((error: Error) => error.message)).resolves.toMatch(says);
});

test('a script that an answer makes two commands of is refused', async () => {
  const changes = { choices: path('/a;evil'), scripts: [{ name: 'audit', run: 'node audit.js {{path}}' }], wire: [] };
  expect(await brokenOn(inSource, changes)).toMatchObject([
    { detail: expect.stringMatching(/more than one plain command: "node audit.js \/a;evil"/) },
  ]);
});
