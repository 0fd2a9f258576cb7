import { defineConfig } from 'vitest/config';

/** Tests that need servers, real disks under stress, or whole host projects, and long sweeps. Everything else is fast. */
const heavy = [
  'test/services/**/*.test.ts',
  'test/edge/**/*.test.ts',
  'test/update/**/*.test.ts',
  'test/**/*.{server,host,disk,e2e,long}.test.ts',
  'templates/*/core/**/*.server.test.ts',
];

/** Where the machine-readable report goes, when asked for. */
const report = process.env.BS_TEST_REPORT;

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts', 'templates/*/{core,examples}/**/*.test.ts'],
          exclude: heavy,
          // Files share what they import: most of a fast test's time was loading it. `test/fast.test.ts` says what that asks.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'full',
          include: heavy,
          globalSetup: ['test/services/setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
