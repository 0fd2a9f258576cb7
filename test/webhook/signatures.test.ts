import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cloudinary } from '../../templates/webhook/core/providers/cloudinary.ts';
import { discord } from '../../templates/webhook/core/providers/discord.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { linear } from '../../templates/webhook/core/providers/linear.ts';
import { paddle } from '../../templates/webhook/core/providers/paddle.ts';
import { shopify } from '../../templates/webhook/core/providers/shopify.ts';
import { standardWebhooks } from '../../templates/webhook/core/providers/standard-webhooks.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { twilio } from '../../templates/webhook/core/providers/twilio.ts';
import { hmac } from '../../templates/webhook/core/signature.ts';
import { deliveryOf, ed25519, nowMs, url } from './support.ts';

const seconds = nowMs / 1000;
const body = '{"id":"evt_1","type":"a"}';
const event = { id: 'evt_1', type: 'a', url };

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

describe('A signature of Paddle', () => {
  const { 'paddle-signature': header = '' } = paddle.sign(body, 's', nowMs, event);
  const [time = '', h1 = ''] = header.split(';');
  const zeros = `h1=${'0'.repeat(64)}`;
  const verify = (value: string) => paddle.verify(deliveryOf(paddle, { 'paddle-signature': value }, body), 's', nowMs);

  test.each([
    ['beside a wrong one', `${time};${zeros};${h1}`],
    ['before a wrong one', `${time};${h1};${zeros}`],
    ['before the time', `${h1};${time}`],
  ])('is accepted %s', (_title, value) => expect(verify(value)).toBe(true));

  test.each([
    ['with the separator of Stripe', header.replace(';', ',')],
    ['with two times', `${time};ts=1;${h1}`],
    ['under another name', `${time};${h1.replace('h1', 'h2')}`],
    ['with a blank', `${time}; ${h1}`],
  ])('is refused %s', (_title, value) => expect(verify(value)).toBe(false));
});

describe('A signature of Twilio', () => {
  const fields = 'MessageSid=SM1&MessageStatus=delivered&To=%2B15005550006';
  const accepts = (text: string, at: string, from = { body: fields, at: url }) => {
    const headers = twilio.sign(from.body, '12345', nowMs, { ...event, url: from.at });
    return twilio.verify({ ...deliveryOf(twilio, headers, text), url: at }, '12345', nowMs);
  };

  test.each([
    ['with its fields in another order', 'To=%2B15005550006&MessageSid=SM1&MessageStatus=delivered'],
    ['with its letters encoded', 'MessageSid=%53M1&MessageStatus=delivered&To=%2b15005550006'],
    ['with a field twice', `${fields}&MessageSid=SM1`],
  ])('is accepted %s, as it is the fields that count', (_title, text) => expect(accepts(text, url)).toBe(true));

  test.each([
    ['with another field', `${fields}&From=1`],
    ['with a field less', 'MessageSid=SM1&MessageStatus=delivered'],
    ['with a plus that is a blank', fields.replace('%2B', '+')],
    ['with a pair that has no value', fields.replace('Sid=', 'Sid')],
    ['with an empty pair', fields.replace('&', '&&')],
    ['with a byte order mark', `\ufeff${fields}`],
    ['empty', ''],
  ])('is refused %s', (_title, text) => expect(accepts(text, url)).toBe(false));

  test.each(['https://example.com:443/webhooks', 'https://example.com:8443/webhooks'])(
    'is accepted on %s for the URL without its port, which a proxy may have',
    (at) => expect([accepts(fields, at), accepts(fields, url, { body: fields, at })]).toEqual([true, true]),
  );

  test.each([
    'http://example.com/webhooks',
    'https://example.org/webhooks',
    'https://example.com/webhook',
    'https://example.com/webhooks/',
    'https://example.com/webhooks?a=1',
    'https://user@example.com/webhooks',
    'example.com/webhooks',
    '',
  ])('is refused on %j for another URL', (at) => expect(accepts(fields, at)).toBe(false));

  test('is refused without any URL', () => {
    const { url: _, ...delivery } = deliveryOf(twilio, twilio.sign(fields, '12345', nowMs, event), fields);
    expect(twilio.verify(delivery, '12345', nowMs)).toBe(false);
  });

  test.each([
    ['as it came', `${url}?a=1&bodySHA256=${sha256(body)}`, true],
    ['before other fields', `${url}?bodySHA256=${sha256(body)}&a=1`, true],
    ['of another body', `${url}?bodySHA256=${sha256(`${body} `)}`, false],
    ['of this body and another', `${url}?bodySHA256=${sha256(body)}&bodySHA256=${sha256('')}`, false],
    ['in capitals', `${url}?bodySHA256=${sha256(body).toUpperCase()}`, false],
  ])('over JSON takes the hash %s: %s is %s', (_title, at, accepted) => {
    // Signed as if the hash were right.
    const headers = { 'x-twilio-signature': hmac('sha1', '12345', 'base64', [at]) };
    expect(twilio.verify({ ...deliveryOf(twilio, headers, body), url: at }, '12345', nowMs)).toBe(accepted);
  });
});

describe('A signature of Cloudinary', () => {
  const verify = (secret: string, signer: string) =>
    cloudinary.verify(deliveryOf(cloudinary, cloudinary.sign(body, signer, nowMs, event), body), secret, nowMs);

  test('is accepted by the algorithm that the secret names, and by no other', () => {
    const secrets = ['hush', 'sha256:hush'];
    expect(secrets.map((secret) => secrets.map((signer) => verify(secret, signer)))).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('is refused with an algorithm for a secret: anybody can sign with an empty key', () => {
    expect(verify('sha256:', 'sha256:')).toBe(false);
  });
});

describe('A delivery of Linear', () => {
  const verify = (text: string) =>
    linear.verify(deliveryOf(linear, linear.sign(text, 's', nowMs, event), text), 's', nowMs);

  test.each([0, -60_000, 60_000])('is accepted %i milliseconds from now', (offset) =>
    expect(verify(JSON.stringify({ type: 'Issue', webhookTimestamp: nowMs + offset }))).toBe(true),
  );

  test.each([-60_001, 60_001, -nowMs])('is refused %i milliseconds from now', (offset) =>
    expect(verify(JSON.stringify({ type: 'Issue', webhookTimestamp: nowMs + offset }))).toBe(false),
  );

  test.each(['{}', '[]', '{', '', `{"webhookTimestamp":"${nowMs}"}`, '{"webhookTimestamp":null}'])(
    'is refused as %j, though it is signed',
    (text) => expect(verify(text)).toBe(false),
  );
});

describe('A signature of Discord', () => {
  const headers = discord.sign(body, ed25519.key, nowMs, event);
  const { 'x-signature-ed25519': right = '' } = headers;
  const verify = (value: string, key = ed25519.secret) =>
    discord.verify(deliveryOf(discord, { ...headers, 'x-signature-ed25519': value }, body), key, nowMs);

  test.each([
    ['in capitals', right.toUpperCase()],
    ['with one digit less', right.slice(0, -1)],
    ['with a byte more', `${right}00`],
    ['as base64', Buffer.from(right, 'hex').toString('base64')],
    ['as zeros', '0'.repeat(128)],
  ])('is refused %s', (_title, value) => expect(verify(value)).toBe(false));

  test.each(['0'.repeat(64), `01${'0'.repeat(62)}`, 'f'.repeat(64), ed25519.key, 'not a key', ''])(
    'is refused with the key %j, with which anybody could sign if it is one',
    (key) => {
      const forged = [right, '0'.repeat(128), `01${'0'.repeat(126)}`];
      expect(forged.map((signature) => verify(signature, key))).toEqual([false, false, false]);
    },
  );
});

test('A topic, an id or a time that Shopify does not sign changes nothing for the signature', () => {
  const headers = { ...shopify.sign(body, 's', 0, event), 'x-shopify-topic': 'b', 'x-shopify-webhook-id': '2' };
  expect(shopify.verify(deliveryOf(shopify, headers, body), 's', 0)).toBe(true);
});

test('A signature of the Events of Shopify has no X in the name of its header', () => {
  const { 'x-shopify-hmac-sha256': signature = '' } = shopify.sign(body, 's', 0, event);
  const verify = (text: string) =>
    shopify.verify(deliveryOf(shopify, { 'shopify-hmac-sha256': signature }, text), 's', 0);
  expect([verify(body), verify(`${body} `)]).toEqual([true, false]);
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
