import fc from 'fast-check';
import { expect } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { Choices, FrameworkId, Host, Plan, Skill } from '../../src/model.ts';
import { check } from '../../src/plan/check.ts';
import { siteOf } from '../../src/plan/desire.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { hostFacts } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { unifiedDiff } from '../../src/text/diff.ts';
import { parse } from '../../src/text/syntax.ts';
import { catalogue, exampleSkill, hostFor } from '../fixtures.ts';
import { composeNest, nestRecipes } from './compose/nest.ts';
import { composeNext, nextRecipes } from './compose/next.ts';
import { misplaced } from './compose/order.ts';
import { type Happening, happenings, isOurs } from './compose/run.ts';
import { type Composed, composeServer, serverRecipes } from './compose/server.ts';
import { add, hostAfter, inverted, isGrown } from './holds.ts';

type Texts = Readonly<Record<string, string>>;

/** A skill with what its wiring names only: the other files are the same in every host of a kind. */
function slim(skill: Skill): Skill {
  const wired = new Set(skill.wire.map(({ from }) => from));
  return { ...skill, docs: [], files: skill.files.filter(({ to }) => wired.has(to)) };
}

export const slimSkills = {
  webhook: slim(catalogue.skill('webhook')),
  'rate-limit': slim(catalogue.skill('rate-limit')),
  ping: exampleSkill,
};

export type SkillName = keyof typeof slimSkills;
const names = Object.keys(slimSkills) as SkillName[];

/** Which skills are added, in this order, and the order in which they go. */
const journeys = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names).map((name) => [name]) },
    { weight: 2, arbitrary: fc.shuffledSubarray(names, { minLength: 2 }) },
  )
  .chain((added) =>
    fc.record({ added: fc.constant(added), removed: fc.shuffledSubarray(added, { minLength: added.length }) }),
  );

export interface Journey {
  added: readonly SkillName[];
  removed: readonly SkillName[];
}

interface Kind {
  name: string;
  hosts: fc.Arbitrary<Composed & { framework: FrameworkId }>;
  few: number;
  many: number;
}

/** The kinds of composed hosts, and how many of each a fast and a full run has. */
export const kinds: readonly Kind[] = [
  {
    name: 'Express, Fastify or Hono',
    hosts: serverRecipes.map((one) => ({ ...composeServer(one), framework: one.framework })),
    few: 30,
    many: 1_000,
  },
  {
    name: 'Nest',
    hosts: nestRecipes.map((one) => ({ ...composeNest(one), framework: one.framework })),
    few: 12,
    many: 300,
  },
  {
    name: 'Next',
    hosts: nextRecipes.map((one) => ({ ...composeNext(one), framework: one.framework })),
    few: 12,
    many: 200,
  },
];

/** How many runs, and from which seed: BS_RUNS and BS_SEED say otherwise. */
export const runs = (many: number): { numRuns: number; seed: number } => ({
  numRuns: Number(process.env.BS_RUNS ?? many),
  seed: Number(process.env.BS_SEED ?? 20_261_123),
});

/** Holds the laws on so many hosts of a kind. A failure names the seed and shows the smallest host that it found. */
export async function holdOn({ hosts }: Kind, { numRuns, seed }: { numRuns: number; seed: number }): Promise<void> {
  let placed = 0;
  await fc.assert(
    fc.asyncProperty(hosts, journeys, async (host, journey) => {
      if ((await holdAll(host, journey)).length === 0) placed += 1;
    }),
    { numRuns, seed },
  );
  // Most of what people write is wired without a person.
  expect(placed).toBeGreaterThan(numRuns * 0.85);
}

/** Our modules' files: not run, and not the host's. */
const ours = /(^|\/)(webhooks|rate-limit|ping)\//;

/** Adds and removes skills on a host and expects every law to hold; gives the steps that are left to a person. */
export async function holdAll(
  { files, entry, framework }: Composed & { framework: FrameworkId },
  { added, removed }: Journey,
): Promise<string[]> {
  const start = hostFor({ files, workspace: null });
  const plans: Plan[] = [];
  let host = start;
  for (const name of added) {
    const skill = slimSkills[name];
    const choices = choicesFor(skill, host);
    const plan = add(skill, host, choices);
    if (plans.length === 0) expect(add(skill, host, choices), 'the same plan twice').toEqual(plan);
    expect(plan.conflicts).toEqual([]);
    plans.push(plan);
    host = { ...start, ...detected(hostAfter(host, plan.changes), files, plans) };
  }
  const after = textsOf(host, files, plans);
  for (const name of added) {
    const again = add(slimSkills[name], host, choicesFor(slimSkills[name], host)).changes.flatMap(
      ({ path, before, after }) => unifiedDiff(before, after, path),
    );
    expect(again, `adding ${name} again changes nothing`).toEqual([]);
  }
  const steps = plans.flatMap((plan) => plan.steps);
  const drift = (await check(host, [], {})).filter(({ rule }) => rule !== 'step-open' || steps.length === 0);
  expect(drift, 'nothing has drifted').toEqual([]);
  for (const [path, before] of Object.entries(files)) {
    const text = after[path] ?? '';
    if (text === before) continue;
    expect(isGrown(before, text), `${path} keeps every character`).toBe(true);
    if (/\.[cm]?[jt]s$/.test(path)) {
      expect(parse(text, path), `${path} parses`).not.toBeNull();
      if (plans.every((plan) => plan.entry?.ops.every(({ op }) => op.file !== path || wholeLines.has(op.op))))
        expect(
          lostLine(before.replace(/^\uFEFF/, ''), text.replace(/^\uFEFF/, '')),
          `${path} keeps every line`,
        ).toBeNull();
    }
  }
  // Next finds a route by its file: nothing of the host's is run for it.
  if (framework !== 'next') await expectOrder(files, after, entry, framework, steps.length === 0 ? added : []);

  let back = host;
  const removals: Plan[] = [];
  for (const name of removed) {
    const plan = planRemove(name, back, readLock(back.tree).lock);
    expect(plan.notes, `removing ${name} leaves nothing behind`).toEqual([]);
    removals.push(plan);
    back = hostAfter(back, plan.changes);
  }
  expect(textsOf(back, files, [...plans, ...removals]), 'removing restores every byte').toEqual(files);
  const undone = [...plans].reverse().reduce((one, plan) => hostAfter(one, inverted(plan.changes)), host);
  expect(textsOf(undone, files, plans), 'undo restores every byte').toEqual(files);
  return steps.map(({ title, place }) => `${title}: ${place}`);
}

const wholeLines = new Set(['import', 'statement', 'line']);

/** The first line of the host's that is not there any more, in order and byte for byte; null where all are. */
function lostLine(before: string, after: string): string | null {
  const lines = after.split('\n');
  let at = 0;
  for (const [index, line] of before.split('\n').entries()) {
    const isLast = index === before.split('\n').length - 1;
    const found = lines.findIndex((one, place) => place >= at && (one === line || (isLast && one === `${line}\r`)));
    if (found < 0) return line;
    at = found + 1;
  }
  return null;
}

/** What the app is told, in order: the host's own calls are as before, ours stand where their slots say. */
async function expectOrder(before: Texts, after: Texts, entry: string, framework: string, wired: readonly SkillName[]) {
  const plain = await happenings(before, entry, ours);
  const log = await happenings(after, entry, ours);
  const strip = (events: typeof log) =>
    events.map(
      ({ app, method, given }) => `${app} ${method} ${given.map((one) => one.replaceAll(/\s+/g, ' ')).join()}`,
    );
  expect(strip(log.filter(({ given }) => !given.some(isOurs))), 'the host does what it did').toEqual(
    strip(plain.filter(({ given }) => !given.some(isOurs))),
  );
  if (framework === 'nest') return expectJoined(log, wired);
  const main = plain.find(({ given }) => given[0] === '/health')?.app ?? -1;
  expect(main, 'the entry makes an app').toBeGreaterThanOrEqual(0);
  const bound = { webhook: 'ours.webhooks', 'rate-limit': 'ours.rateLimit', ping: 'ours.ping' };
  for (const name of wired) {
    const times = log.filter(({ app, given }) => app === main && given.includes(bound[name])).length;
    expect(times, `${name} is wired once to the app that serves`).toBe(1);
  }
  expect(misplaced(framework, log, main)).toBeNull();
}

/** Nest: our modules are among what a module imports, once, and the app keeps raw bodies where that is asked for. */
function expectJoined(log: readonly Happening[], wired: readonly SkillName[]): void {
  const joined = { webhook: 'ours.WebhooksModule', 'rate-limit': 'ours.RateLimitModule', ping: 'ours.PingModule' };
  for (const name of wired)
    expect(log.filter(({ method, given }) => method === 'joins imports' && given[0] === joined[name])).toHaveLength(1);
  if (wired.includes('webhook')) expect(log.filter(({ method }) => method === 'rawBody')).toHaveLength(1);
}

const choicesOfPing: Choices = { path: '/ping', slot: 'routes', greeting: ['short'], client: false };

function choicesFor(skill: Skill, host: Host): Choices {
  if (skill === exampleSkill) return choicesOfPing;
  return choicesOf(
    decide(
      skill,
      hostFacts(host, siteOf(host)),
      { tests: false },
      readLock(host.tree).lock.skills[skill.id]?.choices ?? null,
    ),
  );
}

/** A host's facts anew, as the next run of the tool sees them. */
const detected = (host: Host, files: Texts, plans: readonly Plan[]): Host =>
  hostFor({ files: textsOf(host, files, plans), workspace: null });

function textsOf(host: Host, files: Texts, plans: readonly Plan[]): Texts {
  const paths = [...Object.keys(files), ...plans.flatMap(({ changes }) => changes.map(({ path }) => path))];
  return Object.fromEntries(
    [...new Set(paths)].flatMap((path) => {
      const text = host.tree.read(path);
      return text === null ? [] : [[path, text] as const];
    }),
  );
}
