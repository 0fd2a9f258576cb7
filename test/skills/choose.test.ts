import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Choices, Skill } from '../../src/model.ts';
import { type Answer, choicesOf, decide, isOpen } from '../../src/skills/choose.ts';
import type { Facts } from '../../src/skills/facts.ts';

const skill: Skill = {
  id: 'sample',
  aliases: [],
  title: '',
  summary: '',
  version: '1.0.0',
  frameworks: ['express'],
  folder: 'sample',
  choices: {
    provider: {
      ask: 'Who?',
      kind: 'many',
      grows: true,
      options: { stripe: { label: '' }, github: { label: '' } },
      defaults: [
        { when: { dependency: 'stripe' }, value: ['stripe'], because: 'stripe is there' },
        { value: ['github'], because: 'common' },
      ],
    },
    store: {
      ask: 'Where?',
      kind: 'one',
      options: {
        memory: { label: '', unless: [{ when: { runtime: 'vercel' }, because: 'it forgets.' }] },
        redis: { label: '' },
      },
      defaults: [
        { value: 'memory', because: 'simple' },
        { value: 'redis', because: 'lasts' },
      ],
    },
    client: {
      ask: 'Which?',
      kind: 'one',
      when: { store: 'redis' },
      options: { ioredis: { label: '' } },
      defaults: [{ value: 'ioredis', because: 'only one' }],
    },
    path: { ask: 'Path?', kind: 'text', pattern: '(/[a-z]+)+', defaults: [{ value: '/hooks', because: 'usual' }] },
    tests: { ask: 'Tests?', kind: 'flag', defaults: [{ value: true, because: 'good' }] },
  },
  files: [],
  docs: [],
  wire: [],
  dependencies: [],
  env: [],
  scripts: [],
  next: [],
  pairs: [],
  texts: new Map(),
};

const facts = (more: Facts = {}): Facts => ({ runtime: 'node', dependency: [], ...more });
const chosen = (asked: Record<string, Answer> = {}, more: Facts = {}, recorded: Choices | null = null) =>
  choicesOf(decide(skill, facts(more), asked, recorded));
const refusal = (asked: Record<string, Answer>, more: Facts = {}): UserError => {
  try {
    decide(skill, facts(more), asked, null);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('It was not refused.');
};

describe('choices', () => {
  test('take what the project shows, then defaults', () => {
    expect(chosen()).toEqual({ provider: ['github'], store: 'memory', path: '/hooks', tests: true });
    expect(chosen({}, { dependency: ['stripe'] }).provider).toEqual(['stripe']);
  });

  test('that follow from another are only there with it', () => {
    expect(chosen({ store: 'redis' })).toMatchObject({ store: 'redis', client: 'ioredis' });
    expect(chosen()).not.toHaveProperty('client');
  });

  test('fall to the next default where the first cannot work', () => {
    expect(chosen({}, { runtime: 'vercel' }).store).toBe('redis');
  });

  test('grow beside the recorded ones, or take their place', () => {
    const recorded = { provider: ['stripe'], store: 'redis' };
    expect(chosen({ provider: ['github'] }, {}, recorded)).toMatchObject({
      provider: ['stripe', 'github'],
      store: 'redis',
    });
    expect(chosen({ store: 'memory' }, {}, recorded)).toMatchObject({ provider: ['stripe'], store: 'memory' });
  });

  test('are open only where neither a flag, the lock nor the project answers', () => {
    const open = (asked: Record<string, Answer>, more: Facts) =>
      decide(skill, facts(more), asked, null)
        .filter(isOpen)
        .map(({ name }) => name);
    expect(open({}, {})).toEqual(['provider', 'store', 'path', 'tests']);
    expect(open({ store: 'redis' }, { dependency: ['stripe'] })).toEqual(['path', 'tests']);
  });

  test.each<[string, Record<string, Answer>, Facts, string, string]>([
    ['an unknown choice', { stroe: 'redis' }, {}, 'no choice called "stroe"', 'Did you mean "store"?'],
    ['an unknown value', { provider: ['strip'] }, {}, '"strip" is not a provider', 'Did you mean "stripe"?'],
    ['a value far from all', { store: 'paper' }, {}, '"paper" is not a store', 'Choose from: memory, redis.'],
    [
      'a value that cannot work here',
      { store: 'memory' },
      { runtime: 'vercel' },
      'cannot work in this project: it forgets.',
      '--store redis',
    ],
    ['an empty list', { provider: [] }, {}, 'at least one provider', 'stripe, github'],
    ['a text that does not fit', { path: 'hooks' }, {}, '"hooks" is not a valid path', '/hooks'],
    ['a text with more behind it', { path: '/hooks/../x' }, {}, 'not a valid path', '/hooks'],
  ])('refuse %s', (_, asked, more, message, hint) => {
    const error = refusal(asked, more);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});
