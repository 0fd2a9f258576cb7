import { afterAll } from 'vitest';
import { describeJourney, dropPacked } from './journey.ts';
import { installAgain, prepareStarter, starters } from './starters.ts';

afterAll(dropPacked);

const shared = { tests: [], endpoint: '/api/webhooks/stripe', limited: '/api/limited' };
/** A route as its owner writes it, by what the skill says comes next. */
const route = `import { withRateLimit } from '../../../rate-limit';

export const GET = withRateLimit(() => Response.json({ fine: true }));
`;

describeJourney({
  ...shared,
  title: 'what create-next-app makes (App Router, no src)',
  prepare: () => prepareStarter(starters.next),
  // Its own layout names types that the build writes.
  checks: [installAgain, 'npm run build', 'tsc --noEmit', 'npm run lint'],
  routes: { '/': 'Hello world!' },
  owned: { file: 'app/api/limited/route.ts', text: route },
});

describeJourney({
  ...shared,
  title: 'what create-t3-app makes (tRPC, App Router)',
  prepare: () => prepareStarter(starters.t3),
  checks: [installAgain, 'npm run check', 'prettier --check src/webhooks src/rate-limit'],
  routes: { '/': 'tRPC' },
  owned: { file: 'src/app/api/limited/route.ts', text: route },
});
