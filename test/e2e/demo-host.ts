import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { fixture } from '../hosts/fixtures.ts';
import type { Host } from '../hosts/prepare.ts';
import { outsideEnvironment } from '../services/outside.ts';
import { hostIn } from './starters.ts';

/** The host of `npm run demo`, copied and installed by npm. */
export async function demoHost(): Promise<Host> {
  const { name, root, set, health, echo } = fixture('express5-ts-esm');
  const env = { ...outsideEnvironment(), CI: '1', NO_COLOR: '1' };
  const room = mkdtempSync(join(tmpdir(), 'backend-skills-host-'));
  const folder = join(room, name);
  cpSync(root, folder, { recursive: true, filter: (path) => !/[\\/](?:node_modules|dist)$/.test(path) });
  const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
  await execa('npm', ['install', ...flags], { cwd: folder, env, extendEnv: false });
  const host = hostIn(folder, { name, set, env, drop: () => rmSync(room, { recursive: true, force: true }) });
  return { ...host, fixture: { ...host.fixture, health, echo } };
}
