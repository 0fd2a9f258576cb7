/** A small skill from elsewhere, and the ways to change it. */

export const manifest = {
  id: 'audit',
  aliases: [],
  title: 'Audit',
  summary: 'Writes down what happened.',
  version: '1.0.0',
  frameworks: ['express'],
  folder: 'audit',
  choices: {
    path: {
      ask: 'Mounted at which path?',
      kind: 'text',
      pattern: '(/[a-z0-9_-]+)+',
      defaults: [{ value: '/audit', because: 'its name' }],
    },
    level: {
      ask: 'How much?',
      kind: 'one',
      options: { all: { label: 'All' }, writes: { label: 'Writes' } },
      defaults: [{ value: 'all', because: 'simple' }],
    },
  },
  files: [{ from: 'index.ts.hbs', to: '{{dir}}/index.{{ext}}', kind: 'managed' }],
  docs: ['SKILL.md'],
  wire: [{ slot: 'routes', name: 'audit', from: '{{dir}}/index.{{ext}}', mount: '{{path}}', endpoints: ['GET /'] }],
  dependencies: [{ name: 'zod', range: '^4.0.0' }],
  env: [{ name: 'AUDIT_LEVEL', example: 'all', why: 'How much is written down.', required: false }],
  scripts: [{ name: 'audit', run: 'node scripts/audit.js' }],
  next: [{ text: 'Try it.' }],
  pairs: [],
};

const template = `import { Router } from 'express';

/** {{level}} */
export const audit = Router();

audit.get('/', (_request, response) => {
  response.json([]);
});
`;

/** Its texts, with the manifest's keys and the files changed; a file that is null is left out. */
export function textsOf(
  changes: object = {},
  files: Readonly<Record<string, string | null>> = {},
): Map<string, string> {
  const all: Record<string, string | null> = {
    'skill.json': `${JSON.stringify({ ...manifest, ...changes }, null, 2)}\n`,
    'SKILL.md': '---\nname: audit\ndescription: An audit.\n---\n',
    'index.ts.hbs': template,
    ...files,
  };
  return new Map(Object.entries(all).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}
