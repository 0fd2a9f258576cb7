import { describe, expect, test } from 'vitest';
import type { Handlers } from '../../templates/webhook/core/events.ts';
import type { LogEntry } from '../../templates/webhook/core/log.ts';
import { memoryStore } from '../../templates/webhook/core/memory-store.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { createReceiver, type ReceiverOptions } from '../../templates/webhook/core/receive.ts';
import type { DeliveryStore } from '../../templates/webhook/core/store.ts';
import type { Delivery, Provider, WebhookEvent } from '../../templates/webhook/core/types.ts';
import { bytes, cases, deliveryOf, nowMs, signed as signedBy, url } from './support.ts';

const secret = 'whsec_x';
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

describe('The bytes of a request', () => {
  const providers = [stripe, github];
  const env = { STRIPE_WEBHOOK_SECRET: secret, GITHUB_WEBHOOK_SECRET: secret };
  const body = (text: string, limits: number[]) => async (maxBytes: number) => {
    limits.push(maxBytes);
    return bytes(text).byteLength > maxBytes ? null : bytes(text);
  };

  test.each([stripe, github])(
    'are read up to the limit of $name, whoever else is set up',
    async ({ name, maxBytes }) => {
      const limits: number[] = [];
      const { receiver } = setup({ providers, env });
      const request = { ...signed(eventOf('evt_1')), provider: name, body: body(eventOf('evt_1'), limits) };
      await receiver.receive(request);
      expect(limits).toEqual([maxBytes]);
    },
  );

  test('are verified as read', async () => {
    const { receiver, handled } = setup();
    const request = { ...signed(eventOf('evt_1')), body: body(eventOf('evt_1'), []) };
    expect(await receiver.receive(request)).toMatchObject({ status: 200, body: outcome('handled') });
    expect(handled).toHaveLength(1);
  });

  test('are too many where there are more, and nobody keeps that answer', async () => {
    const { receiver } = setup();
    const reply = await receiver.receive({ ...signed(eventOf('evt_1')), body: async () => null });
    expect(reply).toEqual({
      status: 413,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: outcome('too large'),
    });
  });

  test.each([
    ['for a provider that is not set up', { provider: 'github' }, { STRIPE_WEBHOOK_SECRET: secret }, 404],
    ['while the secret is missing', { provider: 'stripe' }, {}, 500],
  ])('are not read %s', async (_title, { provider }, variables, status) => {
    const limits: number[] = [];
    const { receiver } = setup({ env: variables });
    const reply = await receiver.receive({ ...signed(''), provider, body: body('', limits) });
    expect([reply.status, limits]).toEqual([status, []]);
  });
});

const reject = () => Promise.reject(new Error('The store is down.'));
const brokenStore: DeliveryStore = { claim: reject, complete: reject, fail: reject };
