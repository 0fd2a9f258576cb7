import type { Evidence, Fact, Formatter, TestRunner, Tree } from '../model.ts';
import { assumed, decide, row, seen } from './evidence.ts';
import { asObject } from './json.ts';
import { folderOf, isCode } from './paths.ts';
import { dependsOn, keyLine, type Scene, script } from './scene.ts';

const nothing = (reason: string) => ({ value: null, evidence: assumed(reason, 'certain') });

/** The validation library; a framework's own companions count last. */
export function validatorOf(scene: Scene): Fact<string | null> {
  const names = [
    'zod',
    'valibot',
    'arktype',
    '@sinclair/typebox',
    'typebox',
    'joi',
    'yup',
    'class-validator',
    'ajv',
    'express-validator',
    'superstruct',
    'celebrate',
  ];
  const rows = names.flatMap((name) => row(name.replace(/^@sinclair\//, ''), dependsOn(scene, name)));
  return decide<string | null>(rows, nothing('package.json depends on no validator'));
}

/** The logger: a library, else what the framework brings. */
export function loggerOf(scene: Scene): Fact<string | null> {
  const packages: readonly [value: string, ...names: string[]][] = [
    ['pino', 'pino', 'nestjs-pino', 'pino-http', 'hono-pino'],
    ['winston', 'winston', 'nest-winston'],
    ['bunyan', 'bunyan'],
    ['loglevel', 'loglevel'],
    ['consola', 'consola'],
    ['log4js', 'log4js'],
    ['signale', 'signale'],
  ];
  const rows = packages.flatMap(([value, ...names]) => row(value, dependsOn(scene, ...names)));
  const own = [...row('nestjs', dependsOn(scene, '@nestjs/common')), ...row('fastify', dependsOn(scene, 'fastify'))];
  return decide<string | null>([...rows, ...own], nothing('package.json depends on no logger'));
}

/** The test runner: what the test script runs, else a config, else a dependency. */
export function testRunnerOf(scene: Scene): Fact<TestRunner | null> {
  const names = Object.keys(scene.scripts).filter((name) => /^test|^unit|:test|^coverage/.test(name));
  const inOrder = ['test', ...names];
  const runs = (value: TestRunner, pattern: RegExp) =>
    inOrder.flatMap((name) => row(value, script(scene, pattern, [name])));
  const scripted = [
    ...runs('vitest', /\bvitest\b/),
    ...runs('jest', /\bjest\b|react-scripts test/),
    ...runs('mocha', /\bmocha\b/),
    ...runs('bun', /\bbun test\b/),
    ...runs('node', /\b(node|tsx|c8|borp|glob)\b.*\s--test\b|\bborp\b|\btsx --test\b/),
  ];
  const rank = ({ evidence }: { evidence: Evidence }) =>
    inOrder.findIndex((name) => evidence.reason.startsWith(`script "${name}" `));
  const configured = (value: TestRunner, file: RegExp) => row(value, configFile(scene.tree, file));
  return decide<TestRunner | null>(
    [
      ...scripted.sort((a, b) => rank(a) - rank(b)),
      ...configured('vitest', /^vitest\.(config|workspace)\.\w+$/),
      ...configured('jest', /^jest\.config\.\w+$/),
      ...row<TestRunner>('jest', inManifest(scene, 'jest')),
      ...configured('mocha', /^\.mocharc/),
      ...row<TestRunner>('vitest', dependsOn(scene, 'vitest')),
      ...row<TestRunner>('jest', dependsOn(scene, 'jest', 'ts-jest')),
      ...row<TestRunner>('mocha', dependsOn(scene, 'mocha')),
    ],
    { value: null, evidence: assumed('no test script, configuration or dependency', 'likely') },
  );
}

/** The formatter: by its config file, its settings in package.json, or its package; ESLint only where it formats. */
export function formatterOf(scene: Scene): Fact<Formatter | null> {
  const { workspace } = scene.surroundings;
  const file = (value: Formatter, pattern: RegExp) => row(value, configFile(scene.tree, pattern));
  const above = (value: Formatter, pattern: RegExp) =>
    row(value, workspace ? raised(configFile(workspace.tree, pattern)) : null);
  const configs: readonly [Formatter, RegExp][] = [
    ['prettier', /^\.prettierrc(\.\w+)?$|^prettier\.config\.\w+$/],
    ['biome', /^\.?biome\.jsonc?$/],
    ['dprint', /^\.?dprint\.jsonc?$/],
    ['oxfmt', /^\.?oxfmtrc\.jsonc?$|^oxfmt\.config\.\w+$/],
  ];
  const eslint = dependsOn(
    scene,
    '@stylistic/eslint-plugin',
    '@stylistic/eslint-plugin-ts',
    '@antfu/eslint-config',
    'neostandard',
    'standard',
    'eslint-config-standard',
    'eslint-config-airbnb-base',
    'eslint-config-airbnb',
    'xo',
  );
  const ruled = dependsOn(scene, 'eslint-plugin-prettier');
  return decide<Formatter | null>(
    [
      ...configs.flatMap(([value, pattern]) => file(value, pattern)),
      ...row<Formatter>('prettier', inManifest(scene, 'prettier')),
      ...row<Formatter>('biome', dependsOn(scene, '@biomejs/biome', 'ultracite')),
      ...row<Formatter>('prettier', dependsOn(scene, 'prettier') ?? ruled),
      ...row<Formatter>('dprint', dependsOn(scene, 'dprint')),
      ...row<Formatter>('oxfmt', dependsOn(scene, 'oxfmt')),
      ...row<Formatter>('eslint', eslint),
      ...configs.flatMap(([value, pattern]) => above(value, pattern)),
    ],
    { value: null, evidence: assumed('no formatter is configured', 'likely') },
  );
}

function configFile(tree: Tree, pattern: RegExp): Evidence | null {
  const name = tree.list('').find((candidate) => pattern.test(candidate));
  return name === undefined ? null : seen(name, null, `${name} exists`);
}

const raised = (evidence: Evidence | null): Evidence | null =>
  evidence && { ...evidence, file: null, reason: `the workspace root: ${evidence.reason}` };

function inManifest({ manifest, tree }: Scene, key: string): Evidence | null {
  const value = manifest[key];
  return typeof value === 'string' || asObject(value)
    ? seen('package.json', keyLine(tree, 'package.json', key), `package.json configures ${key}`)
    : null;
}

/** True for a test by its name or folder. */
export const isTest = (file: string): boolean =>
  isCode(file) &&
  (/\.(test|spec|e2e|stories|bench)\.\w+$/.test(file) ||
    /(^|\/)(tests?|__tests__|__mocks__|e2e)$/.test(folderOf(file)));
