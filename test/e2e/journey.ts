import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boot } from '../hosts/boot.ts';
import { command, runTests } from '../hosts/check.ts';
import { expectDeliveries, secretsFor } from '../hosts/deliveries.ts';
import type { Host } from '../hosts/prepare.ts';
import { installPacked, type Packed } from './packed.ts';

/** A real project, and what it can say about itself. */
export interface Destination {
  title: string;
  prepare(): Promise<Host>;
  /** Its own checks, as its scripts or its people run them. The build that starts it is none of them: that runs anyway. */
  checks: readonly string[];
  /** The generated tests, where the project has a runner for them. */
  tests: readonly string[];
  /** Where the webhook endpoint answers. */
  endpoint?: string;
  /** Its own routes, and what they answer to a GET. */
  routes: Readonly<Record<string, string>>;
  /** A path whose requests the limit counts. */
  limited: string;
  /** The file of a route that its owner writes to be limited, where the framework has no place before all routes. */
  owned?: { file: string; text: string };
  /** The order in which both are taken out; that of their coming where none is given. */
  removed?: readonly string[];
}

const skills = [
  ['webhook', '--provider', 'stripe'],
  ['rate-limit', '--per-minute', '20'],
] as const;

let shared: Promise<Packed> | undefined;
/** The installed package, one for all the journeys of a test file. */
export const packedOnce = (): Promise<Packed> => {
  shared ??= installPacked();
  return shared;
};
export const dropPacked = async (): Promise<void> => (await shared)?.drop();

/** The main job, start to end, with the installed package: nothing that passed before fails, and nothing is left after. */
export function describeJourney(destination: Destination): void {
  const { title, prepare, checks, tests, endpoint = '/webhooks/stripe', routes, limited, owned, removed } = destination;
  describe(`webhook and rate-limit on ${title}`, () => {
    let packed: Packed;
    let host: Host;
    let before: Record<string, string>;

    beforeAll(async () => {
      [packed, host] = await Promise.all([packedOnce(), prepare()]);
      before = filesIn(host.folder);
    });
    afterAll(() => host?.drop());

    test.each(skills)('add %s plans, writes and says what comes next', async (...args) => {
      const added = await packed.run(['add', ...args, '--yes'], host.folder);
      expect(added).toMatchObject({ code: 0, stderr: '' });
      if (args[0] === 'webhook') expect(added.stdout).toContain(`POST ${endpoint}`);
      // What has no route has nothing in its way.
      else expect(added.stdout).not.toMatch(/^!/m);
    });

    test('every check of the project that passed before passes with the modules in it', async () => {
      const failed = await failing(host, checks);
      const pristine = Object.keys(failed).length === 0 ? null : await prepare();
      try {
        const known = pristine ? await failing(pristine, Object.keys(failed)) : {};
        expect(Object.keys(known).length).toBeLessThan(checks.length);
        expect(Object.entries(failed).filter(([check]) => known[check] === undefined)).toEqual([]);
      } finally {
        pristine?.drop();
      }
    });

    test(`the generated tests: ${tests.join(', ') || 'none, where the project has no runner'}`, async () => {
      const paths = Object.keys(filesIn(host.folder));
      const ours = paths.filter((path) => /(?:webhooks|rate-limit)\.(?:test|spec)\.[cm]?[jt]s$/.test(path));
      expect(ours.sort()).toEqual([...tests].sort());
      if (tests.length === 0) return;
      const { ok, output, passed } = await runTests(host, tests);
      expect(ok, output).toBe(true);
      expect(passed).toBeGreaterThanOrEqual(7);
    });

    test('a signed event is handled once, a forged one refused, the project answers as before, and too much is 429', async () => {
      if (owned) write(join(host.folder, owned.file), owned.text);
      const booted = await boot(host, secretsFor(['stripe']));
      try {
        await expectDeliveries(booted.url + endpoint, 'stripe', booted.output);
        for (const [path, answer] of Object.entries(routes)) {
          const response = await fetch(booted.url + path);
          expect(response.status, path).toBe(200);
          expect(await response.text()).toContain(answer);
        }
        await expectLimit(booted.url + limited);
        await expectDeliveries(booted.url + endpoint, 'stripe', booted.output);
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${booted.output()}`, { cause: error });
      } finally {
        await booted.stop();
        if (owned) rmSync(join(host.folder, dirname(owned.file)), { recursive: true });
      }
    });

    test('nothing has drifted', async () => {
      expect(await packed.run(['check'], host.folder)).toMatchObject({ code: 0, stderr: '' });
    });

    test('remove restores every byte', async () => {
      for (const id of removed ?? skills.map(([name]) => name))
        expect(await packed.run(['remove', id, '--yes'], host.folder)).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(host.folder)).toEqual(before);
      expect(existsSync(join(host.folder, '.backend-skills'))).toBe(false);
    });
  });
}

async function failing(host: Host, checks: readonly string[]): Promise<Record<string, string>> {
  const failed: Record<string, string> = {};
  for (const check of checks) {
    const { ok, output } = await command(host, check);
    if (!ok) failed[check] = output;
  }
  return failed;
}

/** Asks until it is told to stop: within the limit and what comes back meanwhile. */
async function expectLimit(url: string): Promise<void> {
  const answers: Response[] = [];
  while (answers.length < 100 && answers.at(-1)?.status !== 429) answers.push(await fetch(url));
  const last = answers.pop();
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(answers.length).toBeGreaterThanOrEqual(10);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Every file of a project, byte by byte; installed packages and what builds and checks make are left out. */
export function filesIn(folder: string): Record<string, string> {
  const made =
    /(?:^|[\\/])(?:node_modules|dist|coverage|\.next|\.yarn)(?:[\\/]|$)|\.tsbuildinfo$|(?:^|[\\/])next-env\.d\.ts$/;
  const below = (parent: string): [string, string][] =>
    readdirSync(parent, { withFileTypes: true }).flatMap((entry) => {
      const path = join(parent, entry.name);
      if (made.test(relative(folder, path))) return [];
      if (entry.isDirectory()) return below(path);
      return [[relative(folder, path), readFileSync(path, 'latin1')] as [string, string]];
    });
  return Object.fromEntries(below(folder));
}
