import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { Change, Host as Project } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import { treeAfter } from '../../src/plan/draft.ts';
import { hostFacts, moduleFolder } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { catalogue, fixtures, hostFor } from '../fixtures.ts';
import { redisUrl } from '../services/index.ts';
import { upstashBridge } from '../webhook/redis-bridge.ts';
import { type Booted, boot } from './boot.ts';
import type { Host } from './prepare.ts';
import type { Answers } from './webhook.ts';

const stamp = '20260102030405';

/** Adds a skill to a project as the command does. */
export function add(id: string, host: Project, answers: Answers, folder?: string) {
  const skill = catalogue.skill(id);
  const site = siteOf(host);
  const choices = choicesOf(decide(skill, hostFacts(host, site), answers, null));
  const where = { dir: moduleFolder(host, folder ?? skill.folder), stamp, docs: false };
  const wanted = desire(skill, host, site, choices, where, catalogue.ranges());
  const { lock } = readLock(host.tree);
  const policy = { force: false, overlap: 'fail' } as const;
  const plan = planAdd({ skill, host, lock, choices, desire: wanted, stamp, policy });
  expect(plan.conflicts).toEqual([]);
  return { plan, files: wanted.files, host: after(host, plan.changes) };
}

const after = (host: Project, changes: readonly Change[]): Project => ({
  ...host,
  tree: treeAfter(host.tree, changes),
});

export function projectCalled(name: string): Project {
  const found = fixtures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no fixture called ${name}.`);
  return hostFor(found);
}

export const textsOf = (changes: readonly Change[]): (readonly [string, string])[] =>
  changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const]));

export const isTest = (path: string): boolean => /\.(?:test|spec)\.[cm]?[jt]s$/.test(path);

/** A database of the run's Redis for each host: they all see one address. */
export function databaseOf(name: string): string {
  const url = new URL(redisUrl());
  url.pathname = `/${1 + (fixtures.findIndex((one) => one.name === name) % 15)}`;
  return url.href;
}

export const echo = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"greeting":"hello"}' };

/** Boots a host, with an Upstash for a Worker, and ends it. What fails is told with what the host printed. */
export async function withBooted(
  host: Host,
  env: Record<string, string>,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const isWorker = host.fixture.name.includes('workers');
  const upstash = isWorker ? await upstashBridge(databaseOf(host.fixture.name)) : null;
  let booted: Booted | undefined;
  try {
    const variables = upstash ? { ...env, UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: 'any' } : env;
    // Wrangler gives a worker what this file names.
    const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"\n`);
    if (isWorker) writeFileSync(join(host.folder, '.dev.vars'), lines.join(''));
    booted = await boot(host, variables);
    await work(booted.url).catch((error: Error) => {
      throw new Error(`${error.message}\n${booted?.output()}`, { cause: error });
    });
  } finally {
    await booted?.stop();
    await upstash?.close();
  }
}
