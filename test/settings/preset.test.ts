import { expect, test } from 'vitest';
import { siteOf } from '../../src/plan/desire.ts';
import { hostFacts } from '../../src/plan/wanted.ts';
import { presetFor } from '../../src/settings/preset.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { exampleSkill } from '../fixtures.ts';
import { host, shop } from '../plan/project.ts';

const here = host(shop);
const facts = hostFacts(here, siteOf(here));
const preset = (choices: Record<string, string | boolean | string[]>) =>
  presetFor(exampleSkill, { defaults: { ping: choices, other: { colour: 'red' } } });

test('what the settings say of a skill is taken as its choices want it', () => {
  expect(preset({ path: '/hello', greeting: 'long', client: true })).toEqual({
    path: '/hello',
    greeting: ['long'],
    client: true,
  });
  expect(presetFor(exampleSkill, { defaults: {} })).toEqual({});
});

test('a choice that the skill does not have is refused by its key', () => {
  expect(() => preset({ pth: '/x' })).toThrow('backend-skills.json, at "defaults.ping.pth"');
});

test('flags win over the lock, the lock over the settings, and they over what the project shows', () => {
  const said = preset({ path: '/settings', slot: 'raw', greeting: ['long'] });
  const decisions = decide(exampleSkill, facts, { path: '/flag' }, { slot: 'first' }, said);
  expect(choicesOf(decisions)).toMatchObject({ path: '/flag', slot: 'first', greeting: ['long'], client: false });
  expect(decisions.map(({ name, source }) => [name, source])).toEqual([
    ['path', 'flag'],
    ['slot', 'recorded'],
    ['greeting', 'settings'],
    ['client', 'default'],
  ]);
});

test('what cannot be is refused, whoever says it', () => {
  expect(() => decide(exampleSkill, facts, {}, null, preset({ slot: 'last' }))).toThrow(/"last" is not a slot/);
});
