import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderTemplate } from '../../src/text/render.ts';
import { headersOf } from '../../templates/webhook/core/headers.ts';
import type { LogEntry } from '../../templates/webhook/core/log.ts';
import { memoryStore } from '../../templates/webhook/core/memory-store.ts';
import { createReceiver } from '../../templates/webhook/core/receive.ts';
import { cases, ed25519, url } from './support.ts';

const skill = new URL('../../templates/webhook/', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, skill), 'utf8');
const senders = [...new Map(cases.map((row) => [row.provider.name, row])).values()];

/** What the server and the script find in their environment. */
const env: Record<string, string> = { DISCORD_TEST_PRIVATE_KEY: ed25519.key };
for (const { provider, secret } of senders) {
  env[provider.secretVariable] = secret;
  if (provider.urlVariable) env[provider.urlVariable] = `${url}?from=console#rc=3`;
}

describe('The script webhooks:send', () => {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-send-'));
  const logged: LogEntry[] = [];
  const receiver = createReceiver({
    providers: senders.map(({ provider }) => provider),
    handlers: {},
    store: memoryStore(),
    env,
    log: (entry) => logged.push(entry),
  });
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const { status, headers, body } = await receiver.receive({
      provider: request.url?.slice(1) ?? '',
      header: headersOf(request.headers),
      body: Buffer.concat(chunks),
    });
    response.writeHead(status, headers).end(body);
  });
  const send = (provider: string, ...flags: string[]) => {
    const { port } = server.address() as AddressInfo;
    const target = `http://127.0.0.1:${port}/${provider}`;
    return execa('node', ['send.mjs', provider, '--url', target, ...flags], { cwd: folder, env, reject: false });
  };

  beforeAll(async () => {
    const provider = senders.map((row) => row.provider.name);
    const context = { provider, runScript: 'npm run', runtime: 'node', prefix: '', path: '/webhooks' };
    const script = renderTemplate(textOf('scripts/webhooks-send.mjs.hbs'), context, 'webhooks-send.mjs.hbs');
    writeFileSync(join(folder, 'send.mjs'), script);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test.each(senders)('sends as $provider.name what is accepted, of a type that our handlers know', async (row) => {
    const { name } = row.provider;
    logged.length = 0;
    const { exitCode, stdout, stderr } = await send(name);
    expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
    expect(logged).toMatchObject([{ level: 'info', provider: name, eventType: expect.any(String) }]);
    expect(textOf(`handlers/${name}.ts`)).toMatch(new RegExp(`^ {2}'?${logged[0]?.eventType}'?: `, 'm'));
  });

  test.each(senders)('sends as $provider.name what is refused with another secret', async (row) => {
    const { name } = row.provider;
    const other = name === 'discord' ? ed25519.secret : `${row.secret.slice(0, -4)}AAAA`;
    expect(await send(name, '--secret', other)).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^401 /) });
  });
});
