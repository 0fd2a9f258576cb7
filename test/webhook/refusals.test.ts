import { createHash, createPrivateKey, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cloudinary } from '../../templates/webhook/core/providers/cloudinary.ts';
import { discord } from '../../templates/webhook/core/providers/discord.ts';
import { linear } from '../../templates/webhook/core/providers/linear.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { paddle } from '../../templates/webhook/core/providers/paddle.ts';
import { slack } from '../../templates/webhook/core/providers/slack.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { hmac } from '../../templates/webhook/core/signature.ts';
import type { Provider } from '../../templates/webhook/core/types.ts';
import { cases, deliveryOf, ed25519, nowMs, signed, unsigned } from './support.ts';

const seconds = nowMs / 1000;
const body = '{"id":"evt_1","type":"a"}';

/** A signature header over any timestamp text, made right: only the timestamp itself can be wrong. */
const timed: readonly {
  provider: Provider;
  secret: string;
  tolerance?: number;
  headers: (timestamp: string) => Record<string, string>;
}[] = [
  {
    provider: stripe,
    secret: 'whsec_x',
    headers: (t) => ({ 'stripe-signature': `t=${t},v1=${hmac('sha256', 'whsec_x', 'hex', [`${t}.${body}`])}` }),
  },
  {
    provider: openai,
    secret: 'raw',
    headers: (t) => ({
      'webhook-id': 'evt_1',
      'webhook-timestamp': t,
      'webhook-signature': `v1,${hmac('sha256', 'raw', 'base64', [`evt_1.${t}.${body}`])}`,
    }),
  },
  {
    provider: paddle,
    secret: 's',
    headers: (t) => ({ 'paddle-signature': `ts=${t};h1=${hmac('sha256', 's', 'hex', [`${t}:${body}`])}` }),
  },
  {
    provider: slack,
    secret: 's',
    headers: (t) => ({
      'x-slack-request-timestamp': t,
      'x-slack-signature': `v0=${hmac('sha256', 's', 'hex', [`v0:${t}:${body}`])}`,
    }),
  },
  {
    provider: cloudinary,
    secret: 's',
    tolerance: 7200,
    headers: (t) => ({
      'x-cld-timestamp': t,
      'x-cld-signature': createHash('sha1').update(`${body}${t}s`).digest('hex'),
    }),
  },
  {
    provider: discord,
    secret: ed25519.secret,
    headers: (t) => ({
      'x-signature-timestamp': t,
      'x-signature-ed25519': sign(null, Buffer.from(`${t}${body}`), privateKey).toString('hex'),
    }),
  },
];

const privateKey = createPrivateKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: base64url(ed25519.secret), d: base64url(ed25519.key) },
  format: 'jwk',
});

describe.each(timed)('The timestamp of $provider.name', ({ provider, secret, tolerance = 300, headers }) => {
  test.each([0, -1, 1, 1 - tolerance, tolerance - 1, -tolerance, tolerance])(
    'is accepted %i seconds from now',
    (offset) => {
      expect(provider.verify(deliveryOf(provider, headers(`${seconds + offset}`), body), secret, nowMs)).toBe(true);
    },
  );

  test('is accepted at the edges when the clock is between two seconds', () => {
    const verify = (offset: number, now: number) =>
      provider.verify(deliveryOf(provider, headers(`${seconds + offset}`), body), secret, now);
    const edges = [verify(-tolerance, nowMs + 999), verify(tolerance, nowMs + 1), verify(-tolerance - 1, nowMs + 1)];
    expect(edges).toEqual([true, true, false]);
  });

  test.each([-tolerance - 1, tolerance + 1, -86_400, 86_400, 31_536_000])(
    'is refused %i seconds from now',
    (offset) => {
      expect(provider.verify(deliveryOf(provider, headers(`${seconds + offset}`), body), secret, nowMs)).toBe(false);
    },
  );

  test.each([
    `${seconds}.75`,
    `${seconds}suffix`,
    `+${seconds}`,
    `-${seconds}`,
    ` ${seconds}`,
    `${seconds} `,
    `${seconds}\n`,
    `0x${seconds.toString(16)}`,
    `${seconds / 1e5}e5`,
    `${nowMs}`,
    `000${seconds}`,
    '1٧00000000',
    'NaN',
    'Infinity',
    '',
  ])('is refused as %j', (timestamp) => {
    expect(provider.verify(deliveryOf(provider, headers(timestamp), body), secret, nowMs)).toBe(false);
  });
});

describe.each(cases)('A delivery of $provider.name', (row) => {
  const { provider, secret, body } = row;
  const headers = signed(row, body);
  const verify = (changed: Record<string, string>, text: string | Uint8Array = body, key = secret) =>
    provider.verify(deliveryOf(provider, changed, text), key, nowMs);

  test('is accepted as it was signed', () => {
    expect(verify(headers)).toBe(true);
  });

  test.each(Object.keys(headers).filter((name) => !unsigned.has(name)))('is refused without %s', (name) => {
    const { [name]: _, ...rest } = headers;
    expect(verify(rest)).toBe(false);
  });

  test.each(Object.keys(headers).filter((name) => !unsigned.has(name)))('is refused with an empty %s', (name) => {
    expect(verify({ ...headers, [name]: '' })).toBe(false);
  });

  test.each(Object.keys(headers).filter((name) => !unsigned.has(name)))('is refused with a foreign %s', (name) => {
    for (const value of ['0', 'é', '\u{1f980}', 'v1,', 't=', 'sha256=', ',', ' ', '='.repeat(64), '\0'])
      expect(verify({ ...headers, [name]: value })).toBe(false);
  });

  test('is refused with a byte order mark before its body, with blanks behind it, or empty', () => {
    for (const changed of [
      `\ufeff${body}`,
      `${body} `,
      `${body}\n`,
      '',
      body.replace(/[{&]/, '$& '),
      body.replace(/[,&]/, '$&$&'),
    ])
      expect(verify(headers, changed)).toBe(false);
  });

  test('is refused with the secret of somebody else, a part of the secret, or none', () => {
    for (const key of [secret.slice(0, -4), `${secret}BBBB`, '', 'whsec_', 'whsec_=', 'whsec_A', 'v1,whsec_', 'v1,'])
      expect(verify(headers, body, key)).toBe(false);
  });

  test.each(['{"type":"a","id":"1","status":"a","sms":{},"text":"zażółć 🦀 \\u0000 é"}', '\ufeff{}', ''])(
    'is accepted with the body %j when that was signed, unless the body must say when',
    (text) => expect(verify(signed(row, text), text)).toBe(provider !== linear),
  );
});

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}
