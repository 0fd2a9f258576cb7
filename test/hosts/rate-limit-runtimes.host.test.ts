import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host as Project, Runtime } from '../../src/model.ts';
import { programsOf } from '../services/tools.ts';
import { command, typeCheck } from './check.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';
import { add, databaseOf, projectCalled, textsOf, withBooted } from './rate-limit-support.ts';

const name = 'hono-node-ts';

/** The project as it would be found where it runs on something else than Node. */
function projectOn(runtime: Runtime): Project {
  const project = projectCalled(name);
  const evidence = { file: null, line: null, reason: 'said by the test', confidence: 'certain' } as const;
  return { ...project, profile: { ...project.profile, runtime: { value: runtime, evidence, rivals: [] } } };
}

/** What a platform calls, with its own words for a request of this client. */
const senders = {
  'AWS Lambda behind an HTTP API': {
    runtime: 'lambda',
    client: '198.51.100',
    program: `import { handle } from 'hono/aws-lambda';
import { app } from './src/app.js';

const handler = handle(app);
export const send = async (address: string, forged: string): Promise<number> => {
  const http = { method: 'POST', path: '/echo', protocol: 'HTTP/1.1', sourceIp: address, userAgent: 'curl/8.5.0' };
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/echo',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'a.execute-api.eu-central-1.amazonaws.com', 'x-forwarded-for': forged },
    requestContext: { accountId: '1', apiId: 'a', authentication: null, authorizer: {}, domainName: 'a', domainPrefix: 'a', http, requestId: 'r', routeKey: '$default', stage: '$default', time: '', timeEpoch: 0 },
    body: '{}',
    isBase64Encoded: false,
  };
  return (await handler(event as never)).statusCode;
};`,
  },
  'AWS Lambda behind a REST API': {
    runtime: 'lambda',
    client: '203.0.113',
    program: `import { handle } from 'hono/aws-lambda';
import { app } from './src/app.js';

const handler = handle(app);
export const send = async (address: string, forged: string): Promise<number> => {
  const headers = { 'content-type': 'application/json', host: 'a.execute-api.eu-central-1.amazonaws.com', 'x-forwarded-for': forged };
  const event = {
    version: '1.0',
    resource: '/{proxy+}',
    path: '/echo',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    requestContext: { accountId: '1', apiId: 'a', httpMethod: 'POST', identity: { sourceIp: address, userAgent: 'curl' }, path: '/prod/echo', protocol: 'HTTP/1.1', requestId: 'r', resourcePath: '/{proxy+}', stage: 'prod' },
    body: '{}',
    isBase64Encoded: false,
  };
  return (await handler(event as never)).statusCode;
};`,
  },
  Vercel: {
    runtime: 'vercel',
    client: '192.0.2',
    program: `import { app } from './src/app.js';

export const send = async (address: string, forged: string): Promise<number> => {
  const headers = { 'content-type': 'application/json', 'x-real-ip': address, 'x-forwarded-for': forged };
  const response = await app.fetch(new Request('https://a.vercel.app/echo', { method: 'POST', headers, body: '{}' }));
  return response.status;
};`,
  },
} as const;

/** Nine requests of one client, who makes addresses up, and one of another. */
const main = (client: string): string => `import { send } from './send.js';

const statuses: number[] = [];
for (let at = 0; at < 9; at += 1) statuses.push(await send('${client}.1', \`10.1.1.\${at}\`));
statuses.push(await send('${client}.2', '10.1.1.1'));
console.log('statuses: ' + JSON.stringify(statuses));
process.exit(0);
`;

describe.each(Object.entries(senders))('rate-limit on %s', (_title, { runtime, client, program }) => {
  let host: Host;
  beforeAll(async () => {
    host = await prepareHost(fixture(name));
    const answers = { store: 'redis', 'redis-client': 'ioredis', 'per-minute': '5' };
    host.write(textsOf(add('rate-limit', projectOn(runtime), answers).plan.changes));
    host.write([
      ['send.ts', program],
      ['main.ts', main(client)],
    ]);
  });
  afterAll(() => host.drop());

  test('counts each client by the address that the platform gives', async () => {
    expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
    const env = { ...host.env, REDIS_URL: databaseOf(name) };
    const { output } = await command({ ...host, env }, 'tsx main.ts');
    const statuses = JSON.parse(/statuses: (.*)/.exec(output)?.[1] ?? '[]') as number[];
    expect(statuses, output).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429, 200]);
  });
});

describe('rate-limit on Bun', () => {
  let host: Host;
  beforeAll(async () => {
    host = await prepareHost(fixture(name));
    host.write(textsOf(add('rate-limit', projectOn('bun'), { store: 'memory', 'per-minute': '5' }).plan.changes));
    const serve = `import { app } from './app.js';\n\nexport default { port: Number(process.env.PORT), fetch: app.fetch };\n`;
    const scripts = { start: 'bun run src/index.ts' };
    host.write([
      ['src/index.ts', serve],
      ['package.json', JSON.stringify({ name, type: 'module', scripts })],
    ]);
  });
  afterAll(() => host.drop());

  test('counts each client by the address of its connection', async () => {
    const path = `${join(await programsOf('@oven/bun-linux-x64@1.4'), '../@oven/bun-linux-x64/bin')}:${host.env.PATH}`;
    const onBun = { ...host, env: { ...host.env, PATH: path } };
    await withBooted(onBun, {}, async (url) => {
      const statuses: number[] = [];
      for (let at = 0; at < 7; at += 1) {
        const headers = { 'content-type': 'application/json', 'x-forwarded-for': `10.1.1.${at}` };
        statuses.push((await fetch(`${url}/echo`, { method: 'POST', headers, body: '{}' })).status);
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    });
  });
});
