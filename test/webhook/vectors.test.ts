import { describe, expect, test } from 'vitest';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { replicate } from '../../templates/webhook/core/providers/replicate.ts';
import { standardWebhooks } from '../../templates/webhook/core/providers/standard-webhooks.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { supabase } from '../../templates/webhook/core/providers/supabase.ts';
import { svix } from '../../templates/webhook/core/providers/svix.ts';
import { hmacScheme } from '../../templates/webhook/core/schemes/hmac.ts';
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
  /** What `sign` must give again, byte for byte; absent where the vector has more than we would write. */
  readonly id?: string | undefined;
}

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
    title: 'Shopify, through the generic scheme',
    provider: hmacScheme({
      name: 'shopify',
      secretVariable: 'SHOPIFY_CLIENT_SECRET',
      header: 'x-shopify-hmac-sha256',
      algorithm: 'sha256',
      encoding: 'base64',
      prefix: '',
      id: { header: 'x-shopify-webhook-id' },
      type: { header: 'x-shopify-topic' },
    }),
    secret: 'hush',
    seconds: 0,
    body: '{"id":1}',
    headers: { 'x-shopify-hmac-sha256': 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=' },
  },
];

describe('Known vectors', () => {
  test.each(vectors)('$title: accepted', ({ provider, secret, seconds, body, headers }) => {
    expect(provider.verify(deliveryOf(provider, headers, body), secret, seconds * 1000)).toBe(true);
  });

  test.each(vectors)('$title: refused with another secret', ({ provider, secret, seconds, body, headers }) => {
    const delivery = deliveryOf(provider, headers, body);
    expect(provider.verify(delivery, swapped(secret), seconds * 1000)).toBe(false);
  });

  test.each(vectors.filter(({ id }) => id !== undefined))('$title: signed the same', (vector) => {
    const { provider, secret, seconds, body, headers, id = '' } = vector;
    expect(provider.sign(body, secret, seconds * 1000, { id, type: 'any' })).toEqual(headers);
  });
});

/** Another secret of the same format: its sixth-to-last character changed. */
function swapped(secret: string): string {
  const at = secret.length - 6;
  return secret.slice(0, at) + (secret[at] === 'A' ? 'B' : 'A') + secret.slice(at + 1);
}
