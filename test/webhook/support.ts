import { clerk } from '../../templates/webhook/core/providers/clerk.ts';
import { github } from '../../templates/webhook/core/providers/github.ts';
import { hmac } from '../../templates/webhook/core/providers/hmac.ts';
import { openai } from '../../templates/webhook/core/providers/openai.ts';
import { replicate } from '../../templates/webhook/core/providers/replicate.ts';
import { resend } from '../../templates/webhook/core/providers/resend.ts';
import { standardWebhooks } from '../../templates/webhook/core/providers/standard-webhooks.ts';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { supabase } from '../../templates/webhook/core/providers/supabase.ts';
import { svix } from '../../templates/webhook/core/providers/svix.ts';
import type { Delivery, Provider } from '../../templates/webhook/core/types.ts';

export const nowMs = 1_700_000_000_000;

const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Every provider, a secret in its format, and a body that it could send. */
export const cases: readonly { provider: Provider; secret: string; body: string }[] = [
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
];

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
    body: typeof body === 'string' ? bytes(body) : body,
  };
}
