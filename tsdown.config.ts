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

/** Libraries that only some runs need: each a file of its own that is loaded when a function of it is called first. */
const libraries: Readonly<Record<string, { from: string; functions: readonly string[]; classes?: readonly string[] }>> =
  {
    yaml: {
      from: 'yaml',
      functions: ['parse', 'parseDocument', 'parseAllDocuments', 'isMap', 'isScalar', 'isSeq'],
      classes: ['LineCounter'],
    },
    // Only its parser: the rest compiles templates, which we do not.
    handlebars: { from: 'handlebars/dist/cjs/handlebars/compiler/base.js', functions: [] },
    semver: { from: 'semver', functions: [] },
    execa: { from: 'execa', functions: ['execa'] },
  };

/** What is imported in place of a library: its functions by name and, as the default, all that is asked of it. */
const standIn = (library: string): string =>
  [
    "import { createRequire } from 'node:module';",
    'const require = createRequire(import.meta.url);',
    `const library = () => require('./${library}.cjs');`,
    ...(libraries[library]?.functions ?? []).map(
      (name) => `export const ${name} = (...given) => library().${name}(...given);`,
    ),
    ...(libraries[library]?.classes ?? []).map(
      (name) => `export const ${name} = function (...given) { return new (library().${name})(...given); };`,
    ),
    'export default new Proxy({}, { get: (_, name) => library()[name] });',
  ].join('\n');

/** Everything but the native parser is bundled; the other parsers and some libraries are files of their own. */
const program: UserConfig = {
  ...shared,
  entry: { cli: 'src/cli.ts', 'audit-thread': 'src/commands/audit-thread.ts' },
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
      // Commander starts programs of its own only for commands that are files of their own, which we have none of.
      name: 'commander-without-processes',
      transform: {
        filter: { id: /[\\/]commander[\\/]lib[\\/]command\.js$/ },
        handler(code) {
          const without = code.replace("require('node:child_process')", '{}');
          if (without === code) throw new Error('Commander does not load node:child_process as expected.');
          return without;
        },
      },
    },
    {
      name: 'libraries-beside-us',
      resolveId: {
        filter: { id: new RegExp(`^(?:${Object.keys(libraries).join('|')})$`) },
        handler: (id) => `\0beside:${id}`,
      },
      load: { filter: { id: /^\0beside:/ }, handler: (id) => standIn(id.slice('\0beside:'.length)) },
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

/** The libraries, and the parser for where the native one's binary is missing. As CommonJS a function is compiled when it is called. */
const besideUs: UserConfig = {
  ...shared,
  entry: {
    'plain-parser': '@babel/parser',
    ...Object.fromEntries(Object.entries(libraries).map(([name, { from }]) => [name, from])),
  },
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

export default defineConfig([program, besideUs, typescriptParser]);
