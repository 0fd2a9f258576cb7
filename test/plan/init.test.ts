import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { githubPath } from '../../src/plan/ci/github.ts';
import { gitlabPath, gitlabPipeline } from '../../src/plan/ci/gitlab.ts';
import { type InitRequest, planInit } from '../../src/plan/init.ts';
import { publishedSchemas } from '../../src/report/schemas.ts';
import { readSettings } from '../../src/settings/read.ts';
import { hostFor } from '../fixtures.ts';
import { treeOf } from '../tree.ts';
import { githubSchema, gitlabSchema } from './ci-schemas.ts';
import { after, shop, type Texts } from './project.ts';

const request: InitRequest = { ci: null, tasks: false, folder: null, version: '1.2.3', below: '', packages: [''] };
const planFor = (files: Texts, asked: Partial<InitRequest> = {}) =>
  planInit(hostFor({ files, workspace: null }), { ...request, ...asked });
const written = (files: Texts, asked: Partial<InitRequest> = {}): Texts => after(files, planFor(files, asked));
const validator = (schema: object) =>
  new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

const manifest = (more: object): Texts => ({
  ...shop,
  'package.json': JSON.stringify({ ...JSON.parse(shop['package.json'] ?? ''), ...more }, null, 2),
});
const using = { devDependencies: { 'backend-skills': '^1.0.0' } };
const managers: readonly (readonly [string, Texts])[] = [
  ['npm', { ...manifest(using), 'package-lock.json': '{}' }],
  ['pnpm', { ...manifest(using), 'pnpm-lock.yaml': '' }],
  ['yarn', { ...manifest(using), 'yarn.lock': '' }],
  ['yarn 4', { ...manifest({ ...using, packageManager: 'yarn@4.1.0' }), 'yarn.lock': '' }],
  ['bun', { ...manifest(using), 'bun.lock': '{}' }],
  ['no dependency on us', shop],
];

describe('the settings', () => {
  test('are valid by the schema that is published, and are read', () => {
    const files = written(shop, { folder: 'src/modules' });
    const validate = validator(publishedSchemas().settings ?? {});
    expect(validate(JSON.parse(files['backend-skills.json'] ?? '')), JSON.stringify(validate.errors)).toBe(true);
    expect(readSettings(treeOf(files), { workspace: null })).toMatchObject({
      folder: 'src/modules',
      check: { failOn: 'error' },
    });
  });

  test('are written as package.json is: its indent and its line endings', () => {
    const text = '{\r\n\t"name": "shop",\r\n\t"dependencies": { "express": "5" }\r\n}\r\n';
    const settings = written({ ...shop, 'package.json': text })['backend-skills.json'] ?? '';
    expect(settings).toMatch(/^\{\r\n\t"\$schema"/);
    expect(settings.match(/(?<!\r)\n/)).toBeNull();
  });

  test('that are there stay, and are named', () => {
    const plan = planFor({ ...shop, 'backend-skills.json': '{}' });
    expect(plan.changes).toEqual([]);
    expect(plan.notes).toEqual(['backend-skills.json is here already, and stays as it is.']);
  });

  test('of a package find the schema where the workspace has it', () => {
    const workspace = { files: { 'package.json': '{ "workspaces": ["apps/*"] }' }, folder: 'apps/api' };
    const plan = planInit(hostFor({ files: shop, workspace }), request);
    expect(plan.changes[0]?.after).toContain('"../../node_modules/backend-skills/dist/schemas/settings.schema.json"');
  });
});

describe.each(managers)('for GitHub, with %s', (name, files) => {
  const workflow = (more: Texts = {}, asked: Partial<InitRequest> = {}) =>
    parse(written({ ...files, ...more }, { ci: 'github', ...asked })[githubPath] ?? '', { strict: true });

  test('the workflow is one, may only read, and runs both commands', () => {
    const validate = validator(githubSchema);
    for (const one of [workflow(), workflow({ '.nvmrc': '22\n' })]) {
      expect(validate(one), JSON.stringify(validate.errors)).toBe(true);
      expect(one.permissions).toEqual({ contents: 'read' });
      const runs = one.jobs['backend-skills'].steps.flatMap(({ run }: { run?: string }) => run ?? []);
      expect(runs.at(-2)).toMatch(/backend-skills(@1\.2\.3)? check --format github$/);
      expect(runs.at(-1)).toMatch(/backend-skills(@1\.2\.3)? doctor --format github$/);
    }
  });

  test('what is installed is what the lockfile says, and nothing where we are no dependency', () => {
    const runs = workflow().jobs['backend-skills'].steps.flatMap(({ run }: { run?: string }) => run ?? []);
    const installs: Readonly<Record<string, string>> = {
      npm: 'npm ci',
      pnpm: 'pnpm install --frozen-lockfile',
      yarn: 'yarn install --frozen-lockfile',
      'yarn 4': 'yarn install --immutable',
      bun: 'bun install --frozen-lockfile',
    };
    if (installs[name] === undefined) expect(runs[0]).toBe('npx --yes backend-skills@1.2.3 check --format github');
    else expect(runs[0]).toBe(installs[name]);
  });

  test('GitLab gets jobs that leave their reports, included by the pipeline', () => {
    const next = written(files, { ci: 'gitlab' });
    const validate = validator(gitlabSchema);
    const jobs = parse(next[gitlabPath] ?? '', { strict: true });
    expect(validate(jobs), JSON.stringify(validate.errors)).toBe(true);
    expect(parse(next[gitlabPipeline] ?? '')).toEqual({ include: [{ local: `/${gitlabPath}` }] });
    for (const job of ['check', 'doctor']) {
      const { script, artifacts } = jobs[`backend-skills-${job}`];
      expect(script[0]).toContain(`${job} --format gitlab --output "$CI_PROJECT_DIR/${artifacts.reports.codequality}"`);
    }
  });
});

describe('what is there already', () => {
  test('is not overwritten: another workflow of this name is a conflict, the same one is none', () => {
    const once = written(shop, { ci: 'github' });
    expect(planFor(once, { ci: 'github' })).toMatchObject({ changes: [], conflicts: [] });
    const other = planFor({ ...shop, [githubPath]: 'name: mine\n' }, { ci: 'github' });
    expect(other.changes).toEqual([]);
    expect(other.conflicts).toEqual([{ path: githubPath, message: 'is here already, and says something else.' }]);
  });

  test('of a GitLab pipeline is its owner’s: the lines to include are for a person', () => {
    const plan = planFor({ ...shop, [gitlabPipeline]: 'test:\n  script: [npm test]\n' }, { ci: 'gitlab' });
    expect(plan.changes.map(({ path }) => path)).toEqual([gitlabPath, 'backend-skills.json'].sort());
    expect(plan.steps).toMatchObject([{ lines: ['include:', `  - local: /${gitlabPath}`] }]);
    const included = written({ ...shop, [gitlabPipeline]: `include:\n  - local: /${gitlabPath}\n` }, { ci: 'gitlab' });
    expect(planFor(included, { ci: 'gitlab' })).toMatchObject({ changes: [], steps: [] });
  });
});

test('a project below the root of its repository writes nothing outside of itself: the lines are for a person', () => {
  const plan = planFor(shop, { ci: 'github', below: 'backend' });
  expect(plan.changes.map(({ path }) => path)).toEqual(['backend-skills.json']);
  const lines = plan.steps[0]?.lines.join('\n') ?? '';
  expect(parse(lines).jobs['backend-skills'].defaults.run['working-directory']).toBe('backend');
});

test('a workspace checks all its packages', () => {
  const root = { ...manifest({ workspaces: ['packages/*'] }), 'packages/a/package.json': '{}' };
  expect(written(root, { ci: 'github' })[githubPath]).toContain('backend-skills@1.2.3 check --all --format github');
});

describe('a task', () => {
  const root: Texts = {
    ...manifest({ workspaces: ['packages/*'] }),
    'packages/a/package.json': '{\n  "name": "a"\n}\n',
  };

  test.each([
    ['turbo.json', '{\n  // Ours.\n  "tasks": { "build": {} }\n}\n', ['tasks', 'modules:check']],
    ['turbo.json', '{\n  "pipeline": { "build": {} }\n}\n', ['pipeline', 'modules:check']],
    ['nx.json', '{\n  "defaultBase": "main"\n}\n', ['targetDefaults', 'modules:check']],
  ])('is offered by %s, and written on request', (file, text, [section = '', name = '']) => {
    const files = { ...root, [file]: text };
    const offer = planFor(files, { packages: ['packages/a'] });
    expect(offer.notes.join()).toContain('--tasks adds the task');
    expect(offer.changes.map(({ path }) => path)).toEqual(['backend-skills.json']);
    const next = written(files, { tasks: true, packages: ['packages/a'] });
    expect(next[file]).toContain(`"${name}"`);
    expect(JSON.parse((next[file] ?? '').replace(/^\s*\/\/.*$/m, ''))[section][name]).toBeDefined();
    expect(JSON.parse(next['packages/a/package.json'] ?? '')).toEqual({
      name: 'a',
      scripts: { 'modules:check': 'npx --yes backend-skills@1.2.3 check' },
    });
    expect(planFor(next, { tasks: true, packages: ['packages/a'] }).changes).toEqual([]);
  });

  test('of another meaning stays as it is', () => {
    const files = { ...root, 'turbo.json': '{ "tasks": { "modules:check": { "cache": false } } }' };
    const plan = planFor(files, { tasks: true, packages: [] });
    expect(plan.changes.map(({ path }) => path)).toEqual(['backend-skills.json']);
    expect(plan.notes.join()).toContain('turbo.json has a modules:check of its own');
  });

  test('is not written where nothing runs tasks, and that is said', () => {
    expect(planFor(root, { tasks: true }).notes.join()).toContain('no turbo.json and no nx.json');
  });
});
