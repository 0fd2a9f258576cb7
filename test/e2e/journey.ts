import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Booted, boot } from '../hosts/boot.ts';
import { command, runTests } from '../hosts/check.ts';
import { expectDeliveries, secretsFor } from '../hosts/deliveries.ts';
import type { Host } from '../hosts/prepare.ts';
import { installPacked, type Packed } from './packed.ts';

/** A real project, and what it can say about itself. */
export interface Destination {
  title: string;
  prepare(): Promise<Host>;
  /** Its own checks, as its scripts or its people run them. */
  checks: readonly string[];
  /** The generated test, where the project has a runner for it. */
  test: string | null;
  /** Its own routes, and what they answer to a GET. */
  routes: Readonly<Record<string, string>>;
}

/** The main job, start to end, with the installed package: nothing that passed before fails, and nothing is left after. */
export function describeJourney({ title, prepare, checks, test: generated, routes }: Destination): void {
  describe(`add webhook to ${title}`, () => {
    let packed: Packed;
    let host: Host;
    let before: Record<string, string>;
    let passing: string[];

    const failing = async (): Promise<Record<string, string>> => {
      const failed: Record<string, string> = {};
      for (const check of checks) {
        const { ok, output } = await command(host, check);
        if (!ok) failed[check] = output;
      }
      return failed;
    };

    beforeAll(async () => {
      [packed, host] = await Promise.all([installPacked(), prepare()]);
      const failed = await failing();
      passing = checks.filter((check) => failed[check] === undefined);
      before = filesIn(host.folder);
    });
    afterAll(() => {
      packed?.drop();
      host?.drop();
    });

    test('plans, writes and says where the endpoint is', async () => {
      const added = await packed.run(['add', 'webhook', '--provider', 'stripe', '--yes'], host.folder);
      expect(added).toMatchObject({ code: 0, stderr: '' });
      expect(added.stdout).toContain('POST /webhooks/stripe');
    });

    test('every check of the project that passed before passes with the module in it', async () => {
      expect(passing).not.toEqual([]);
      const failed = await failing();
      expect(passing.flatMap((check) => failed[check] ?? [])).toEqual([]);
    });

    test(`the generated tests: ${generated ?? 'none, where the project has no runner'}`, async () => {
      expect(
        Object.keys(filesIn(host.folder)).filter((path) => /webhooks\.(?:test|spec)\.[cm]?[jt]s$/.test(path)),
      ).toEqual(generated === null ? [] : [generated]);
      if (generated === null) return;
      const { ok, output, passed } = await runTests(host, [generated]);
      expect(ok, output).toBe(true);
      expect(passed).toBeGreaterThanOrEqual(3);
    });

    test('a signed event is handled once, a forged and a stale one are refused, and the project answers as before', async () => {
      const booted: Booted = await boot(host, secretsFor(['stripe']));
      try {
        await expectDeliveries(`${booted.url}/webhooks/stripe`, 'stripe');
        for (const [path, answer] of Object.entries(routes)) {
          const response = await fetch(booted.url + path);
          expect(response.status, path).toBe(200);
          expect(await response.text()).toContain(answer);
        }
      } finally {
        await booted.stop();
      }
    });

    test('nothing has drifted', async () => {
      expect(await packed.run(['check'], host.folder)).toMatchObject({ code: 0, stderr: '' });
    });

    test('remove restores every byte', async () => {
      expect(await packed.run(['remove', 'webhook', '--yes'], host.folder)).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(host.folder)).toEqual(before);
      expect(existsSync(join(host.folder, '.backend-skills'))).toBe(false);
    });
  });
}

/** Every file of a project, byte by byte; installed packages and what a build makes are left out. */
function filesIn(folder: string): Record<string, string> {
  const made = /(?:^|[\\/])(?:node_modules|dist)(?:[\\/]|$)|\.tsbuildinfo$/;
  const below = (parent: string): [string, string][] =>
    readdirSync(parent, { withFileTypes: true }).flatMap((entry) => {
      const path = join(parent, entry.name);
      if (made.test(relative(folder, path))) return [];
      if (entry.isDirectory()) return below(path);
      return [[relative(folder, path), readFileSync(path, 'latin1')] as [string, string]];
    });
  return Object.fromEntries(below(folder));
}
