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
import { standardWebhooks } from '../../templates/webhook/core/providers/standard-webhooks.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { supabase } from '../../templates/webhook/core/providers/supabase.ts';
import { svix } from '../../templates/webhook/core/providers/svix.ts';
import { twilio } from '../../templates/webhook/core/providers/twilio.ts';
import { vercel } from '../../templates/webhook/core/providers/vercel.ts';
import type { Delivery, Provider } from '../../templates/webhook/core/types.ts';

export const nowMs = 1_700_000_000_000;

const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The public URL of the endpoint. */
export const url = 'https://example.com/webhooks';

/** A pair of Ed25519 keys, from RFC 8032. */
export const ed25519 = {
  secret: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  key: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
};

export interface Case {
  readonly provider: Provider;
  /** What verifies. */
  readonly secret: string;
  /** What signs, where that is not the secret. */
  readonly key?: string;
  readonly body: string;
}

/** Every provider, a secret in its format, and a body that it could send. */
export const cases: readonly Case[] = [
  { provider: stripe, secret: 'whsec_test_secret', body: '{"id":"evt_1","type":"invoice.paid","created":1700000000}' },
  { provider: github, secret: "It's a Secret to Everybody", body: '{"action":"opened","sender":{"id":1}}' },
  { provider: standardWebhooks, secret: standardSecret, body: '{"type":"user.created","data":{"id":1}}' },
  { provider: svix, secret: standardSecret, body: '{"type":"user.created","data":{"id":1}}' },
  { provider: clerk, secret: standardSecret, body: '{"type":"user.created","timestamp":1700000000123,"data":{}}' },
  { provider: resend, secret: standardSecret, body: '{"type":"email.sent","created_at":"2023-11-14T22:13:20Z"}' },
  { provider: openai, secret: 'a raw secret', body: '{"type":"response.completed","created_at":1700000000}' },
  { provider: replicate, secret: standardSecret, body: '{"id":"p_1","status":"succeeded","output":null}' },
  { provider: supabase, secret: `v1,${standardSecret}`, body: '{"user":{"id":"u_1"},"email_data":{"token":"1"}}' },
  { provider: hmac, secret: 'hush', body: '{"type":"order.paid","n":1}' },
  { provider: twilio, secret: '12345', body: 'MessageSid=SM1&MessageStatus=delivered&To=1500&To=1400' },
  { provider: twilio, secret: '12345', body: '{"type":"com.twilio.event","n":1}' },
  {
    provider: slack,
    secret: 'hush',
    body: '{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}',
  },
  { provider: shopify, secret: 'hush', body: '{"id":1,"title":"x"}' },
  { provider: cloudinary, secret: 'hush', body: '{"notification_type":"upload","asset_id":"a1","version":1}' },
  { provider: cloudinary, secret: 'sha256:hush', body: '{"notification_type":"upload","asset_id":"a1"}' },
  { provider: paddle, secret: 'pdl_ntfset_1', body: '{"event_id":"evt_1","event_type":"transaction.paid"}' },
  { provider: linear, secret: 'lin_wh_1', body: `{"type":"Issue","action":"create","webhookTimestamp":${nowMs}}` },
  { provider: lemonSqueezy, secret: 'hush', body: '{"meta":{"event_name":"order_created"},"data":{"id":"1"}}' },
  { provider: vercel, secret: 'hush', body: '{"id":"evt_1","type":"deployment.created","createdAt":1700000000000}' },
  { provider: discord, ...ed25519, body: '{"id":"1","type":2,"application_id":"1"}' },
];

/** Headers that a scheme does not sign: they say what kind of event it is, and which. */
export const unsigned: ReadonlySet<string> = new Set([
  'x-github-delivery',
  'x-github-event',
  'i-twilio-idempotency-token',
  'x-shopify-webhook-id',
  'x-shopify-topic',
  'linear-delivery',
]);

/** The headers with which the provider of a case would send a body. */
export const signed = (
  { provider, secret, key = secret }: Case,
  body: string,
  at = nowMs,
  event = { id: 'evt_1', type: 'a.b' },
): Record<string, string> => provider.sign(body, key, at, { ...event, url });

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A delivery as an adapter would hand it over. */
export function deliveryOf(
  provider: Provider,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Delivery {
  return {
    provider: provider.name,
    header: (name) => headers[name],
    url,
    body: typeof body === 'string' ? bytes(body) : body,
  };
}
