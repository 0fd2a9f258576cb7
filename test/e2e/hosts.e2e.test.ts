import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { fixture } from '../hosts/fixtures.ts';
import { outsideEnvironment } from '../hosts/prepare.ts';
import { afterAll } from 'vitest';
import { describeJourney, dropPacked } from './journey.ts';
import { hostIn, installAgain, prepareStarter, starters } from './starters.ts';

afterAll(dropPacked);

describeJourney({
  title: 'the demo host',
  async prepare() {
    const { name, root, set, health, echo } = fixture('express5-ts-esm');
    const env = { ...outsideEnvironment(), CI: '1', NO_COLOR: '1' };
    const room = mkdtempSync(join(tmpdir(), 'backend-skills-host-'));
    const folder = join(room, name);
    cpSync(root, folder, { recursive: true, filter: (path) => !/[\\/](?:node_modules|dist)$/.test(path) });
    const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
    await execa('npm', ['install', ...flags], { cwd: folder, env, extendEnv: false });
    const host = hostIn(folder, { name, set, env, drop: () => rmSync(room, { recursive: true, force: true }) });
    return { ...host, fixture: { ...host.fixture, health, echo } };
  },
  checks: [installAgain, 'npm run types', 'npm test'],
  tests: ['test/webhooks.test.ts', 'test/rate-limit.test.ts'],
  routes: { '/health': 'ok' },
  limited: '/nowhere',
});

describeJourney({
  title: 'what express-generator makes',
  prepare: () => prepareStarter(starters.express),
  checks: [installAgain, 'node --check app.js'],
  tests: [],
  limited: '/users',
  removed: ['rate-limit', 'webhook'],
  routes: { '/': 'Welcome to Express', '/users': 'respond with a resource' },
});
