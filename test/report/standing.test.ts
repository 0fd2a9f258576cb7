import { expect, test } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { Skill } from '../../src/model.ts';
import { standingsIn } from '../../src/report/standing.ts';
import { exampleSkill } from '../fixtures.ts';
import { added, edited, host, ping, planFor, type Texts } from '../plan/project.ts';

const pong = 'src/ping/pong.ts';

/** The example skill with another text in its core. */
const newer: Skill = {
  ...exampleSkill,
  version: '0.2.0',
  texts: new Map([...exampleSkill.texts].map(([path, text]) => [path, text.replace('The answer', 'The one answer')])),
};

function standings(files: Texts, skill: Skill = newer, choices = ping) {
  const previous = readLock(host(files).tree).lock.skills.ping;
  if (previous === undefined) throw new Error('The example skill is not in the lock.');
  const plan = planFor(files, choices, { skill, overlap: 'markers' });
  return Object.fromEntries(standingsIn(plan, previous).map(({ path, standing }) => [path, standing]));
}

const before = added();

test.each([
  ['nobody has touched', before, { [pong]: 'outdated' }],
  ['the user has edited elsewhere', edited(before, pong, (text) => `// Mine.\n${text}`), { [pong]: 'diverged' }],
  [
    'the user has edited there',
    edited(before, pong, (text) => text.replace('The answer', 'My answer')),
    { [pong]: 'conflict' },
  ],
])('a file that is newer and that %s', (_, files, expected) => {
  expect(standings(files)).toEqual(expected);
});

test('nothing stands otherwise where nothing is newer', () => {
  expect(standings(before, exampleSkill)).toEqual({});
});

test('files that come and go with a choice, and the lines in yours', () => {
  const moved = standings(before, exampleSkill, { ...ping, greeting: ['long'], path: '/pong' });
  expect(moved).toMatchObject({
    'src/ping/greetings/long.ts': 'new',
    'src/ping/greetings/short.ts': 'removed',
    'src/server.ts': 'wiring',
  });
});
