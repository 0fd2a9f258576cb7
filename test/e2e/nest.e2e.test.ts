import { afterAll } from 'vitest';
import { describeJourney, dropPacked } from './journey.ts';
import { installAgain, prepareStarter, starters } from './starters.ts';

afterAll(dropPacked);

const shared = {
  tests: ['src/webhooks/webhooks.spec.ts', 'src/rate-limit/rate-limit.spec.ts'],
  routes: { '/': 'Hello World!' },
  limited: '/',
};

describeJourney({
  ...shared,
  title: 'what Nest 12’s own command makes (ESM, Vitest, oxlint)',
  prepare: () => prepareStarter(starters.nest12),
  checks: [installAgain, 'tsc --noEmit', 'npm run lint', 'npm test', 'npm run test:e2e', 'prettier --check src'],
});

describeJourney({
  ...shared,
  title: 'what Nest 11’s own command makes (CommonJS, Jest, ESLint)',
  prepare: () => prepareStarter(starters.nest11),
  checks: [
    installAgain,
    'tsc --noEmit',
    'eslint "{src,apps,libs,test}/**/*.ts"',
    'npm test',
    'npm run test:e2e',
    'prettier --check src',
  ],
  removed: ['rate-limit', 'webhook'],
});
