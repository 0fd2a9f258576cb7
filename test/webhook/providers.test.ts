import { describe, expect, test } from 'vitest';
import { clerk } from '../../templates/webhook/core/providers/clerk.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { hmac } from '../../templates/webhook/core/providers/hmac.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { replicate } from '../../templates/webhook/core/providers/replicate.ts';
import { resend } from '../../templates/webhook/core/providers/resend.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { supabase } from '../../templates/webhook/core/providers/supabase.ts';
import { svix } from '../../templates/webhook/core/providers/svix.ts';
import { hmacScheme } from '../../templates/webhook/core/schemes/hmac.ts';
import type { Provider } from '../../templates/webhook/core/types.ts';
import { cases, deliveryOf } from './support.ts';

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

describe('Reading', () => {
  test.each(rows)('%s', (_title, provider, headers, body, { id, type, at }) => {
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
    ['an id that is too long for a key', stripe, {}, `{"id":"${'x'.repeat(256)}","type":"a"}`],
    ['an id with a NUL', stripe, {}, '{"id":"x\\u0000","type":"a"}'],
  ] as const)('%s fails', (_title, provider, headers, body) => {
    expect(() => provider.read(deliveryOf(provider, headers, body))).toThrow();
  });

  test('bytes that are not UTF-8 fails', () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"id":"1","type":"a","x":"'), 0xff, 0x22, 0x7d]);
    expect(() => stripe.read(deliveryOf(stripe, {}, body))).toThrow();
  });

  test.each(cases)('what $provider.name signs gives the same id at every attempt', ({ provider, secret, body }) => {
    const [first, second] = [0, 1].map((n) => {
      const headers = provider.sign(body, secret, n * 3_600_000, { id: 'evt_1', type: 'a' });
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
