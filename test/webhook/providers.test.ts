import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { clerk } from '../../templates/webhook/core/providers/clerk.ts';
import { cloudinary } from '../../templates/webhook/core/providers/cloudinary.ts';
import { discord } from '../../templates/webhook/core/providers/discord.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { hmac } from '../../templates/webhook/core/providers/hmac.ts';
import { lemonSqueezy } from '../../templates/webhook/core/providers/lemon-squeezy.ts';
import { linear } from '../../templates/webhook/core/providers/linear.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { paddle } from '../../templates/webhook/core/providers/paddle.ts';
import { replicate } from '../../templates/webhook/core/providers/replicate.ts';
import { resend } from '../../templates/webhook/core/providers/resend.ts';
import { shopify } from '../../templates/webhook/core/providers/shopify.ts';
import { slack } from '../../templates/webhook/core/providers/slack.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { supabase } from '../../templates/webhook/core/providers/supabase.ts';
import { svix } from '../../templates/webhook/core/providers/svix.ts';
import { twilio } from '../../templates/webhook/core/providers/twilio.ts';
import { vercel } from '../../templates/webhook/core/providers/vercel.ts';
import { hmacScheme } from '../../templates/webhook/core/schemes/hmac.ts';
import type { Provider } from '../../templates/webhook/core/types.ts';
import { cases, deliveryOf, signed } from './support.ts';

const date = new Date('2023-11-14T22:13:20Z');
const message = { 'webhook-id': 'msg_1' };
const form = 'application/x-www-form-urlencoded';
const push = { 'x-github-delivery': 'd-1', 'x-github-event': 'push' };

const rows: readonly [
  string,
  Provider,
  Record<string, string>,
  string,
  { id: string; type: string; at: Date | null },
][] = [
  ['an event', stripe, {}, '{"id":"evt_1","type":"a","created":1700000000}', { id: 'evt_1', type: 'a', at: date }],
  [
    'a thin event, dated in words',
    stripe,
    {},
    '{"id":"evt_1","object":"v2.core.event","type":"v1.a","created":"2023-11-14T22:13:20.000Z"}',
    { id: 'evt_1', type: 'v1.a', at: date },
  ],
  ['a delivery as JSON', github, push, '{"a":1}', { id: 'd-1', type: 'push', at: null }],
  [
    'a delivery as a form',
    github,
    { ...push, 'content-type': form },
    'payload=%7B%22a%22%3A1%7D',
    { id: 'd-1', type: 'push', at: null },
  ],
  [
    'a delivery as a form with a charset',
    github,
    { ...push, 'content-type': `${form}; charset=utf-8` },
    'payload=%7B%22a%22%3A1%7D',
    { id: 'd-1', type: 'push', at: null },
  ],
  [
    'a time in milliseconds',
    clerk,
    message,
    '{"type":"a","timestamp":1700000000000}',
    { id: 'msg_1', type: 'a', at: date },
  ],
  [
    'a time in words',
    resend,
    message,
    '{"type":"a","created_at":"2023-11-14T22:13:20Z"}',
    { id: 'msg_1', type: 'a', at: date },
  ],
  [
    'a time in seconds',
    openai,
    message,
    '{"id":"evt","type":"a","created_at":1700000000}',
    { id: 'msg_1', type: 'a', at: date },
  ],
  [
    'headers of Svix',
    svix,
    { 'svix-id': 'msg_2' },
    '{"type":"a","timestamp":"never"}',
    { id: 'msg_2', type: 'a', at: null },
  ],
  ['a byte order mark', svix, message, '\ufeff{"type":"a"}', { id: 'msg_1', type: 'a', at: null }],
  [
    'the message and not the prediction',
    replicate,
    message,
    '{"id":"p","status":"starting"}',
    { id: 'msg_1', type: 'starting', at: null },
  ],
  [
    'an e-mail to send',
    supabase,
    message,
    '{"user":{},"email_data":{}}',
    { id: 'msg_1', type: 'send_email', at: null },
  ],
  [
    'a message to send',
    supabase,
    message,
    '{"user":{},"sms":{"otp":"1"}}',
    { id: 'msg_1', type: 'send_sms', at: null },
  ],
];

const sms = { MessageSid: 'SM1', SmsSid: 'SM1', SmsStatus: 'delivered', MessageStatus: 'delivered' };
const asForm = { 'content-type': `${form}; charset=UTF-8` };
const token = { ...asForm, 'i-twilio-idempotency-token': 't-1' };
const encode = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const bodyHash = (body: string) => createHash('sha256').update(body).digest('hex');
const command = encode({ command: '/deploy', text: 'now', trigger_id: '1.2.3' });
const click = encode({ payload: '{"type":"block_actions","trigger_id":"1.2.4"}' });
const deleted = '{"notification_type":"delete","resources":[],"timestamp":"2023-11-14T22:13:20Z"}';
const order =
  '{"meta":{"event_name":"order_created"},"data":{"attributes":{"updated_at":"2023-11-14T22:13:20.000000Z"}}}';
const entitlement = '{"type":1,"event":{"type":"ENTITLEMENT_CREATE","timestamp":"2023-11-14T22:13:20Z"}}';

const newer: typeof rows = [
  [
    'a message of Twilio',
    twilio,
    token,
    encode(sms),
    { id: 'SM1:message.delivered', type: 'message.delivered', at: null },
  ],
  [
    'a message that came in',
    twilio,
    asForm,
    encode({ MessageSid: 'SM2', SmsStatus: 'received', Body: 'hi' }),
    { id: 'SM2:message.received', type: 'message.received', at: null },
  ],
  [
    'the progress of a call',
    twilio,
    token,
    encode({
      CallSid: 'CA1',
      CallStatus: 'ringing',
      SequenceNumber: '0',
      Timestamp: 'Tue, 14 Nov 2023 22:13:20 +0000',
    }),
    { id: 'CA1:0:call.ringing', type: 'call.ringing', at: date },
  ],
  [
    'a step of a call, which has the status of the last',
    twilio,
    token,
    encode({ CallSid: 'CA1', CallStatus: 'in-progress', Digits: '1' }),
    { id: 't-1', type: 'call.in-progress', at: null },
  ],
  [
    'a step of a call without a token',
    twilio,
    asForm,
    'CallSid=CA1&CallStatus=in-progress',
    { id: bodyHash('CallSid=CA1&CallStatus=in-progress'), type: 'call.in-progress', at: null },
  ],
  [
    'a recording of a call',
    twilio,
    token,
    encode({ CallSid: 'CA1', RecordingSid: 'RE1', RecordingStatus: 'completed' }),
    { id: 't-1', type: 'recording.completed', at: null },
  ],
  [
    'an event of a conversation',
    twilio,
    token,
    encode({ EventType: 'onMessageAdded', MessageSid: 'IM1' }),
    { id: 't-1', type: 'onMessageAdded', at: null },
  ],
  [
    'an event of a room',
    twilio,
    token,
    'StatusCallbackEvent=room-created',
    { id: 't-1', type: 'room-created', at: null },
  ],
  ['any other form of Twilio', twilio, token, 'A=1', { id: 't-1', type: 'request', at: null }],
  ['JSON of Twilio', twilio, {}, '{"type":"a"}', { id: bodyHash('{"type":"a"}'), type: 'a', at: null }],
  [
    'an event of Slack',
    slack,
    {},
    '{"type":"event_callback","event_id":"Ev1","event_time":1700000000,"event":{"type":"app_mention"}}',
    { id: 'Ev1', type: 'app_mention', at: date },
  ],
  ['a slash command', slack, asForm, command, { id: bodyHash(command), type: '/deploy', at: null }],
  ['a click', slack, asForm, click, { id: bodyHash(click), type: 'block_actions', at: null }],
  [
    'a topic of Shopify',
    shopify,
    {
      'x-shopify-webhook-id': 'w-1',
      'x-shopify-topic': 'orders/create',
      'x-shopify-triggered-at': '2023-11-14T22:13:20Z',
    },
    '{"id":1,"created_at":"2020-01-01T00:00:00Z"}',
    { id: 'w-1', type: 'orders/create', at: date },
  ],
  [
    'an action of the Events of Shopify, which has no X in its headers',
    shopify,
    { 'shopify-webhook-id': 'w-2', 'shopify-topic': 'product', 'shopify-triggered-at': '2023-11-14T22:13:20Z' },
    '{"product_id":1}',
    { id: 'w-2', type: 'product', at: date },
  ],
  [
    'an event of the Event Streams of Twilio',
    twilio,
    {},
    '{"specversion":"1.0","type":"com.twilio.a","id":"EZ1","time":"2023-11-14T22:13:20Z","data":{}}',
    { id: 'EZ1', type: 'com.twilio.a', at: date },
  ],
  ['a notification of Cloudinary', cloudinary, {}, deleted, { id: bodyHash(deleted), type: 'delete', at: date }],
  [
    'an event of Paddle',
    paddle,
    {},
    '{"event_id":"evt_1","notification_id":"ntf_1","event_type":"a","occurred_at":"2023-11-14T22:13:20Z"}',
    { id: 'evt_1', type: 'a', at: date },
  ],
  [
    'a delivery of Linear',
    linear,
    { 'linear-delivery': 'd-1' },
    '{"type":"Issue","action":"create","createdAt":"2023-11-14T22:13:20Z"}',
    { id: 'd-1', type: 'Issue', at: date },
  ],
  ['an order of Lemon Squeezy', lemonSqueezy, {}, order, { id: bodyHash(order), type: 'order_created', at: date }],
  [
    'an event of Vercel',
    vercel,
    {},
    '{"id":"e","type":"a","createdAt":1700000000000}',
    { id: 'e', type: 'a', at: date },
  ],
  ['a ping of Discord', discord, {}, '{"id":"1","type":1}', { id: '1', type: 'PING', at: null }],
  ['a command of Discord', discord, {}, '{"id":"2","type":2}', { id: '2', type: 'APPLICATION_COMMAND', at: null }],
  ['a kind of interaction to come', discord, {}, '{"id":"3","type":9}', { id: '3', type: '9', at: null }],
  [
    'an event of Discord',
    discord,
    {},
    entitlement,
    { id: bodyHash(entitlement), type: 'ENTITLEMENT_CREATE', at: date },
  ],
  ["a ping of Discord's events", discord, {}, '{"type":0}', { id: bodyHash('{"type":0}'), type: '0', at: null }],
];

describe('Reading', () => {
  test.each([...rows, ...newer])('%s', (_title, provider, headers, body, { id, type, at }) => {
    const payload: unknown = expect.any(Object);
    expect(provider.read(deliveryOf(provider, headers, body))).toEqual({ id, type, occurredAt: at, payload });
  });

  test('a form of GitHub gives the JSON in it, with its letters', () => {
    const body = new URLSearchParams({ payload: '{"name":"żółw 🐢 + &"}' }).toString();
    const event = github.read(deliveryOf(github, { ...push, 'content-type': form }, body));
    expect(event.payload).toEqual({ name: 'żółw 🐢 + &' });
  });

  test.each([
    ['a form of GitHub without its field', github, { ...push, 'content-type': form }, 'other=1'],
    ['a form of GitHub that is JSON', github, { ...push, 'content-type': form }, '{}'],
    ['GitHub without an event', github, { 'x-github-delivery': 'd-1' }, '{}'],
    ['GitHub without a delivery', github, { 'x-github-event': 'push' }, '{}'],
    ['a message without an id', svix, {}, '{"type":"a"}'],
    ['a message without a type', svix, message, '{}'],
    ['a hook of Supabase that waits for data', supabase, message, '{"user_id":"1","valid":true}'],
    ['a topic of Shopify without an id', shopify, { 'x-shopify-topic': 'orders/create' }, '{}'],
    ['Shopify without a topic', shopify, { 'x-shopify-webhook-id': '1' }, '{}'],
    ['a form of Slack that is neither a command nor an interaction', slack, asForm, 'text=hi'],
    ['an interaction of Slack that is no JSON', slack, asForm, 'payload=hi'],
    ['an order of Lemon Squeezy without its name', lemonSqueezy, { 'x-event-name': 'order_created' }, '{"meta":1}'],
    ['a batch of Twilio', twilio, {}, '[{"type":"a"}]'],
    ['an id that is too long for a key', stripe, {}, `{"id":"${'x'.repeat(256)}","type":"a"}`],
    ['an id with a NUL', stripe, {}, '{"id":"x\\u0000","type":"a"}'],
  ] as const)('%s fails', (_title, provider, headers, body) => {
    expect(() => provider.read(deliveryOf(provider, headers, body))).toThrow();
  });

  test('a form of Twilio gives its fields, and a list of what comes twice', () => {
    const { payload } = twilio.read(deliveryOf(twilio, asForm, 'A=1&B=2&A=%C5%BC+3&A=1&C='));
    expect(payload).toEqual({ A: ['1', 'ż 3'], B: '2', C: '' });
  });

  test('a form of Slack gives the fields of a command, and the JSON of an interaction', () => {
    const payloads = [command, click].map((body) => slack.read(deliveryOf(slack, asForm, body)).payload);
    expect(payloads).toEqual([
      { command: '/deploy', text: 'now', trigger_id: '1.2.3' },
      { type: 'block_actions', trigger_id: '1.2.4' },
    ]);
  });

  test('a list of Twilio gives a delivery of each event, and the token of the list names none of them', () => {
    const list = '[{"specversion":"1.0","type":"a","id":"EZ1"},{"type":"b"}]';
    const delivery = deliveryOf(twilio, { 'i-twilio-idempotency-token': 't-1' }, list);
    const events = (twilio.split?.(delivery) ?? []).map((one) => twilio.read(one));
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      ['EZ1', 'a'],
      [bodyHash('{"type":"b"}'), 'b'],
    ]);
  });

  test.each([
    ['a form', 'MessageSid=SM1&SmsStatus=received', asForm],
    ['an object', '{"type":"a"}', {}],
  ])('%s of Twilio is one delivery, as it came', (_title, body, headers) => {
    const delivery = deliveryOf(twilio, headers, body);
    expect(twilio.split?.(delivery)).toEqual([delivery]);
  });

  test('a field named __proto__ stays a field', () => {
    const { payload } = twilio.read(deliveryOf(twilio, asForm, '__proto__=1&A=2'));
    expect(Object.entries(payload as object)).toEqual([
      ['A', '2'],
      ['__proto__', '1'],
    ]);
  });

  test('bytes that are not UTF-8 fails', () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"id":"1","type":"a","x":"'), 0xff, 0x22, 0x7d]);
    expect(() => stripe.read(deliveryOf(stripe, {}, body))).toThrow();
  });

  test.each(cases)('what $provider.name signs gives the same id at every attempt', (row) => {
    const { provider, body } = row;
    const [first, second] = [0, 1].map((n) => {
      const headers = signed(row, body, n * 3_600_000);
      return provider.read(deliveryOf(provider, headers, body)).id;
    });
    expect(first).toBe(second);
  });
});

describe('The generic scheme', () => {
  const options = { name: 'x', secretVariable: 'X', header: 'x-sig', algorithm: 'sha512', prefix: 'p=' } as const;
  const sources = [{ header: 'x-id' }, { field: 'id' }, 'body'] as const;

  test.each(sources.flatMap((id) => [{ header: 'x-type' }, { field: 'type' }].map((type) => ({ id, type }))))(
    'takes the id from $id and the type from $type',
    ({ id, type }) => {
      for (const encoding of ['hex', 'base64'] as const) {
        const provider = hmacScheme({ ...options, encoding, id, type: type as { header: string } });
        const body = '{"id":7,"type":"a"}';
        const headers = provider.sign(body, 's', 0, { id: '7', type: 'a' });
        const delivery = deliveryOf(provider, headers, body);
        expect(provider.verify(delivery, 's', 0)).toBe(true);
        expect(headers['x-sig']).toMatch(encoding === 'hex' ? /^p=[0-9a-f]{128}$/ : /^p=[\w+/]{86}==$/);
        const expected = id === 'body' ? expect.stringMatching(/^[0-9a-f]{64}$/) : '7';
        expect(provider.read(delivery)).toMatchObject({ id: expected, type: 'a' });
      }
    },
  );

  test('tells events without an id by the SHA-256 of their body', () => {
    const ids = ['{"type":"a","n":1}', '{"type":"a","n":2}', '{"type":"a","n":1}'].map(
      (body) => hmac.read(deliveryOf(hmac, {}, body)).id,
    );
    expect(ids[0]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
