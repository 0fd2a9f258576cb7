import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'tsdown';
import { compilerSource, parserOnly, usedOfCompiler } from './scripts/parser-only.ts';
import { packHosts } from './src/edge/hosts.ts';
import { publishedSchemas } from './src/report/schemas.ts';

const shared: UserConfig = {
  platform: 'node',
  target: 'node20.19',
  minify: true,
  dts: false,
  logLevel: 'error',
  deps: { alwaysBundle: /.*/, onlyBundle: false },
};

/** Everything but the native parser is bundled; the two other parsers are files of their own, loaded when needed. */
const program: UserConfig = {
  ...shared,
  entry: { cli: 'src/cli.ts' },
  format: 'esm',
  fixedExtension: false,
  clean: true,
  deps: { ...shared.deps, neverBundle: ['oxc-parser', 'libpg-query'] },
  // jsonc-parser's CommonJS build hides its requires from a bundler.
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  plugins: [
    {
      // As CommonJS its functions are compiled when they are called, which halves what loading it costs.
      name: 'typescript-parser-beside-us',
      resolveId: { filter: { id: /^ts-morph$/ }, handler: () => '\0typescript-parser' },
      load: {
        filter: { id: /^\0typescript-parser$/ },
        handler: () =>
          `import { createRequire } from 'node:module';\nexport const ts = createRequire(import.meta.url)('./typescript-parser.cjs');`,
      },
    },
    {
      name: 'plain-parser-beside-us',
      transform: {
        filter: { id: /[\\/]src[\\/]text[\\/]parsers\.ts$/ },
        handler(code) {
          const beside = code.replace("require('@babel/parser')", "require('./plain-parser.cjs')");
          if (beside === code) throw new Error('src/text/parsers.ts does not load the plain parser as expected.');
          return beside;
        },
      },
    },
    {
      name: 'trial-hosts-beside-us',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'hosts.json', source: JSON.stringify(packHosts('fixtures')) });
      },
    },
    {
      name: 'json-schemas-beside-us',
      generateBundle() {
        for (const [name, schema] of Object.entries(publishedSchemas())) {
          const source = `${JSON.stringify(schema, null, 2)}\n`;
          this.emitFile({ type: 'asset', fileName: `schemas/${name}.schema.json`, source });
        }
      },
    },
  ],
};

/** Loaded only where the native parser's binary is missing: a file of its own. */
const plainParser: UserConfig = {
  ...shared,
  entry: { 'plain-parser': '@babel/parser' },
  format: 'cjs',
  clean: false,
};

const typescriptParserOnly = (): string => {
  const compiler = compilerSource();
  return parserOnly(compiler, usedOfCompiler(compiler, join(import.meta.dirname, 'src')));
};

/** Of the compiler that ts-morph carries, its parser and what else the patch ops ask of it: a twentieth of its code. */
const typescriptParser: UserConfig = {
  ...shared,
  entry: { 'typescript-parser': 'typescript-parser' },
  format: 'cjs',
  clean: false,
  plugins: [
    {
      name: 'typescript-parser-only',
      resolveId: { filter: { id: /^typescript-parser$/ }, handler: () => '\0typescript-parser' },
      load: { filter: { id: /^\0typescript-parser$/ }, handler: typescriptParserOnly },
    },
  ],
};

export default defineConfig([program, plainParser, typescriptParser]);
