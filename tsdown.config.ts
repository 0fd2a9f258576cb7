import { defineConfig, type UserConfig } from 'tsdown';
import { publishedSchemas } from './src/report/schemas.ts';

const shared: UserConfig = {
  platform: 'node',
  target: 'node20.19',
  minify: true,
  dts: false,
  noExternal: /.*/,
  inlineOnly: false,
};

/** Everything but the native parser is bundled; what only patching needs (ts-morph) stays a chunk of its own. */
const program: UserConfig = {
  ...shared,
  entry: { cli: 'src/cli.ts' },
  format: 'esm',
  fixedExtension: false,
  clean: true,
  external: ['oxc-parser'],
  // What was written as CommonJS (the TypeScript parser) asks for these.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  // jsonc-parser's CommonJS build hides its requires from a bundler.
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  plugins: [
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

export default defineConfig([program, plainParser]);
