import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boot } from './boot.ts';
import { runTests, typeCheck } from './check.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';

/** A flag, a file that only this flag forbids, and the compiler's code for it. */
const strictFaults = [
  ['noUncheckedIndexedAccess', 'export const first = (list: readonly number[]): number => list[0];\n', 'TS2322'],
  ['noPropertyAccessFromIndexSignature', 'export const port = process.env.PORT;\n', 'TS4111'],
  ['exactOptionalPropertyTypes', 'export const options: { port?: number } = { port: undefined };\n', 'TS2375'],
  ['verbatimModuleSyntax', "import { Express } from 'express';\nexport type App = Express;\n", 'TS1484'],
] as const;

// Each of these is a fault that the harness must see: a harness that passes everything proves nothing.
describe('the harness on a host with a fault', () => {
  let host: Host;
  beforeEach(async () => {
    host = await prepareHost(fixture('trpc-express-ts'));
  });
  afterEach(() => host.drop());

  test('sees a type error', async () => {
    host.write([['src/fault.ts', 'export const port: number = "3000";\n']]);
    const { ok, output } = await typeCheck(host);
    expect(ok).toBe(false);
    expect(output).toContain('src/fault.ts');
  });

  test('sees what only the strictest flags forbid, in the files it is asked about', async () => {
    host.write(strictFaults.map(([flag, text]) => [`src/webhooks/${flag}.ts`, text] as const));
    const { ok, output } = await typeCheck(host, ['src/webhooks/']);
    expect(ok).toBe(false);
    for (const [flag, , code] of strictFaults) expect(output).toMatch(new RegExp(`${flag}\\.ts.*${code}`));
    expect(await typeCheck(host, ['src/other/'])).toEqual({ ok: true, output: '' });
  });

  test('sees a failing test among those that pass', async () => {
    host.write([
      [
        'test/fault.test.ts',
        "import { expect, test } from 'vitest';\ntest('two is three', () => expect(2).toBe(3));\n",
      ],
    ]);
    expect((await runTests(host)).ok).toBe(false);
    expect((await runTests(host, ['test/fault.test.ts'])).output).toContain('two is three');
    expect((await runTests(host, ['test/app.test.ts'])).ok).toBe(true);
  });

  test('does not take a run without tests for a passed one', async () => {
    host.write([['package.json', JSON.stringify({ ...host.fixture.manifest, scripts: { test: 'true' } })]]);
    expect(await runTests(host)).toEqual({ ok: false, output: '', passed: 0 });
  });

  test('says at once what a dying host printed', async () => {
    host.write([['src/server.ts', "throw new Error('STRIPE_WEBHOOK_SECRET is not set');\n"]]);
    await expect(boot(host)).rejects.toThrow('STRIPE_WEBHOOK_SECRET is not set');
  });

  test('leaves nothing behind', async () => {
    const { url, stop } = await boot(host);
    await stop();
    await expect(fetch(url)).rejects.toThrow();
    host.drop();
    expect(existsSync(join(host.root))).toBe(false);
  });
});
