import { describeJourney } from './journey.ts';
import { prepareStarter, starters } from './starters.ts';

const shared = { test: 'src/webhooks/webhooks.spec.ts', routes: { '/': 'Hello World!' } };

describeJourney({
  ...shared,
  title: 'what Nest 12’s own command makes (ESM, Vitest, oxlint)',
  prepare: () => prepareStarter(starters.nest12),
  checks: ['tsc --noEmit', 'npm run lint', 'npm test', 'npm run test:e2e', 'prettier --check src', 'npm run build'],
});

describeJourney({
  ...shared,
  title: 'what Nest 11’s own command makes (CommonJS, Jest, ESLint)',
  prepare: () => prepareStarter(starters.nest11),
  checks: [
    'tsc --noEmit',
    'eslint "{src,apps,libs,test}/**/*.ts"',
    'npm test',
    'npm run test:e2e',
    'prettier --check src',
    'npm run build',
  ],
});
