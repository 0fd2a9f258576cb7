/** Writes what each built-in skill, at its version, leaves in representative hosts: test/released/<skill>-<version>/<host>.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Answer } from '../src/skills/choose.ts';
import { catalogue, fixtures } from '../test/fixtures.ts';
import { freeze } from '../test/released/frozen.ts';
import { after, move } from '../test/update/moves.ts';

const hosts = [
  'express5-ts-esm',
  'express4-js-cjs',
  'fastify5-ts-esm',
  'hono-node-ts',
  'nest11-ts-cjs',
  'next16-app-ts',
];

/** One richer set of choices for each skill: everything that writes owned files, variables and dependencies. */
const rich: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  webhook: {
    provider: ['stripe', 'github', 'standard-webhooks'],
    store: 'postgres',
    'database-client': 'pg',
    connection: 'own',
  },
  'rate-limit': { store: 'redis', 'redis-client': 'ioredis', connection: 'own', plans: true, login: true },
};

const folder = resolve(import.meta.dirname, '../test/released');
for (const { id, version } of catalogue.manifests()) {
  const skill = catalogue.skill(id);
  mkdirSync(join(folder, `${id}-${version}`), { recursive: true });
  for (const name of hosts) {
    const files = fixtures.find((fixture) => fixture.name === name)?.files;
    if (files === undefined) throw new Error(`There is no fixture ${name}.`);
    const left = (asked: Readonly<Record<string, Answer>>) => after(files, move(skill, files, { asked }));
    const frozen = freeze(id, version, files, { defaults: left({}), rich: left(rich[id] ?? {}) });
    writeFileSync(join(folder, `${id}-${version}`, `${name}.json`), `${JSON.stringify(frozen)}\n`);
  }
}
