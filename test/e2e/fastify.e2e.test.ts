import { afterAll } from 'vitest';
import { describeJourney, dropPacked } from './journey.ts';
import { installAgain, prepareStarter, starters } from './starters.ts';

afterAll(dropPacked);

const shared = { routes: { '/': '{"root":true}', '/example': 'this is an example' }, limited: '/example' };
const javascript = { ...shared, tests: ['test/routes/webhooks.test.js', 'test/routes/rate-limit.test.js'] };

describeJourney({
  ...javascript,
  title: 'what fastify-cli makes (JavaScript, CommonJS)',
  prepare: () => prepareStarter(starters.fastifyJs),
  checks: [installAgain, 'npm test'],
});

describeJourney({
  ...javascript,
  title: 'what fastify-cli makes (JavaScript, ESM)',
  prepare: () => prepareStarter(starters.fastifyEsm),
  checks: ['npm test'],
  removed: ['rate-limit', 'webhook'],
});

describeJourney({
  ...shared,
  title: 'what fastify-cli makes (TypeScript)',
  prepare: () => prepareStarter(starters.fastifyTs),
  // Its test script builds, checks the types, and runs all tests, ours too.
  checks: [installAgain],
  tests: ['test/routes/webhooks.test.ts', 'test/routes/rate-limit.test.ts'],
});
