import { expect, test } from 'vitest';
import type { Choices } from '../../src/model.ts';
import { catalogue } from '../fixtures.ts';
import { planFor } from './project.ts';

const project = {
  'package.json': '{ "name": "shop", "dependencies": { "next": "^16.0.0" } }',
  'app/page.tsx': 'export default () => null;\n',
  'app/api/webhooks/github/route.ts': 'export const POST = () => new Response();\n',
};

test.each<[what: string, id: string, choices: Choices, kinds: string[]]>([
  [
    'to what has a route',
    'webhook',
    { provider: ['stripe'], store: 'memory', path: '/webhooks' },
    ['existing-webhook'],
  ],
  [
    'to nothing else',
    'rate-limit',
    { store: 'memory', quotas: 'store', 'per-minute': '100', algorithm: 'token-bucket' },
    [],
  ],
])('obstacles of a route are told %s', (_what, id, choices, kinds) => {
  const { obstacles } = planFor(project, choices, { skill: catalogue.skill(id) });
  expect(obstacles.map(({ kind }) => kind)).toEqual(kinds);
});
