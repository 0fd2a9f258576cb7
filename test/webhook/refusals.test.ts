import { describe, expect, test } from 'vitest';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { standardWebhooks } from '../../templates/webhook/core/providers/standard-webhooks.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { hmac } from '../../templates/webhook/core/signature.ts';
import type { Provider } from '../../templates/webhook/core/types.ts';
import { cases, deliveryOf, nowMs } from './support.ts';

const seconds = nowMs / 1000;
const body = '{"id":"evt_1","type":"a"}';
const event = { id: 'evt_1', type: 'a' };

/** A signature header over any timestamp text, made right: only the timestamp itself can be wrong. */
const timed: readonly { provider: Provider; secret: string; headers: (timestamp: string) => Record<string, string> }[] =
  [
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
  ];

describe.each(timed)('The timestamp of $provider.name', ({ provider, secret, headers }) => {
  test.each([0, -1, 1, -299, 299, -300, 300])('is accepted %i seconds from now', (offset) => {
    expect(provider.verify(deliveryOf(provider, headers(`${seconds + offset}`), body), secret, nowMs)).toBe(true);
  });

  test('is accepted at the edges when the clock is between two seconds', () => {
    const verify = (offset: number, now: number) =>
      provider.verify(deliveryOf(provider, headers(`${seconds + offset}`), body), secret, now);
    expect([verify(-300, nowMs + 999), verify(300, nowMs + 1), verify(-301, nowMs + 1)]).toEqual([true, true, false]);
  });

  test.each([-301, 301, -86_400, 86_400, 31_536_000])('is refused %i seconds from now', (offset) => {
    expect(provider.verify(deliveryOf(provider, headers(`${seconds + offset}`), body), secret, nowMs)).toBe(false);
  });

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

describe.each(cases)('A delivery of $provider.name', ({ provider, secret, body }) => {
  const headers = provider.sign(body, secret, nowMs, event);
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
    for (const changed of [`\ufeff${body}`, `${body} `, `${body}\n`, '', JSON.stringify(JSON.parse(body), null, 1)])
      expect(verify(headers, changed)).toBe(false);
  });

  test('is refused with the secret of somebody else, a part of the secret, or none', () => {
    for (const key of [secret.slice(0, -4), `${secret}BBBB`, '', 'whsec_', 'whsec_=', 'whsec_A', 'v1,whsec_', 'v1,'])
      expect(verify(headers, body, key)).toBe(false);
  });

  test.each(['{"type":"a","id":"1","status":"a","sms":{},"text":"zażółć 🦀 \\u0000 é"}', '\ufeff{}', ''])(
    'is accepted with the body %j when that was signed',
    (text) => expect(verify(provider.sign(text, secret, nowMs, event), text)).toBe(true),
  );
});

/** Headers that the scheme does not sign: they say what kind of event it is, and which. */
const unsigned = new Set(['x-github-delivery', 'x-github-event']);

describe('A signature of Stripe', () => {
  const { 'stripe-signature': header = '' } = stripe.sign(body, 'whsec_x', nowMs, event);
  const [time = '', v1 = ''] = header.split(',');
  const zeros = `v1=${'0'.repeat(64)}`;
  const verify = (value: string) =>
    stripe.verify(deliveryOf(stripe, { 'stripe-signature': value }, body), 'whsec_x', nowMs);

  test.each([
    ['beside a wrong one', `${time},${zeros},${v1}`],
    ['before a wrong one', `${time},${v1},${zeros}`],
    ['with a v0', `${time},${v1},v0=${'0'.repeat(64)}`],
    ['before the time', `${v1},${time}`],
    ['among unknown fields', `a=b,${time},,${v1},x`],
  ])('is accepted %s', (_title, value) => expect(verify(value)).toBe(true));

  test.each([
    ['as v0 alone', `${time},${v1.replace('v1=', 'v0=')}`],
    ['as v11', `${time},${v1.replace('v1=', 'v11=')}`],
    ['in capitals', `${time},v1=${v1.slice(3).toUpperCase()}`],
    ['with one digit less', `${time},${v1.slice(0, -1)}`],
    ['with one digit more', `${time},${v1}0`],
    ['with a blank', `${time}, ${v1}`],
    ['as letters that are no digits', `${time},v1=${'z'.repeat(64)}`],
    ['with two times', `${time},t=1,${v1}`],
    ['without a time', v1],
    ['with the time of another', `t=${seconds - 1},${v1}`],
    ['twice, joined as Node joins headers', `t=1,v1=0, ${time},${v1}`],
    ['in another order of characters', [...header].reverse().join('')],
  ])('is refused %s', (_title, value) => expect(verify(value)).toBe(false));
});

describe('A signature of Standard Webhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const headers = standardWebhooks.sign(body, secret, nowMs, event);
  const { 'webhook-signature': right = '' } = headers;
  const wrong = `v1,${'A'.repeat(43)}=`;
  const verify = (changed: Record<string, string>, key = secret) =>
    standardWebhooks.verify(deliveryOf(standardWebhooks, { ...headers, ...changed }, body), key, nowMs);

  test.each([
    ['behind a wrong one', `${wrong} ${right}`],
    ['before a wrong one', `${right} ${wrong}`],
    ['beside other versions', `v1a,${right.slice(3)} v2,x ${right}`],
  ])('is accepted %s', (_title, value) => expect(verify({ 'webhook-signature': value })).toBe(true));

  test('is accepted with a secret without its prefix', () => expect(verify({}, secret.slice(6))).toBe(true));

  test.each([
    ['as v1a', right.replace('v1', 'v1a')],
    ['as v2', right.replace('v1', 'v2')],
    ['without a version', right.slice(3)],
    ['without its padding', right.replace('=', '')],
    ['with more padding', `${right}=`],
    ['with a comma for a space', `${wrong},${right}`],
    ['for base64url', right.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')],
  ])('is refused %s', (_title, value) => expect(verify({ 'webhook-signature': value })).toBe(false));

  test('is refused for another id, as the id is signed', () => expect(verify({ 'webhook-id': 'evt_2' })).toBe(false));

  test.each([`${secret}=`, 'whsec_not base64!', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS'])(
    'is refused with %j, which is no base64: not decoded to what looks like it',
    (key) => expect(verify({}, key)).toBe(false),
  );
});

describe('A signature of GitHub', () => {
  const { 'x-hub-signature-256': right = '' } = github.sign(body, 's', nowMs, event);
  const verify = (value: string) =>
    github.verify(deliveryOf(github, { 'x-hub-signature-256': value }, body), 's', nowMs);

  test.each([
    ['without its prefix', right.slice(7)],
    ['as sha1', right.replace('sha256', 'sha1')],
    ['in capitals', right.toUpperCase()],
    ['twice, joined as Node joins headers', `${right}, ${right}`],
    ['with one digit less', right.slice(0, -1)],
    ['with a blank', ` ${right}`],
  ])('is refused %s', (_title, value) => expect(verify(value)).toBe(false));

  test('is accepted over bytes that are no text, since it is the bytes that count', () => {
    const raw = new Uint8Array([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
    const headers = { 'x-hub-signature-256': `sha256=${hmac('sha256', 's', 'hex', [raw])}` };
    expect(github.verify(deliveryOf(github, headers, raw), 's', nowMs)).toBe(true);
    expect(github.verify(deliveryOf(github, headers, new TextDecoder().decode(raw)), 's', nowMs)).toBe(false);
  });

  test('is not taken from the old header with SHA-1', () => {
    const headers = { 'x-hub-signature': `sha1=${hmac('sha1', 's', 'hex', [body])}` };
    expect(github.verify(deliveryOf(github, headers, body), 's', nowMs)).toBe(false);
  });
});
