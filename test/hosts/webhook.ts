import { UserError } from '../../src/errors.ts';
import { readLock } from '../../src/lock/lock.ts';
import type { Change, Choices, Host } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import { hostFacts, moduleFolder } from '../../src/plan/wanted.ts';
import { type Answer, choicesOf, decide } from '../../src/skills/choose.ts';
import { catalogue, fixtures, hostFor } from '../fixtures.ts';
import { pairwise } from './pairwise.ts';

/** What is asked for in a row; what is not asked takes the host's default. */
export type Answers = Readonly<Record<string, Answer>>;

/** The webhook skill, planned for a fixture. */
export interface PlannedWebhook {
  choices: Choices;
  changes: readonly Change[];
  /** The paths of the files of ours, wiring left out. */
  files: readonly string[];
  endpoints: readonly string[];
  /** Provider by provider, in the endpoints' order. */
  providers: readonly string[];
  /** True where a person must still wire it. */
  open: boolean;
}

const skill = catalogue.skill('webhook');
const ranges = catalogue.ranges();

/** Every provider's name. */
export const providers: readonly string[] = Object.keys(skill.choices.provider?.options ?? {});

const hosts = new Map<string, Host>();

const hostCalled = (fixture: string): Host => {
  const found = fixtures.find(({ name }) => name === fixture);
  if (found === undefined) throw new Error(`There is no fixture called ${fixture}.`);
  const host = hosts.get(fixture) ?? hostFor(found);
  hosts.set(fixture, host);
  return host;
};

/** The same with one package more in its package.json. */
function hostWith(fixture: string, dependency: string): Host {
  const found = fixtures.find(({ name }) => name === fixture);
  const manifest = JSON.parse(found?.files['package.json'] ?? '{}') as { dependencies?: object };
  const dependencies = { ...manifest.dependencies, [dependency]: '*' };
  const files = { ...found?.files, 'package.json': JSON.stringify({ ...manifest, dependencies }) };
  return hostFor({ files, workspace: null });
}

/** Plans the skill on a fixture as the command does; `folder` is the module's, below the source folder. */
export function planWebhook(fixture: string, answers: Answers = {}, folder = skill.folder): PlannedWebhook {
  return planOn(hostCalled(fixture), answers, folder);
}

/** The same where the project has one package more. */
export const planWebhookBeside = (fixture: string, dependency: string, answers: Answers = {}): PlannedWebhook =>
  planOn(hostWith(fixture, dependency), answers, skill.folder);

function planOn(host: Host, answers: Answers, folder: string): PlannedWebhook {
  const site = siteOf(host);
  const choices = choicesFor(host, answers);
  const stamp = '20260102030405';
  const where = { dir: moduleFolder(host, folder), stamp, docs: false };
  const wanted = desire(skill, host, site, choices, where, ranges);
  const { lock } = readLock(host.tree);
  const plan = planAdd({
    skill,
    host,
    lock,
    choices,
    desire: wanted,
    stamp,
    policy: { force: false, overlap: 'fail' },
  });
  return {
    choices,
    changes: plan.changes,
    files: wanted.files.map(({ path }) => path),
    endpoints: plan.endpoints,
    providers: listOf(choices.provider),
    open: plan.steps.length > 0,
  };
}

/** The clients by which a store is reached, as two answers at once. */
const stores: readonly Answers[] = [
  { store: 'memory' },
  ...['ioredis', 'redis', 'upstash'].map((client) => ({ store: 'redis', 'redis-client': client })),
  ...['pg', 'postgres', 'drizzle', 'prisma', 'kysely', 'supabase'].map((client) => ({
    store: 'postgres',
    'database-client': client,
  })),
];

/** A list in pieces of four. */
const fours = (list: readonly string[]): (readonly string[])[] =>
  list.length === 0 ? [] : [list.slice(0, 4), ...fours(list.slice(4))];

/** Rows that cover every two of fixture, providers, store with client, tests and path that can stand together. */
export function coverOf(names: readonly string[]): { fixture: string; answers: Answers }[] {
  const factors = {
    fixture: names,
    provider: [...fours(providers), providers],
    store: stores,
    tests: [true, false],
    path: ['/webhooks', '/hooks/in'],
  };
  const offered = new Map<string, boolean>();
  const isOffered = (fixture: string, answers: Answers): boolean => {
    const key = `${fixture} ${JSON.stringify(answers)}`;
    const known = offered.get(key) ?? can(fixture, answers);
    offered.set(key, known);
    return known;
  };
  const rows = pairwise(factors, ({ fixture, store }) => isOffered(fixture, store));
  return rows.map(({ fixture, store, ...answers }) => ({ fixture, answers: { ...store, ...answers } }));
}

function can(fixture: string, answers: Answers): boolean {
  try {
    choicesFor(hostCalled(fixture), answers);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function choicesFor(host: Host, answers: Answers): Choices {
  return choicesOf(decide(skill, hostFacts(host, siteOf(host)), answers, null));
}

const listOf = (value: Answer | undefined): readonly string[] => (Array.isArray(value) ? value : []);
