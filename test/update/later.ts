import type { Skill } from '../../src/model.ts';
import type { Ranges } from '../../src/plan/dependencies.ts';
import { catalogue } from '../fixtures.ts';

/** What a later version of a skill changes; one row each for the skills that ship with us. */
interface Step {
  /** A managed file of every host whose first `return` gets a new ending. */
  changed: string;
  /** A managed file that is no more. */
  removed: string;
  /** A variable that has another name. */
  renamed: readonly [from: string, to: string];
}

export const steps: Readonly<Record<string, Step>> = {
  webhook: {
    changed: 'core/receive',
    removed: 'core/payload',
    renamed: ['STRIPE_WEBHOOK_SECRET', 'STRIPE_SIGNING_SECRET'],
  },
  'rate-limit': {
    changed: 'core/limiter',
    removed: 'core/usage',
    renamed: ['REDIS_URL', 'RATE_LIMIT_REDIS_URL'],
  },
};

/** The line that a later version changes: the first that matches. */
const returning = /^(\s*return .*;)$/m;
export const laterVersion = '9.0.0';

/** The ranges of a later version: every one is another. */
export const laterRanges: Ranges = Object.fromEntries(Object.keys(catalogue.ranges()).map((name) => [name, '^99.0.0']));

/**
 * What a later version of a skill could be: a line changed, a file new, a file gone, a variable renamed, a wiring slot
 * moved, a new choice with a default, and other texts for the files that are the user's from the start.
 */
export function later(skill: Skill): Skill {
  const step = steps[skill.id];
  if (step === undefined) throw new Error(`Say in test/update/later.ts what a later "${skill.id}" changes.`);
  const [from, to] = step.renamed;
  const owned = new Set(skill.files.filter(({ kind }) => kind === 'owned').map((file) => file.from));
  const isOwned = (path: string) => owned.has(path) || (owned.has('handlers/{{each}}.ts') && /^handlers\//.test(path));
  const texts = new Map(
    [...skill.texts].map(([path, text]) => {
      const renamed = text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to);
      if (isOwned(path)) return [path, `${renamed}\n// Only for who adds it now.\n`];
      return [
        path,
        path === `${step.changed}.ts` ? renamed.replace(returning, '$1 // As of the later version.') : renamed,
      ];
    }),
  );
  texts.set('core/later.ts', '/** New in the later version. */\nexport const later = true;\n');
  texts.set('core/mode.ts', "/** Where the new choice is fast. */\nexport const mode = 'fast';\n");
  return {
    ...skill,
    version: laterVersion,
    texts,
    files: [
      ...skill.files.filter((file) => file.from !== `${step.removed}.ts`),
      { from: 'core/later.ts', to: '{{dir}}/core/later.{{ext}}', kind: 'managed' },
      { from: 'core/mode.ts', to: '{{dir}}/core/mode.{{ext}}', kind: 'managed', when: { mode: 'fast' } },
    ],
    env: skill.env.map((variable) => (variable.name === from ? { ...variable, name: to } : variable)),
    wire: skill.wire.map((one) => ({ ...one, slot: 'routes' as const })),
    choices: {
      ...skill.choices,
      mode: {
        ask: 'Which mode?',
        kind: 'one',
        options: { fast: { label: 'Fast' }, safe: { label: 'Safe' } },
        defaults: [{ value: 'fast', because: 'as before' }],
      },
    },
  };
}
