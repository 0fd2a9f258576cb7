import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'vitest';

/** A webhook as it comes over the wire. */
export interface Delivery {
  headers: Record<string, string>;
  body: string;
}

type Sign = (body: string, id: string, at: number) => Record<string, string>;

/** A service that sends webhooks, after its own documentation: nothing here is taken from what we ship. */
interface Sender {
  variable: string;
  secret: string;
  sign: Sign;
  /** The body of an event with this id, of a type that the generated handlers know. */
  body(id: string): object;
  /** Whether the signature covers a time. */
  timed: boolean;
}

const key = Buffer.from('a secret of 24 bytes or so').toString('base64');
const sha256 = (secret: string | Buffer, text: string, encoding: 'hex' | 'base64'): string =>
  createHmac('sha256', secret).update(text).digest(encoding);

const stripe: Sender = {
  variable: 'STRIPE_WEBHOOK_SECRET',
  secret: `whsec_${key}`,
  sign: (body, _id, at) => ({ 'stripe-signature': `t=${at},v1=${sha256(`whsec_${key}`, `${at}.${body}`, 'hex')}` }),
  body: (id) => ({
    id: `evt_${id}`,
    object: 'event',
    type: 'checkout.session.completed',
    created: 1_767_225_600,
    livemode: false,
    data: { object: { id: `cs_${id}` } },
  }),
  timed: true,
};

const github: Sender = {
  variable: 'GITHUB_WEBHOOK_SECRET',
  secret: key,
  sign: (body, id) => ({
    'x-hub-signature-256': `sha256=${sha256(key, body, 'hex')}`,
    'x-github-delivery': id,
    'x-github-event': 'push',
  }),
  body: () => ({ sender: { id: 1, login: 'octocat' }, repository: { id: 1, full_name: 'octocat/hello' } }),
  timed: false,
};

const hmac: Sender = {
  variable: 'WEBHOOK_SECRET',
  secret: key,
  sign: (body) => ({ 'x-signature': sha256(key, body, 'hex') }),
  body: (id) => ({ id, type: 'order.created' }),
  timed: false,
};

/** Standard Webhooks: only the name of the variable and the body differ. */
const standard = (variable: string, body: (id: string) => object, secret = `whsec_${key}`): Sender => ({
  variable,
  secret,
  sign: (text, id, at) => ({
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${sha256(Buffer.from(key, 'base64'), `${id}.${at}.${text}`, 'base64')}`,
  }),
  body,
  timed: true,
});

const event = (type: string) => (id: string) => ({ type, timestamp: '2026-01-01T00:00:00Z', data: { id } });

const senders: Readonly<Record<string, Sender>> = {
  stripe,
  github,
  hmac,
  'standard-webhooks': standard('STANDARD_WEBHOOKS_SECRET', event('user.created')),
  svix: standard('SVIX_WEBHOOK_SECRET', event('user.created')),
  clerk: standard('CLERK_WEBHOOK_SECRET', event('user.created')),
  resend: standard('RESEND_WEBHOOK_SECRET', event('email.bounced')),
  openai: standard('OPENAI_WEBHOOK_SECRET', event('response.completed')),
  replicate: standard('REPLICATE_WEBHOOK_SECRET', (id) => ({ id, status: 'succeeded', input: {}, output: 'done' })),
  supabase: standard('SUPABASE_WEBHOOK_SECRET', (id) => ({ user: { id }, email_data: {} }), `v1,whsec_${key}`),
};

/** The variables that hold these providers' secrets. */
export const secretsFor = (providers: readonly string[]): Record<string, string> =>
  Object.fromEntries(providers.map((name) => [senderOf(name).variable, senderOf(name).secret]));

/**
 * Sends to a running host's endpoint what its provider would and what a forger would, and expects the answers:
 * handled, known the second time, and refused where the body is another or the time is long ago.
 */
export async function expectDeliveries(url: string, provider: string): Promise<void> {
  const id = randomUUID();
  const sender = senderOf(provider);
  const body = JSON.stringify(sender.body(id));
  const now = Math.floor(Date.now() / 1000);
  const signed = { body, headers: sender.sign(body, id, now) };
  expect(await deliver(url, signed), 'a signed event').toEqual({ status: 200, outcome: 'handled' });
  expect(await deliver(url, signed), 'the same event again').toEqual({ status: 200, outcome: 'duplicate' });

  const refused = { status: 401, outcome: 'not verified' };
  const fresh = randomUUID();
  const forged = { body: body.replaceAll(id, fresh), headers: signed.headers };
  if (forged.body === body) forged.body = body.replace('{', '{ ');
  expect(await deliver(url, forged), 'a forged event').toEqual(refused);
  expect(await deliver(url, { body, headers: {} }), 'an event without a signature').toEqual(refused);
  if (!sender.timed) return;
  const stale = sender.sign(body, fresh, now - 3600);
  expect(await deliver(url, { body, headers: stale }), 'an event of an hour ago').toEqual(refused);
}

async function deliver(url: string, { headers, body }: Delivery): Promise<{ status: number; outcome: unknown }> {
  const sent = { 'content-type': 'application/json', ...headers };
  const response = await fetch(url, { method: 'POST', headers: sent, body });
  const text = await response.text();
  return { status: response.status, outcome: outcomeIn(text) };
}

/** Our own answers are `{ outcome }`; anything else is somebody else's and shown as it came. */
function outcomeIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { outcome?: unknown }).outcome ?? text;
  } catch {
    return text;
  }
}

function senderOf(name: string): Sender {
  const sender = senders[name];
  if (sender === undefined) throw new Error(`Nobody here sends as ${name}.`);
  return sender;
}
