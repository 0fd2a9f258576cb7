import { defineConfig } from 'tsdown';

/** Everything but the native parser is bundled; what only patching needs (ts-morph) stays a chunk of its own. */
export default defineConfig({
  entry: { cli: 'src/cli.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  minify: true,
  dts: false,
  clean: true,
  noExternal: /.*/,
  external: ['oxc-parser'],
  inlineOnly: false,
  // What was written as CommonJS (the TypeScript parser) asks for these.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  // jsonc-parser's CommonJS build hides its requires from a bundler.
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
});
