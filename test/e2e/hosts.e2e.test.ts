import { afterAll } from 'vitest';
import { demoHost } from './demo-host.ts';
import { describeJourney, dropPacked } from './journey.ts';
import { installAgain, prepareStarter, starters } from './starters.ts';

afterAll(dropPacked);

describeJourney({
  title: 'the demo host',
  prepare: demoHost,
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
  routes: { '/': 'Welcome to Express', '/users': 'respond with a resource' },
  limited: '/users',
  removed: ['rate-limit', 'webhook'],
});
