import type { FrameworkId } from '../model.ts';

/** What `skill new` is asked for. */
export interface Wish {
  id: string;
  frameworks: readonly FrameworkId[];
}

/** A new skill that works as it is: one route, its answer as plain code, a test of that, and a document. Path → text. */
export function skeletonOf({ id, frameworks }: Wish): ReadonlyMap<string, string> {
  const names = namesOf(id);
  return new Map([
    ['skill.json', `${JSON.stringify(manifestOf(id, names, frameworks), null, 2)}\n`],
    ['SKILL.md', documentOf(id, names)],
    ['core/answer.ts', core(names)],
    ['tests/answer.ts.hbs', test(names)],
    ...frameworks.map((framework) => [`${framework}/${fileOf[framework]}`, adapters[framework](names)] as const),
    ...(frameworks.includes('next') ? [['next/pages.ts.hbs', nextPages(names)] as const] : []),
  ]);
}

interface Names {
  title: string;
  camel: string;
  pascal: string;
}

function namesOf(id: string): Names {
  const words = id.split('-').filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const title = words.join(' ');
  return {
    title: title.charAt(0).toUpperCase() + title.slice(1),
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
  };
}

const fileOf = {
  express: 'index.ts.hbs',
  fastify: 'index.ts.hbs',
  hono: 'index.ts.hbs',
  nest: 'module.ts.hbs',
  next: 'route.ts.hbs',
} as const;

function manifestOf(id: string, { title, camel }: Names, frameworks: readonly FrameworkId[]) {
  const routed = frameworks.filter((framework) => framework !== 'nest' && framework !== 'next');
  const nest = frameworks.includes('nest');
  const next = frameworks.includes('next');
  const to = {
    module: `{{dir}}/${id}.module.{{ext}}`,
    index: '{{dir}}/index.{{ext}}',
    route: '{{route}}{{path}}/route.{{ext}}',
  };
  const wired = { slot: 'routes', name: camel, mount: '{{path}}', endpoints: ['GET '] };
  return {
    id,
    aliases: [],
    title,
    summary: `${title}: one route that answers, to be made into yours.`,
    version: '0.1.0',
    frameworks,
    folder: id,
    choices: {
      path: {
        ask: 'Mounted at which path?',
        kind: 'text',
        pattern: '(/[a-z0-9_-]+)+',
        defaults: [{ value: `/${id}`, because: 'its name' }],
      },
    },
    files: [
      { from: 'core/answer.ts', to: '{{dir}}/answer.{{ext}}', kind: 'managed' },
      {
        from: 'tests/answer.ts.hbs',
        to: `{{testsFolder}}/${id}{{testSuffix}}.{{ext}}`,
        kind: 'managed',
        when: { testRunner: ['vitest', 'jest', 'node', 'mocha', 'bun'] },
      },
      ...(routed.length > 0
        ? [{ from: '{{framework}}/index.ts.hbs', to: to.index, kind: 'managed', when: { framework: routed } }]
        : []),
      ...(nest ? [{ from: 'nest/module.ts.hbs', to: to.module, kind: 'managed', when: { framework: 'nest' } }] : []),
      ...(next
        ? [
            {
              from: 'next/route.ts.hbs',
              to: to.route,
              kind: 'managed',
              when: { framework: 'next', nextRouter: 'app' },
            },
            {
              from: 'next/pages.ts.hbs',
              to: '{{route}}{{path}}.{{ext}}',
              kind: 'managed',
              when: { framework: 'next', nextRouter: 'pages' },
            },
          ]
        : []),
    ],
    docs: ['SKILL.md'],
    wire: [
      ...(routed.length > 0 ? [{ ...wired, from: to.index, when: { framework: routed } }] : []),
      ...(nest ? [{ ...wired, from: to.module, when: { framework: 'nest' } }] : []),
      ...(next ? [{ ...wired, from: to.route, when: { framework: 'next' } }] : []),
    ],
    dependencies: [],
    env: [],
    scripts: [],
    next: [{ text: 'Try it: curl http://localhost:3000{{endpoint}}' }],
    pairs: [],
  };
}

const documentOf = (id: string, { title }: Names): string => `---
name: ${id}
description: What this adds to a backend, and when a coding agent should reach for it.
---

# ${title}

One route that answers. Say here what the module does, what it needs, and what to change first.
`;

const core = ({ title }: Names): string => `export interface Answer {
  readonly text: string;
  readonly at: string;
}

/** What the route answers at a given time. */
export const answer = (now: Date): Answer => ({ text: '${title} works.', at: now.toISOString() });
`;

const test = ({ title }: Names): string => `import assert from 'node:assert/strict';
{{#if (eq testRunner "node")}}
import { test } from 'node:test';
{{else if (eq testRunner "bun")}}
import { test } from 'bun:test';
{{else if (eq testRunner "vitest")}}
import { test } from 'vitest';
{{else if (eq testRunner "mocha")}}
import { it as test } from 'mocha';
{{/if}}
import { answer } from '#module/answer.js';

test('it answers with the time', () => {
  const now = new Date('2026-01-02T03:04:05.000Z');
  assert.deepEqual(answer(now), { text: '${title} works.', at: '2026-01-02T03:04:05.000Z' });
});
`;

const adapters: Readonly<Record<FrameworkId, (names: Names) => string>> = {
  express: ({ camel }) => `import { Router } from 'express';
import { answer } from './answer.js';

export const ${camel} = Router();

${camel}.get('/', (_request, response) => {
  response.json(answer(new Date()));
});
`,
  fastify: ({ camel }) => `import type { FastifyInstance } from 'fastify';
import { answer } from './answer.js';

export async function ${camel}(app: FastifyInstance): Promise<void> {
  app.get('/', async () => answer(new Date()));
}
`,
  hono: ({ camel }) => `import { Hono } from 'hono';
import { answer } from './answer.js';

export const ${camel} = new Hono();

${camel}.get('/', (c) => c.json(answer(new Date())));
`,
  nest: ({ pascal }) => `import { Controller, Get, Module } from '@nestjs/common';
import { answer } from './answer.js';

@Controller('{{path}}')
export class ${pascal}Controller {
  @Get()
  get() {
    return answer(new Date());
  }
}

@Module({ controllers: [${pascal}Controller] })
export class ${pascal}Module {}
`,
  next: () => `import { answer } from '#module/answer.js';

export function GET(): Response {
  return Response.json(answer(new Date()));
}
`,
};

const nextPages = ({ camel }: Names): string => `import type { NextApiRequest, NextApiResponse } from 'next';
import { answer } from '#module/answer.js';

export default function ${camel}(_request: NextApiRequest, response: NextApiResponse): void {
  response.json(answer(new Date()));
}
`;
