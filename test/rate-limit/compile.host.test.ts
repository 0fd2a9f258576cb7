import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { compileCore } from '../webhook/compiled.ts';

const core = fileURLToPath(new URL('../../templates/rate-limit/core', import.meta.url));
const sources = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const common = '--noEmit --ignoreConfig --skipLibCheck --types node --pretty false';
const strictest = `--strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --verbatimModuleSyntax --isolatedModules
  --noPropertyAccessFromIndexSignature --erasableSyntaxOnly --noImplicitReturns --noImplicitOverride --noUnusedLocals
  --noUnusedParameters --declaration`;

const hosts: readonly [string, string][] = [
  ['the strictest flags under Node', `${strictest} --target ES2022 --module NodeNext`],
  [
    'the strictest flags and the browser’s types',
    `${strictest} --target ES2022 --lib ES2022,DOM --module ESNext --moduleResolution bundler`,
  ],
  ['the library of 2021', `${strictest} --target ES2021 --lib ES2021 --module ESNext --moduleResolution bundler`],
  [
    'no strictness, in CommonJS of old',
    '--strict false --target ES2022 --module commonjs --moduleResolution node10 --ignoreDeprecations 6.0 --esModuleInterop',
  ],
];

describe('The core of the rate limits compiles', () => {
  test.each(hosts)('with %s', async (_title, flags) => {
    const options = `${common} ${flags}`.split(/\s+/);
    const { stdout, exitCode } = await execa('node', [compiler, ...options, ...sources], { cwd: core, reject: false });
    expect([stdout, exitCode]).toEqual(['', 0]);
  });
});

describe.each(['esm', 'cjs'] as const)('The core of the rate limits as JavaScript in %s', (module) => {
  const { folder, remove } = compileCore(module, 'rate-limit');
  afterAll(remove);

  test('loads, file by file, with the same exports', async () => {
    const files = sources.map((path) => `./${path.replace(/\.ts$/, '.js')}`);
    const program = `Promise.all(${JSON.stringify(files)}.map((file) => import(file))).then((all) => {
      console.log(JSON.stringify(all.map((one) => Object.keys(one).filter((key) => key !== 'default' && key !== 'module.exports' && key !== '__esModule').sort())));
    });`;
    const type = module === 'esm' ? 'module' : 'commonjs';
    const { stdout } = await execa('node', ['--eval', program, '--input-type', type], { cwd: folder });
    const expected = await Promise.all(sources.map(async (path) => Object.keys(await import(join(core, path))).sort()));
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(expected.flat().length).toBeGreaterThan(30);
  });
});
