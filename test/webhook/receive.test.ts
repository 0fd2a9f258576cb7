import { describe, expect, test } from 'vitest';
import type { Handlers } from '../../templates/webhook/core/events.ts';
import type { LogEntry } from '../../templates/webhook/core/log.ts';
import { memoryStore } from '../../templates/webhook/core/memory-store.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { createReceiver, type ReceiverOptions } from '../../templates/webhook/core/receive.ts';
import type { DeliveryStore } from '../../templates/webhook/core/store.ts';
import type { Delivery, Provider, Reply, WebhookEvent } from '../../templates/webhook/core/types.ts';
import { discord } from '../../templates/webhook/core/providers/discord.ts';
import { slack } from '../../templates/webhook/core/providers/slack.ts';
import { twilio } from '../../templates/webhook/core/providers/twilio.ts';
import { bytes, cases, deliveryOf, ed25519, nowMs, signed as signedBy, url } from './support.ts';

const secret = 'whsec_x';
const ids = { id: 'evt_1', type: 'a' };
const eventOf = (id: string, type = 'a') => JSON.stringify({ id, type, created: 1700000000 });

function signed(body: string, key = secret, at = nowMs): Delivery {
  return deliveryOf(stripe, stripe.sign(body, key, at, { id: '', type: '' }), body);
}

/** A receiver of Stripe's events, what its handler got, and what was logged. */
function setup(options: Partial<ReceiverOptions> & { handle?: (event: WebhookEvent) => Promise<void> } = {}) {
  const handled: WebhookEvent[] = [];
  const logged: LogEntry[] = [];
  const { handle, ...rest } = options;
  const handlers: Handlers = {
    a: async (event) => {
      handled.push(event);
      await handle?.(event);
    },
  };
  const receiver = createReceiver({
    providers: [stripe],
    handlers: { stripe: handlers },
    store: memoryStore(() => nowMs),
    env: { STRIPE_WEBHOOK_SECRET: secret },
    log: (entry) => logged.push(entry),
    now: () => nowMs,
    ...rest,
  });
  return { receiver, handled, logged };
}

const outcome = (text: string) => JSON.stringify({ outcome: text });

describe('A verified event', () => {
  test('reaches its handler with everything that the provider said', async () => {
    const { receiver, handled, logged } = setup();
    const reply = await receiver.receive(signed(eventOf('evt_1')));
    expect(reply).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: outcome('handled'),
    });
    expect(handled).toEqual([
      {
        provider: 'stripe',
        id: 'evt_1',
        type: 'a',
        occurredAt: new Date(1_700_000_000_000),
        payload: { id: 'evt_1', type: 'a', created: 1700000000 },
      },
    ]);
    expect(logged).toEqual([]);
  });

  test('is handled once, however often it comes', async () => {
    const { receiver, handled } = setup();
    const replies = [];
    for (let n = 0; n < 3; n += 1)
      replies.push(await receiver.receive(signed(eventOf('evt_1'), secret, nowMs - n * 1000)));
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [200, outcome('handled')],
      [200, outcome('duplicate')],
      [200, outcome('duplicate')],
    ]);
    expect(handled).toHaveLength(1);
  });

  test('is told apart from an event of another provider with the same id', async () => {
    const store = memoryStore();
    const body = eventOf('1');
    const first = setup({ store });
    await first.receiver.receive(signed(body));
    const handlers: Handlers = { a: async () => {} };
    const second = setup({
      store,
      providers: [github],
      handlers: { github: handlers },
      env: { GITHUB_WEBHOOK_SECRET: secret },
    });
    const delivery = deliveryOf(github, github.sign(body, secret, nowMs, { id: '1', type: 'a' }), body);
    expect((await second.receiver.receive(delivery)).body).toBe(outcome('handled'));
  });

  test('that is still being handled is refused for a while, so that a crash does not lose it', async () => {
    let finish = () => {};
    const promise = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { receiver, handled } = setup({ handle: () => promise, leaseMs: 30_000 });
    const first = receiver.receive(signed(eventOf('evt_1')));
    const second = await receiver.receive(signed(eventOf('evt_1')));
    expect(second).toMatchObject({ status: 409, headers: { 'retry-after': '30' }, body: outcome('in progress') });
    finish();
    expect((await first).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  test.each([
    ['rejects', async () => Promise.reject(new Error('database password is hunter2'))],
    [
      'throws',
      () => {
        throw new Error('database password is hunter2');
      },
    ],
  ])('is given back when its handler %s, and handled at the next attempt', async (_title, failure) => {
    let broken = true;
    const { receiver, logged, handled } = setup({ handle: () => (broken ? failure() : Promise.resolve()) });
    const reply = await receiver.receive(signed(eventOf('evt_1')));
    expect(reply).toMatchObject({ status: 500, body: outcome('failed') });
    expect(logged).toMatchObject([{ level: 'error', provider: 'stripe', eventId: 'evt_1', eventType: 'a' }]);
    expect(String(logged[0]?.error)).toContain('hunter2');
    broken = false;
    expect((await receiver.receive(signed(eventOf('evt_1')))).body).toBe(outcome('handled'));
    expect(handled).toHaveLength(2);
  });

  test.each(['b', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'of the type %s, which has no handler, is accepted and leaves nothing in the store',
    async (type) => {
      const { receiver, handled, logged } = setup({ store: brokenStore });
      expect(await receiver.receive(signed(eventOf('evt_1', type)))).toMatchObject({
        status: 200,
        body: outcome('ignored'),
      });
      expect(handled).toEqual([]);
      expect(logged).toMatchObject([{ level: 'info', eventType: type }]);
    },
  );

  test('of a provider without any handlers is accepted', async () => {
    const { receiver } = setup({ handlers: {} });
    expect(await receiver.receive(signed(eventOf('evt_1')))).toMatchObject({ status: 200, body: outcome('ignored') });
  });
});

describe('A delivery is refused', () => {
  test.each(['', 'Stripe', 'github', '__proto__', 'constructor'])(
    'for the provider %j, which is not set up',
    async (provider) => {
      const { receiver } = setup();
      const reply = await receiver.receive({ ...signed(eventOf('evt_1')), provider });
      expect(reply).toMatchObject({ status: 404, body: outcome('unknown provider') });
    },
  );

  test.each<[string, Record<string, string>]>([
    ['missing', {}],
    ['empty', { STRIPE_WEBHOOK_SECRET: '' }],
    ['blank', { STRIPE_WEBHOOK_SECRET: ' ' }],
    ['followed by a newline', { STRIPE_WEBHOOK_SECRET: `${secret}\n` }],
    ['what the example file says', { STRIPE_WEBHOOK_SECRET: 'whsec_replace_me' }],
    ['after a blank', { STRIPE_WEBHOOK_SECRET: ` ${secret}` }],
    ['only there as the previous one', { STRIPE_WEBHOOK_SECRET_PREVIOUS: secret }],
    [
      'good, and the previous one has a newline',
      { STRIPE_WEBHOOK_SECRET: secret, STRIPE_WEBHOOK_SECRET_PREVIOUS: 'x\n' },
    ],
  ])('when its secret is %s, and the log names the variable', async (_title, env) => {
    const { receiver, handled, logged } = setup({ env });
    const { STRIPE_WEBHOOK_SECRET: key = '' } = env;
    expect(await receiver.receive(signed(eventOf('evt_1'), key))).toMatchObject({
      status: 500,
      body: outcome('not configured'),
    });
    expect(handled).toEqual([]);
    expect(logged).toMatchObject([{ level: 'error', message: expect.stringContaining('STRIPE_WEBHOOK_SECRET') }]);
    expect(JSON.stringify(logged)).not.toContain(secret);
  });

  test.each([
    ['without a signature', { ...signed(eventOf('evt_1')), header: () => undefined }],
    ['signed by somebody else', signed(eventOf('evt_1'), 'whsec_y')],
    ['too old', signed(eventOf('evt_1'), secret, nowMs - 301_000)],
    ['from the future', signed(eventOf('evt_1'), secret, nowMs + 301_000)],
    ['changed', { ...signed(eventOf('evt_1')), body: bytes(eventOf('evt_2')) }],
    ['not JSON and not signed', { ...signed(eventOf('evt_1')), body: bytes('{') }],
    ['empty', { ...signed(eventOf('evt_1')), body: new Uint8Array() }],
  ])('with one and the same answer when it is %s', async (_title, delivery) => {
    const { receiver, handled } = setup({ store: brokenStore });
    const reply = await receiver.receive(delivery);
    expect(reply).toEqual({
      status: 401,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: outcome('not verified'),
    });
    expect(handled).toEqual([]);
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{}',
    '{"id":"","type":"a"}',
    '{"id":"1"}',
    '{"id":{},"type":"a"}',
    '{"id":"é","type":"a"}',
  ])('for good when it is signed and its body is %s', async (body) => {
    const { receiver, logged } = setup({ store: brokenStore });
    expect(await receiver.receive(signed(body))).toMatchObject({ status: 400, body: outcome('unreadable') });
    expect(logged).toMatchObject([{ level: 'error', error: expect.any(Error) }]);
  });

  test('when it is larger than its provider sends, before any work is done on it', async () => {
    const small: Provider = { ...stripe, maxBytes: eventOf('evt_1').length };
    const { receiver, handled } = setup({ providers: [small] });
    expect((await receiver.receive(signed(`${eventOf('evt_1')} `))).status).toBe(413);
    expect((await receiver.receive(signed(eventOf('evt_1')))).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  test('when a body parser was there first', async () => {
    const { receiver, logged } = setup();
    const parsed: unknown = JSON.parse(eventOf('evt_1'));
    const reply = await receiver.receive({ ...signed(eventOf('evt_1')), body: parsed as Uint8Array });
    expect(reply.status).toBe(500);
    expect(logged[0]?.message).toContain('body parser');
  });

  test('while the store does not answer, so that the provider tries again', async () => {
    const { receiver, handled, logged } = setup({ store: brokenStore });
    expect(await receiver.receive(signed(eventOf('evt_1')))).toMatchObject({
      status: 503,
      body: outcome('unavailable'),
    });
    expect(handled).toEqual([]);
    expect(logged).toMatchObject([{ level: 'error', eventId: 'evt_1', error: expect.any(Error) }]);
  });
});

describe('When the store breaks down during the handling', () => {
  const breaking: DeliveryStore = { ...memoryStore(), complete: reject, fail: reject };

  test('a handled event is not asked for again', async () => {
    const { receiver, logged } = setup({ store: breaking });
    expect(await receiver.receive(signed(eventOf('evt_1')))).toMatchObject({ status: 200, body: outcome('handled') });
    expect(logged).toMatchObject([{ level: 'error', eventId: 'evt_1' }]);
  });

  test('a failed event is asked for again, and both failures are logged', async () => {
    const { receiver, logged } = setup({ store: breaking, handle: reject });
    expect((await receiver.receive(signed(eventOf('evt_2')))).status).toBe(500);
    expect(logged).toHaveLength(2);
  });
});

describe('A provider that signs the URL', () => {
  const body = 'MessageSid=SM1&MessageStatus=a';
  const env = { TWILIO_AUTH_TOKEN: secret, TWILIO_WEBHOOK_URL: url };
  const receiverWith = (variables: Record<string, string>) =>
    setup({ providers: [twilio], handlers: {}, env: variables });
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
    const { type } = provider.read(deliveryOf(provider, signedBy(row, body), body));
    const handled: WebhookEvent[] = [];
    const handlers: Handlers = { [type]: (event) => handled.push(event) };
    const { receiver } = setup({
      providers: [provider],
      handlers: { [name]: handlers },
      env: { [secretVariable]: key, [urlVariable]: url },
    });
    const replies = [];
    for (const at of [nowMs, nowMs + 1000, nowMs - 1000])
      replies.push(await receiver.receive(deliveryOf(provider, signedBy(row, body, at), body)));
    const [first, ...others] = provider.acknowledge ? replies : replies.map(({ status }) => ({ status }));
    expect(others).toEqual([first, first]);
    expect(first?.status).toBe(200);
    expect(handled).toHaveLength(1);
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
    const { receiver } = setup({ providers: [provider], handlers: {}, env });
    const sent = { ...headers, ...provider.sign(body, key, nowMs, { ...ids, url }) };
    const delivery = deliveryOf(provider, sent, body);
    expect([await receiver.receive(delivery), await receiver.receive(delivery)]).toEqual([reply, reply]);
  });

  test.each([slack, twilio, discord])('of $name to what fails is no acknowledgement', async (provider) => {
    const row = cases.find((one) => one.provider === provider);
    if (!row) throw new Error('There is no such case.');
    const { name, secretVariable, urlVariable = '' } = provider;
    const delivery = deliveryOf(provider, signedBy(row, row.body), row.body);
    const { receiver } = setup({
      providers: [provider],
      handlers: { [name]: { [provider.read(delivery).type]: reject } },
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

describe('Secrets', () => {
  test('are read when a request comes, not before', async () => {
    const env: Record<string, string> = {};
    const { receiver } = setup({ env });
    expect((await receiver.receive(signed(eventOf('evt_1')))).status).toBe(500);
    Object.assign(env, { STRIPE_WEBHOOK_SECRET: secret });
    expect((await receiver.receive(signed(eventOf('evt_1')))).status).toBe(200);
  });

  test('may be two while one replaces the other', async () => {
    const { receiver } = setup({ env: { STRIPE_WEBHOOK_SECRET: 'new', STRIPE_WEBHOOK_SECRET_PREVIOUS: 'old' } });
    const statuses = [];
    for (const key of ['new', 'old', 'older', 'new,old'])
      statuses.push((await receiver.receive(signed(eventOf(key), key))).status);
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  test('may have no previous one, written as an empty variable', async () => {
    const { receiver } = setup({ env: { STRIPE_WEBHOOK_SECRET: secret, STRIPE_WEBHOOK_SECRET_PREVIOUS: '' } });
    expect((await receiver.receive(signed(eventOf('evt_1')))).status).toBe(200);
    expect((await receiver.receive(signed(eventOf('evt_1'), ''))).status).toBe(401);
  });

  test.each(cases)('of $provider.name are tried in both places', async (row) => {
    const { provider, body, secret: key } = row;
    const { secretVariable, urlVariable = '', name } = provider;
    const { receiver, logged } = setup({
      providers: [provider],
      handlers: {},
      env: { [secretVariable]: 'whsec_b3RoZXI=', [`${secretVariable}_PREVIOUS`]: key, [urlVariable]: url },
    });
    const headers = signedBy(row, body);
    expect(await receiver.receive(deliveryOf(provider, headers, body))).toMatchObject({ status: 200 });
    expect(logged).toMatchObject([{ provider: name, level: 'info' }]);
  });
});

test('The limit for the body is the largest of the providers', () => {
  expect(setup({ providers: [stripe, github] }).receiver.maxBytes).toBe(25 * 1024 * 1024);
});

const reject = () => Promise.reject(new Error('The store is down.'));
const brokenStore: DeliveryStore = { claim: reject, complete: reject, fail: reject };
