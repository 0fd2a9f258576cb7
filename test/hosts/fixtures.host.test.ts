import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Booted, boot } from './boot.ts';
import { runTests, typeCheck } from './check.ts';
import { fixtures } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';

// What holds before anything of ours is added: what fails later is ours then.
describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s as it is', (_name, fixture) => {
  let host: Host;
  let booted: Booted | undefined;
  beforeAll(async () => {
    host = await prepareHost(fixture);
  });
  afterAll(async () => {
    await booted?.stop();
    host.drop();
  });

  test('passes its type check', async () => {
    expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
  });

  test('passes its own tests', async () => {
    const { ok, output } = await runTests(host);
    expect(ok, output).toBe(true);
  });

  test('boots, tells its health and echoes what it is sent', async () => {
    booted = await boot(host);
    const health = await fetch(booted.url + fixture.health);
    expect(health.status).toBe(200);
    const body = { greeting: 'hello' };
    const echo = await fetch(booted.url + fixture.echo, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(echo.ok).toBe(true);
    expect(await echo.text()).toContain('hello');
  });
});
