import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../templates/webhook/core/log.ts';
import { memoryStore } from '../../templates/webhook/core/memory-store.ts';
import { discord } from '../../templates/webhook/core/providers/discord.ts';
import { slack } from '../../templates/webhook/core/providers/slack.ts';
import { twilio } from '../../templates/webhook/core/providers/twilio.ts';
import { createReceiver, type ReceiverOptions } from '../../templates/webhook/core/receive.ts';
import type { Delivery, Provider, Reply, WebhookEvent } from '../../templates/webhook/core/types.ts';
import { cases, deliveryOf, ed25519, nowMs, signed, url } from './support.ts';

const secret = 'hush';
const ids = { id: 'evt_1', type: 'a' };

/** A receiver, and what it logged. */
function setUp(options: Pick<ReceiverOptions, 'providers' | 'handlers' | 'env'>) {
  const logged: LogEntry[] = [];
  const log = (entry: LogEntry) => logged.push(entry);
  return { receiver: createReceiver({ store: memoryStore(() => nowMs), log, now: () => nowMs, ...options }), logged };
}

const outcome = (text: string) => JSON.stringify({ outcome: text });

describe('A provider that signs the URL', () => {
  const body = 'MessageSid=SM1&MessageStatus=a';
  const env = { TWILIO_AUTH_TOKEN: secret, TWILIO_WEBHOOK_URL: url };
  const receiverWith = (variables: Record<string, string>) =>
    setUp({ providers: [twilio], handlers: {}, env: variables });
  const deliveryTo = (publicUrl: string, requested?: string): Delivery => {
    const { url: _, ...rest } = deliveryOf(twilio, twilio.sign(body, secret, nowMs, { ...ids, url: publicUrl }), body);
    return requested === undefined ? rest : { ...rest, url: requested };
  };

  test.each([
    ['the variable alone', url, deliveryTo(url)],
    ['a path that is not that of the variable, behind a proxy', url, deliveryTo(url, '/internal/twilio')],
    ['another host', url, deliveryTo(url, 'http://10.0.0.1:3000/twilio')],
    ['the query that was requested', url, deliveryTo(`${url}?step=2&a=%20`, '/twilio?step=2&a=%20')],
    [
      'the query that was requested for that of the variable',
      `${url}?step=1`,
      deliveryTo(`${url}?step=2`, '/t?step=2'),
    ],
    ['the query of the variable where none was requested', `${url}?step=1`, deliveryTo(`${url}?step=1`, '/twilio')],
    ['the URL without what only Twilio reads of it', `${url}#rc=3`, deliveryTo(url)],
  ])('is verified by %s', async (_title, configured, delivery) => {
    const { receiver } = receiverWith({ ...env, TWILIO_WEBHOOK_URL: configured });
    expect((await receiver.receive(delivery)).status).toBe(200);
  });

  test('is refused for a query that it did not sign', async () => {
    const { receiver } = receiverWith(env);
    expect((await receiver.receive(deliveryTo(url, '/twilio?step=2'))).status).toBe(401);
  });

  test.each<[string, Record<string, string>]>([
    ['missing', { TWILIO_AUTH_TOKEN: secret }],
    ['empty', { ...env, TWILIO_WEBHOOK_URL: '' }],
    ['a path', { ...env, TWILIO_WEBHOOK_URL: '/webhooks/twilio' }],
    ['a host', { ...env, TWILIO_WEBHOOK_URL: 'example.com/webhooks/twilio' }],
  ])('is not served while the variable is %s, and the log names it', async (_title, variables) => {
    const { receiver, logged } = receiverWith(variables);
    expect(await receiver.receive(deliveryTo(url))).toMatchObject({ status: 500, body: outcome('not configured') });
    expect(logged).toMatchObject([{ level: 'error', message: expect.stringContaining('TWILIO_WEBHOOK_URL') }]);
  });
});

describe('Every attempt', () => {
  test.each(cases)('of $provider.name gets one and the same answer, and one is handled', async (row) => {
    const { provider, body, secret: key } = row;
    const { name, secretVariable, urlVariable = '' } = provider;
    const { type } = provider.read(deliveryOf(provider, signed(row, body), body));
    const handled: WebhookEvent[] = [];
    const handlers = { [type]: (event: WebhookEvent) => handled.push(event) };
    const { receiver } = setUp({
      providers: [provider],
      handlers: { [name]: handlers },
      env: { [secretVariable]: key, [urlVariable]: url },
    });
    const replies = [];
    for (const at of [nowMs, nowMs + 1000, nowMs - 1000])
      replies.push(await receiver.receive(deliveryOf(provider, signed(row, body, at), body)));
    const [first, ...others] = provider.acknowledge ? replies : replies.map(({ status }) => ({ status }));
    expect(others).toEqual([first, first]);
    expect(first?.status).toBe(200);
    expect(handled).toHaveLength(1);
  });
});

describe('A delivery of several events', () => {
  const streamed = (id: string, type: string) => ({ specversion: '1.0', id, type, data: {} });
  const env = { TWILIO_AUTH_TOKEN: secret, TWILIO_WEBHOOK_URL: url };
  const listOf = (...events: object[]) => {
    const body = JSON.stringify(events);
    return deliveryOf(twilio, twilio.sign(body, secret, nowMs, { ...ids, url }), body);
  };

  test('hands each to its handler once, also where another attempt has others beside it', async () => {
    const handled: string[] = [];
    const handle = ({ id }: WebhookEvent) => handled.push(id);
    const { receiver } = setUp({ providers: [twilio], handlers: { twilio: { a: handle, b: handle } }, env });
    const [one, two, three] = [streamed('EZ1', 'a'), streamed('EZ2', 'b'), streamed('EZ3', 'a')];
    for (const delivery of [listOf(one, two), listOf(one, two), listOf(two, three)])
      expect(await receiver.receive(delivery)).toMatchObject({ status: 200, body: '<Response/>' });
    expect(handled).toEqual(['EZ1', 'EZ2', 'EZ3']);
  });

  test('is asked for again where one fails, and then only what was not handled is', async () => {
    const handled: string[] = [];
    let broken = true;
    const handle = ({ id }: WebhookEvent) => {
      if (id === 'EZ2' && broken) throw new Error('down');
      handled.push(id);
    };
    const { receiver } = setUp({ providers: [twilio], handlers: { twilio: { a: handle } }, env });
    const delivery = listOf(streamed('EZ1', 'a'), streamed('EZ2', 'a'), streamed('EZ3', 'a'));
    expect((await receiver.receive(delivery)).status).toBe(500);
    broken = false;
    expect((await receiver.receive(delivery)).status).toBe(200);
    expect(handled).toEqual(['EZ1', 'EZ2', 'EZ3']);
  });

  test('is taken without any, and refused for good where one is no event, before any is handled', async () => {
    const handled: string[] = [];
    const handlers = { twilio: { a: ({ id }: WebhookEvent) => handled.push(id) } };
    const { receiver } = setUp({ providers: [twilio], handlers, env });
    const replies = [await receiver.receive(listOf()), await receiver.receive(listOf(streamed('EZ1', 'a'), []))];
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [200, outcome('ignored')],
      [400, outcome('unreadable')],
    ]);
    expect(handled).toEqual([]);
  });
});

describe('The answer', () => {
  const interaction = (type: number) => ({ body: `{"id":"1","type":${type}}` });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const asJson = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  const empty = { status: 200, headers: { 'cache-control': 'no-store' }, body: '' };
  const keys = { slack: 'hush', twilio: 'hush', discord: ed25519.key };

  test.each<[string, Provider, { body: string; headers?: Record<string, string> }, Reply]>([
    [
      "to Slack's challenge is the challenge",
      slack,
      { body: '{"token":"x","challenge":"3eZ<b>","type":"url_verification"}' },
      { status: 200, headers: asJson, body: '{"challenge":"3eZ<b>"}' },
    ],
    ['to an event of Slack is empty', slack, { body: '{"type":"event_callback","event":{"type":"a"}}' }, empty],
    ['to a slash command is empty, as people would read it', slack, { headers: form, body: 'command=%2Fa' }, empty],
    [
      'to a view is empty, as Slack would refuse another',
      slack,
      { headers: form, body: 'payload={"type":"a"}' },
      empty,
    ],
    [
      'to a message of Twilio is TwiML that does nothing',
      twilio,
      { body: 'MessageSid=SM1&SmsStatus=received' },
      { status: 200, headers: { ...asJson, 'content-type': 'text/xml' }, body: '<Response/>' },
    ],
    ["to Discord's ping is a pong", discord, interaction(1), { status: 200, headers: asJson, body: '{"type":1}' }],
    [
      'to a command is that more follows',
      discord,
      interaction(2),
      { status: 200, headers: asJson, body: '{"type":5}' },
    ],
    ['to a click is that more follows', discord, interaction(3), { status: 200, headers: asJson, body: '{"type":6}' }],
    [
      'to a request for choices is that there are none',
      discord,
      interaction(4),
      { status: 200, headers: asJson, body: '{"type":8,"data":{"choices":[]}}' },
    ],
    ['to a form is that more follows', discord, interaction(5), { status: 200, headers: asJson, body: '{"type":5}' }],
    ["to the ping of Discord's events has no body", discord, { body: '{"type":0}' }, { ...empty, status: 204 }],
    [
      'to an event of Discord has no body',
      discord,
      { body: '{"type":1,"event":{"type":"ENTITLEMENT_CREATE"}}' },
      { ...empty, status: 204 },
    ],
  ])('%s', async (_title, provider, { body, headers }, reply) => {
    const { name, secretVariable, urlVariable = '' } = provider;
    const key = new Map(Object.entries(keys)).get(name) ?? '';
    const env = { [secretVariable]: provider === discord ? ed25519.secret : key, [urlVariable]: url };
    const { receiver } = setUp({ providers: [provider], handlers: {}, env });
    const sent = { ...headers, ...provider.sign(body, key, nowMs, { ...ids, url }) };
    const delivery = deliveryOf(provider, sent, body);
    expect([await receiver.receive(delivery), await receiver.receive(delivery)]).toEqual([reply, reply]);
  });

  test.each([slack, twilio, discord])('of $name to what fails is no acknowledgement', async (provider) => {
    const row = cases.find((one) => one.provider === provider);
    if (!row) throw new Error('There is no such case.');
    const { name, secretVariable, urlVariable = '' } = provider;
    const delivery = deliveryOf(provider, signed(row, row.body), row.body);
    const { receiver } = setUp({
      providers: [provider],
      handlers: { [name]: { [provider.read(delivery).type]: () => Promise.reject(new Error('down')) } },
      env: { [secretVariable]: row.secret, [urlVariable]: url },
    });
    const unsigned = { ...delivery, header: () => undefined };
    const replies = [await receiver.receive(delivery), await receiver.receive(unsigned)];
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [500, outcome('failed')],
      [401, outcome('not verified')],
    ]);
  });
});
