import { describe, expect, test } from 'vitest';
import { cloudinary } from '../../templates/webhook/core/providers/cloudinary.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { replicate } from '../../templates/webhook/core/providers/replicate.ts';
import { shopify } from '../../templates/webhook/core/providers/shopify.ts';
import { slack } from '../../templates/webhook/core/providers/slack.ts';
import { standardWebhooks } from '../../templates/webhook/core/providers/standard-webhooks.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { supabase } from '../../templates/webhook/core/providers/supabase.ts';
import { svix } from '../../templates/webhook/core/providers/svix.ts';
import { twilio } from '../../templates/webhook/core/providers/twilio.ts';
import type { Provider } from '../../templates/webhook/core/types.ts';
import { deliveryOf } from './support.ts';

const standard = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  seconds: 1614265330,
  body: '{"test": 2432232314}',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const other = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';

function standardHeaders(prefix: 'webhook' | 'svix', signature: string): Record<string, string> {
  const { id, seconds } = standard;
  return { [`${prefix}-id`]: id, [`${prefix}-timestamp`]: `${seconds}`, [`${prefix}-signature`]: signature };
}

interface Vector {
  readonly title: string;
  readonly provider: Provider;
  readonly secret: string;
  readonly seconds: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly url?: string;
  /** What `sign` must give again, byte for byte; absent where the vector has more than we would write. */
  readonly id?: string | undefined;
}

/** A form in the order of its fields, a list as that field several times. */
function form(fields: Readonly<Record<string, string | readonly string[]>>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

const docs = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+12349013030',
  Digits: '1234',
  From: '+12349013030',
  To: '+18005551212',
};
const call = form({ ...docs, Caller: '+14158675309', From: '+14158675309' });
const address = ['+1325xxxxxxx', '+1415xxxxxxx'];
const json = '{"property": "value", "boolean": true}';
const jsonHash = 'bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
const emptyHash = 'bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
const page = 'mycompany.com/myapp.php?foo=1&bar=2';

const twilioVectors: readonly Vector[] = (
  [
    ["Twilio's documentation", `https://${page}`, form(docs), '0/KCTR6DLpKmkAf8muzZqo1nDgQ=', '1'],
    ["Twilio's own tests", `https://${page}`, call, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', '1'],
    ['Twilio on another port', `http://${page.replace('/', ':1234/')}`, call, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
    ['Twilio on the port of https', `https://${page.replace('/', ':443/')}`, call, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['Twilio on the port of https, unsaid', `https://${page}`, call, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['Twilio on the port of http', `http://${page.replace('/', ':80/')}`, call, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['Twilio on the port of http, unsaid', `http://${page}`, call, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['Twilio with a password', `https://user:pass@${page}`, call, 'CukzLTc1tT5dXEDIHm/tKBanW10=', '1'],
    ['Twilio with an apostrophe', `https://${page}&Body=It's+amazing`, call, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
    [
      'Twilio with a list',
      `https://${page}`,
      form({ 'MessagingBinding.Address': address }),
      '83O6e2vORAoJHUNzJjDWN1jz+BA=',
      '1',
    ],
    [
      'Twilio with a list in another order',
      `https://${page}`,
      form({ 'MessagingBinding.Address': address.toReversed() }),
      '83O6e2vORAoJHUNzJjDWN1jz+BA=',
    ],
    [
      'Twilio with a value twice',
      `https://${page}`,
      form({ Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] }),
      'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
      '1',
    ],
    ['Twilio with JSON', `https://${page}&${jsonHash}`, json, 'a9nBmqA0ju/hNViExpshrM61xv4=', '1'],
    ['Twilio with JSON, its hash left to us', `https://${page}`, json, 'a9nBmqA0ju/hNViExpshrM61xv4=', '1'],
    [
      'Twilio with nothing but a hash',
      `https://mycompany.com/myapp.php?${jsonHash}`,
      json,
      'y77kIzt2vzLz71DgmJGsen2scGs=',
      '1',
    ],
    ['Twilio with the hash of an empty object', `https://${page}&${emptyHash}`, '{}', 'Ldidvp12m26NI7eqEvxnEpkd9Hc='],
  ] as const
).map(([title, url, body, signature, id]) => ({
  title,
  provider: twilio,
  secret: '12345',
  seconds: 0,
  url,
  body,
  headers: {
    ...(!body.startsWith('{') && { 'content-type': 'application/x-www-form-urlencoded' }),
    'x-twilio-signature': signature,
    ...(id && { 'i-twilio-idempotency-token': id }),
  },
  id,
}));

const upload = '{"public_id":"b8sjhoslj8cq8ovoa0ma","version":"1555337587","width":1000,"height":800}';

const vectors: readonly Vector[] = [
  {
    title: "Stripe's own test helper",
    provider: stripe,
    secret: 'whsec_test_secret',
    seconds: 1614265330,
    body: '{"id":"evt_test_webhook","object":"event"}',
    headers: {
      'stripe-signature': 't=1614265330,v1=3c5817089d739023dd6190f70a3757e04f7a2fd8b5dab12c2e000f51970dccff',
    },
    id: 'evt_test_webhook',
  },
  {
    title: 'the Standard Webhooks specification',
    provider: standardWebhooks,
    ...standard,
    headers: standardHeaders('webhook', standard.signature),
    id: standard.id,
  },
  {
    title: 'the Standard Webhooks specification behind other signatures and versions',
    provider: standardWebhooks,
    ...standard,
    id: undefined,
    headers: standardHeaders('webhook', `${other} v2,${other.slice(3)} v1a,${other.slice(3)} ${standard.signature}`),
  },
  {
    title: 'Svix, with its own headers',
    provider: svix,
    ...standard,
    id: undefined,
    headers: standardHeaders('svix', standard.signature),
  },
  {
    title: 'Replicate',
    provider: replicate,
    ...standard,
    headers: standardHeaders('webhook', standard.signature),
    id: standard.id,
  },
  {
    title: 'Supabase, whose secrets have two prefixes',
    provider: supabase,
    ...standard,
    secret: `v1,${standard.secret}`,
    headers: standardHeaders('webhook', standard.signature),
    id: standard.id,
  },
  {
    title: 'an event of OpenAI',
    provider: openai,
    secret: 'whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=',
    seconds: 1750861210,
    body: '{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, "type": "response.completed", "data": {"id": "resp_123"}}',
    headers: {
      'webhook-id': 'wh_685c059ae39c8190af8c71ed1022a24d',
      'webhook-timestamp': '1750861210',
      'webhook-signature': 'v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=',
    },
    id: 'wh_685c059ae39c8190af8c71ed1022a24d',
  },
  {
    title: "GitHub's documentation",
    provider: github,
    secret: "It's a Secret to Everybody",
    seconds: 0,
    body: 'Hello, World!',
    headers: { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
  },
  {
    title: "GitHub, as Octokit's tests have it",
    provider: github,
    secret: 'mysecret',
    seconds: 0,
    body: '{"foo":"bar"}',
    headers: { 'x-hub-signature-256': 'sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3' },
  },
  {
    title: 'Shopify',
    provider: shopify,
    secret: 'hush',
    seconds: 0,
    body: '{"id":1}',
    headers: {
      'x-shopify-hmac-sha256': 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=',
      'x-shopify-webhook-id': '1',
      'x-shopify-topic': 'any',
    },
    id: '1',
  },
  {
    title: "Slack's documentation",
    provider: slack,
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    seconds: 1531420618,
    body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    id: 'any',
  },
  {
    title: 'Cloudinary by SHA-1',
    provider: cloudinary,
    secret: 'hardcoded',
    seconds: 1555337587,
    body: upload,
    headers: { 'x-cld-timestamp': '1555337587', 'x-cld-signature': 'd41aa4e64e50684b9647f7bef22360db0c23667e' },
    id: 'any',
  },
  ...twilioVectors,
];

describe('Known vectors', () => {
  test.each(vectors)('$title: accepted', (vector) => {
    const { provider, secret, seconds } = vector;
    expect(provider.verify(deliveryFrom(vector), secret, seconds * 1000)).toBe(true);
  });

  test.each(vectors)('$title: refused with another secret', (vector) => {
    const { provider, secret, seconds } = vector;
    expect(provider.verify(deliveryFrom(vector), swapped(secret), seconds * 1000)).toBe(false);
  });

  test.each(vectors.filter(({ id }) => id !== undefined))('$title: signed the same', (vector) => {
    const { provider, secret, seconds, body, headers, url = '', id = '' } = vector;
    expect(provider.sign(body, secret, seconds * 1000, { id, type: 'any', url })).toEqual(headers);
  });

  test("Cloudinary's own test, dated in the year 253,000, is signed the same by SHA-256 and no longer accepted", () => {
    const [secret, nowMs] = ['sha256:hardcoded', 7952342400000 * 1000];
    const headers = cloudinary.sign(upload, secret, nowMs, { id: '', type: '' });
    expect(headers).toEqual({
      'x-cld-timestamp': '7952342400000',
      'x-cld-signature': '6c5a29fd8815772fbac2f10ae741e093d0859313947ef8fadeb29126ded6649c',
    });
    expect(cloudinary.verify(deliveryOf(cloudinary, headers, upload), secret, nowMs)).toBe(false);
  });
});

const deliveryFrom = ({ provider, headers, body, url = '' }: Vector) => ({
  ...deliveryOf(provider, headers, body),
  url,
});

/** Another secret of the same format: its sixth-to-last character changed, or its first. */
function swapped(secret: string): string {
  const at = Math.max(secret.length - 6, 0);
  return secret.slice(0, at) + (secret[at] === 'A' ? 'B' : 'A') + secret.slice(at + 1);
}
