import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { readSettings } from '../../src/settings/read.ts';
import { treeOf } from '../tree.ts';

const file = (value: unknown) =>
  treeOf({ 'backend-skills.json': typeof value === 'string' ? value : JSON.stringify(value) });
const read = (own: unknown, above?: unknown) =>
  readSettings(own === null ? treeOf({}) : file(own), {
    workspace: above === undefined ? null : { tree: file(above), folder: 'packages/api' },
  });

const empty = {
  folder: null,
  defaults: {},
  check: { format: null, failOn: null, strict: false, ignore: [] },
  doctor: { format: null, failOn: null, strict: false, ignore: [], exclude: [] },
};

test('a project without settings has none', () => {
  expect(read(null)).toEqual(empty);
  expect(read({})).toEqual(empty);
});

test('every key is read, with comments and trailing commas as editors write them', () => {
  const text = `{
    // Ours.
    "$schema": "./node_modules/backend-skills/dist/schemas/settings.schema.json",
    "folder": "src/modules",
    "defaults": { "webhook": { "store": "redis", "provider": ["stripe"], "tests": false } },
    "check": { "format": "junit", "failOn": "warning", "strict": true, "ignore": ["file-edited"] },
    "doctor": { "exclude": ["legacy"], "ignore": [{ "rule": "sec/*", "path": "src/old/**", "because": "going away" }] },
  }`;
  expect(read(text)).toEqual({
    folder: 'src/modules',
    defaults: { webhook: { store: 'redis', provider: ['stripe'], tests: false } },
    check: {
      format: 'junit',
      failOn: 'warning',
      strict: true,
      ignore: [{ rule: 'file-edited', path: null, because: 'backend-skills.json lets it be' }],
    },
    doctor: {
      ...empty.doctor,
      exclude: ['legacy'],
      ignore: [{ rule: 'sec/*', path: 'src/old/**', because: 'going away' }],
    },
  });
});

test('those of a package win over those of the workspace, key by key; lists are put together', () => {
  const above = {
    folder: 'src/modules',
    defaults: { webhook: { store: 'redis', path: '/hooks' }, 'rate-limit': { store: 'redis' } },
    check: { failOn: 'warning', strict: true, ignore: ['a'] },
  };
  const own = { defaults: { webhook: { store: 'postgres' } }, check: { failOn: 'info', ignore: ['b'] } };
  const settings = read(own, above);
  expect(settings.folder).toBe('src/modules');
  expect(settings.defaults).toEqual({
    webhook: { store: 'postgres', path: '/hooks' },
    'rate-limit': { store: 'redis' },
  });
  expect(settings.check).toMatchObject({ failOn: 'info', strict: true });
  expect(settings.check.ignore.map(({ rule }) => rule)).toEqual(['a', 'b']);
});

describe('settings that are wrong are refused, with the key and one thing to do', () => {
  test.each([
    ['{ "check": ', /backend-skills\.json:1:\d+ is not valid JSON/, /Correct/],
    [{ chek: {} }, /backend-skills\.json, at "chek": there is no such key/, /Did you mean "check"\?/],
    [{ colour: 1 }, /at "colour"/, /The keys there are: \$schema, folder, defaults, check, doctor/],
    [{ check: { failon: 'error' } }, /at "check\.failon"/, /Did you mean "failOn"\?/],
    [{ check: { exclude: [] } }, /at "check\.exclude"/, /format, failOn, strict, ignore/],
    [{ check: { failOn: 'fatal' } }, /at "check\.failOn": "fatal" does not/, /error or warning or info/],
    [{ doctor: { format: 'html' } }, /at "doctor\.format": "html"/, /text or json or sarif/],
    [{ check: { strict: 'yes' } }, /at "check\.strict": "yes" does not belong there/, /true or false/],
    [
      { defaults: { webhook: { store: 7 } } },
      /at "defaults\.webhook\.store": 7 does/,
      /a text or true or false or a list/,
    ],
    [{ defaults: { webhook: 'redis' } }, /at "defaults\.webhook": "redis" does/, /an object/],
    [
      { check: { ignore: [{ rul: 'x' }] } },
      /at "check\.ignore\.0\.rul": there is no such key/,
      /Did you mean "rule"\?/,
    ],
    [{ check: { ignore: [''] } }, /at "check\.ignore\.0": an empty text does/, /a text that is not empty/],
    [{ check: { ignore: [{ path: 'x' }] } }, /at "check\.ignore\.0\.rule": it is missing/, /Add "rule"/],
    [{ folder: '../elsewhere' }, /at "folder": "\.\.\/elsewhere" is not a folder in the project/, /src\/modules/],
    [{ folder: '/etc' }, /at "folder"/, /src\/modules/],
    ['[]', /backend-skills\.json: what is there does not belong there/, /an object/],
  ])('%j', (settings, message, hint) => {
    const run = () => read(settings);
    expect(run).toThrow(UserError);
    expect(run).toThrow(message);
    try {
      run();
    } catch (error) {
      expect((error as UserError).hint).toMatch(hint);
    }
  });

  test('those of the workspace’s root are named as such', () => {
    expect(() => read(null, { colour: 1 })).toThrow(/^backend-skills\.json of the workspace’s root, at "colour"/);
  });
});
