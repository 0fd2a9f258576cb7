import { createHash, createHmac, generateKeyPairSync, randomUUID, sign as signBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect } from 'vitest';

/** A webhook as it comes over the wire. */
export interface Delivery {
  headers: Record<string, string>;
  body: string;
  /** What its URL ends with. */
  query?: string;
}

/** What a provider is told: the status, the type and the text of the body. */
interface Answer {
  status: number;
  type: string | null;
  text: string;
}

/** A service that sends webhooks, after its own documentation: nothing here is taken from what we ship. */
interface Sender {
  /** What the server must know of it. */
  variables: Record<string, string>;
  /** The headers of a body: `at` is in Unix seconds. */
  sign(body: string, id: string, at: number): Record<string, string>;
  /** The body of an event with this id, of a type that the generated handlers know. */
  body(id: string, at: number): string;
  /** Whether the signature covers a time. */
  timed: boolean;
  /** What it must be told of an event that was accepted, where that is not our own answer. Its handler then prints the id. */
  told?: Answer;
  /** What else it sends, and must be told. */
  others?(id: string, at: number): readonly (Delivery & { what: string; told: Answer })[];
}

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const ours = (status: number, outcome: string): Answer => ({ status, type: json, text: JSON.stringify({ outcome }) });
const handled = ours(200, 'handled');
const empty = (status: number): Answer => ({ status, type: null, text: '' });

const key = Buffer.from('a secret of 24 bytes or so').toString('base64');
const sha256 = (secret: string | Buffer, text: string, encoding: 'hex' | 'base64'): string =>
  createHmac('sha256', secret).update(text).digest(encoding);
const formOf = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

const stripe: Sender = {
  variables: { STRIPE_WEBHOOK_SECRET: `whsec_${key}` },
  sign: (body, _id, at) => ({ 'stripe-signature': `t=${at},v1=${sha256(`whsec_${key}`, `${at}.${body}`, 'hex')}` }),
  body: (id, at) =>
    JSON.stringify({
      id: `evt_${id}`,
      object: 'event',
      type: 'checkout.session.completed',
      created: at,
      livemode: false,
      data: { object: { id: `cs_${id}` } },
    }),
  timed: true,
};

const push = JSON.stringify({ sender: { id: 1, login: 'octocat' }, repository: { id: 1, full_name: 'octocat/hello' } });
const github: Sender = {
  variables: { GITHUB_WEBHOOK_SECRET: key },
  sign: (body, id) => ({
    'x-hub-signature-256': `sha256=${sha256(key, body, 'hex')}`,
    'x-github-delivery': id,
    'x-github-event': 'push',
  }),
  body: () => push,
  timed: false,
  others(id, at) {
    const body = formOf({ payload: push });
    return [{ what: 'a form', body, headers: { 'content-type': form, ...github.sign(body, id, at) }, told: handled }];
  },
};

/** A sender of an HMAC over the body alone. */
const plain = (variable: string, header: string, body: (id: string) => object, algorithm = 'sha256'): Sender => ({
  variables: { [variable]: key },
  sign: (text) => ({ [header]: createHmac(algorithm, key).update(text).digest('hex') }),
  body: (id) => JSON.stringify(body(id)),
  timed: false,
});

/** Standard Webhooks: only the name of the variable and the body differ. */
const standard = (variable: string, body: (id: string) => object, secret = `whsec_${key}`): Sender => ({
  variables: { [variable]: secret },
  sign: (text, id, at) => ({
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${sha256(Buffer.from(key, 'base64'), `${id}.${at}.${text}`, 'base64')}`,
  }),
  body: (id) => JSON.stringify(body(id)),
  timed: true,
});

const event = (type: string) => (id: string) => ({ type, timestamp: '2026-01-01T00:00:00Z', data: { id } });

/** Twilio signs the URL that it was given, wherever a proxy leads that to; of JSON it signs the hash, which the URL carries. */
const twilioUrl = 'https://hooks.example.com/twilio';
const twilioSignature = (text: string) => ({
  'x-twilio-signature': createHmac('sha1', key).update(text).digest('base64'),
});
const twiml: Answer = { status: 200, type: 'text/xml', text: '<Response/>' };
const twilio: Sender = {
  variables: { TWILIO_AUTH_TOKEN: key, TWILIO_WEBHOOK_URL: twilioUrl },
  sign(body, id) {
    const fields = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1));
    const signed = twilioSignature(twilioUrl + fields.flat().join(''));
    return { 'content-type': `${form}; charset=UTF-8`, 'i-twilio-idempotency-token': id, ...signed };
  },
  body: (id) =>
    formOf({
      ToCountry: 'US',
      SmsMessageSid: `SM${id}`,
      NumMedia: '0',
      SmsStatus: 'received',
      Body: 'Żółw & 🐢',
      To: '+15005550006',
      MessageSid: `SM${id}`,
      AccountSid: 'AC0',
      From: '+15005550001',
      ApiVersion: '2010-04-01',
    }),
  timed: false,
  told: twiml,
  others(id) {
    const data = { messageSid: `SM${id}`, timestamp: '2026-01-01T00:00:00Z' };
    const streamed = ['1', '2'].map((n) => ({ specversion: '1.0', type: 'com.twilio.a', id: `EZ${n}${id}`, data }));
    const body = JSON.stringify(streamed);
    const query = `?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const headers = { 'i-twilio-idempotency-token': id, ...twilioSignature(twilioUrl + query) };
    return [{ what: 'a list of streamed events', body, query, headers, told: twiml }];
  },
};

const slack: Sender = {
  variables: { SLACK_SIGNING_SECRET: key },
  sign: (body, _id, at) => ({
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${sha256(key, `v0:${at}:${body}`, 'hex')}`,
  }),
  body: (id, at) =>
    JSON.stringify({
      token: 'unused',
      team_id: 'T1',
      api_app_id: 'A1',
      event: { type: 'app_mention', user: 'U1', text: '<@U0> hello', ts: `${at}.000100`, channel: 'C1' },
      type: 'event_callback',
      event_id: `Ev${id}`,
      event_time: at,
    }),
  timed: true,
  told: empty(200),
  others(id, at) {
    const challenge = JSON.stringify({ token: 'unused', challenge: `${id}<&>`, type: 'url_verification' });
    const command = formOf({ command: '/hello', text: 'there', trigger_id: id, response_url: 'https://example.com/r' });
    const headers = { 'content-type': form, ...slack.sign(command, id, at) };
    const echoed = { status: 200, type: json, text: JSON.stringify({ challenge: `${id}<&>` }) };
    return [
      { what: 'its challenge', body: challenge, headers: slack.sign(challenge, id, at), told: echoed },
      { what: 'a command', body: command, headers, told: empty(200) },
    ];
  },
};

const shopifyHeaders = (body: string, id: string, x = 'x-') => ({
  [`${x}shopify-topic`]: 'orders/create',
  [`${x}shopify-hmac-sha256`]: sha256(key, body, 'base64'),
  [`${x}shopify-shop-domain`]: 'example.myshopify.com',
  [`${x}shopify-webhook-id`]: id,
  [`${x}shopify-triggered-at`]: '2026-01-01T00:00:00.000000000Z',
});
const shopify: Sender = {
  variables: { SHOPIFY_API_SECRET: key },
  sign: (body, id) => shopifyHeaders(body, id),
  body: (id) => JSON.stringify({ id: 820_982_911, name: `#${id}`, line_items: [], total_price: '398.00' }),
  timed: false,
  others(id, at) {
    const body = shopify.body(id, at);
    return [{ what: 'one of its Events', body, headers: shopifyHeaders(body, `e-${id}`, ''), told: handled }];
  },
};

const cloudinary: Sender = {
  variables: { CLOUDINARY_WEBHOOK_SECRET: key },
  sign: (body, _id, at) => ({
    'x-cld-timestamp': String(at),
    'x-cld-signature': createHash('sha1').update(`${body}${at}${key}`).digest('hex'),
  }),
  body: (id, at) =>
    JSON.stringify({ notification_type: 'upload', timestamp: '2026-01-01T00:00:00Z', asset_id: id, version: at }),
  timed: true,
};

const paddle: Sender = {
  variables: { PADDLE_WEBHOOK_SECRET: `pdl_ntfset_${key}` },
  sign: (body, _id, at) => ({
    'paddle-signature': `ts=${at};h1=${sha256(`pdl_ntfset_${key}`, `${at}:${body}`, 'hex')}`,
  }),
  body: (id) =>
    JSON.stringify({
      event_id: `evt_${id}`,
      event_type: 'transaction.completed',
      occurred_at: '2026-01-01T00:00:00.000000Z',
      notification_id: `ntf_${id}`,
      data: { id: `txn_${id}`, status: 'completed' },
    }),
  timed: true,
};

const linear: Sender = {
  variables: { LINEAR_WEBHOOK_SECRET: `lin_wh_${key}` },
  sign: (body, id) => ({
    'linear-delivery': id,
    'linear-event': 'Issue',
    'linear-signature': sha256(`lin_wh_${key}`, body, 'hex'),
  }),
  body: (id, at) =>
    JSON.stringify({
      action: 'create',
      type: 'Issue',
      createdAt: '2026-01-01T00:00:00.000Z',
      data: { id, title: 'It works' },
      webhookTimestamp: at * 1000,
      webhookId: 'w1',
    }),
  timed: true,
};

const discordKeys = generateKeyPairSync('ed25519');
const { x: discordKey = '' } = discordKeys.publicKey.export({ format: 'jwk' });
const discord: Sender = {
  variables: { DISCORD_PUBLIC_KEY: Buffer.from(discordKey, 'base64url').toString('hex') },
  sign: (body, _id, at) => ({
    'x-signature-timestamp': String(at),
    'x-signature-ed25519': signBytes(null, Buffer.from(at + body), discordKeys.privateKey).toString('hex'),
  }),
  body: (id) =>
    JSON.stringify({ id, application_id: '1', type: 2, token: 't', version: 1, data: { id: '2', name: 'hello' } }),
  timed: true,
  told: { status: 200, type: json, text: '{"type":5}' },
  others(id, at) {
    const about = { version: 1, application_id: '1' };
    const entitled = { type: 'ENTITLEMENT_CREATE', timestamp: '2026-01-01T00:00:00Z', data: { id } };
    const pong = { status: 200, type: json, text: '{"type":1}' };
    return [
      { what: 'its ping', sent: { ...about, id, type: 1, token: 't' }, told: pong },
      { what: 'the ping of its events', sent: { ...about, type: 0 }, told: empty(204) },
      { what: 'an event', sent: { ...about, type: 1, event: entitled }, told: empty(204) },
    ].map(({ what, sent, told }) => {
      const body = JSON.stringify(sent);
      return { what, body, headers: discord.sign(body, id, at), told };
    });
  },
};

const order = (id: string) => ({
  meta: { event_name: 'order_created', test_mode: true },
  data: { type: 'orders', id, attributes: { updated_at: '2026-01-01T00:00:00.000000Z' } },
});
const deployed = (id: string) => ({ id, type: 'deployment.succeeded', createdAt: 1_767_225_600_000, payload: {} });

const senders: Readonly<Record<string, Sender>> = {
  stripe,
  github,
  'standard-webhooks': standard('STANDARD_WEBHOOKS_SECRET', event('user.created')),
  svix: standard('SVIX_WEBHOOK_SECRET', event('user.created')),
  clerk: standard('CLERK_WEBHOOK_SECRET', event('user.created')),
  resend: standard('RESEND_WEBHOOK_SECRET', event('email.bounced')),
  openai: standard('OPENAI_WEBHOOK_SECRET', event('response.completed')),
  replicate: standard('REPLICATE_WEBHOOK_SECRET', (id) => ({ id, status: 'succeeded', input: {}, output: 'done' })),
  supabase: standard('SUPABASE_WEBHOOK_SECRET', (id) => ({ user: { id }, email_data: {} }), `v1,whsec_${key}`),
  twilio,
  slack,
  shopify,
  cloudinary,
  paddle,
  'lemon-squeezy': plain('LEMON_SQUEEZY_WEBHOOK_SECRET', 'x-signature', order),
  linear,
  vercel: plain('VERCEL_WEBHOOK_SECRET', 'x-vercel-signature', deployed, 'sha1'),
  discord,
  hmac: plain('WEBHOOK_SECRET', 'x-signature', (id) => ({ id, type: 'order.created' })),
};

/** The variables that these providers' deliveries need. */
export const secretsFor = (providers: readonly string[]): Record<string, string> =>
  Object.assign({}, ...providers.map((name) => senderOf(name).variables));

/**
 * Sends to a running host's endpoint what its provider would and what a forger would, and expects the answers:
 * handled, known the second time, and refused where the body is another or the time is long ago.
 * Where the answer does not tell handled from known, what the host printed (`output`) does.
 */
export async function expectDeliveries(url: string, provider: string, output: () => string): Promise<void> {
  const id = randomUUID();
  const sender = senderOf(provider);
  const now = Math.floor(Date.now() / 1000);
  const body = sender.body(id, now);
  const signed = { body, headers: sender.sign(body, id, now) };
  // Nobody has written a mail to send yet: the handler says so, and Supabase tries again.
  const [first, second] =
    provider === 'supabase'
      ? [ours(500, 'failed'), ours(500, 'failed')]
      : [sender.told ?? handled, sender.told ?? ours(200, 'duplicate')];
  expect(await deliver(url, signed), 'a signed event').toEqual(first);
  expect(await deliver(url, signed), 'the same event again').toEqual(second);

  const refused = ours(401, 'not verified');
  const fresh = randomUUID();
  const forged = { body: body.replaceAll(id, fresh), headers: signed.headers };
  if (forged.body === body) forged.body = body.replace('{', '{ ');
  expect(await deliver(url, forged), 'a forged event').toEqual(refused);
  const { 'content-type': type = json } = signed.headers;
  const unsigned = { body, headers: { 'content-type': type } };
  expect(await deliver(url, unsigned), 'an event without a signature').toEqual(refused);
  if (sender.timed) {
    const old = now - 3 * 3600;
    const stale = sender.body(fresh, old);
    const sent = { body: stale, headers: sender.sign(stale, fresh, old) };
    expect(await deliver(url, sent), 'an event of three hours ago').toEqual(refused);
  }
  for (const { what, told, ...delivery } of sender.others?.(randomUUID(), now) ?? [])
    expect(await deliver(url, delivery), what).toEqual(told);
  if (sender.told) {
    await expect.poll(output).toContain(id);
    expect(output().split(id), 'handled once').toHaveLength(2);
  }
}

/** Sends more than the first provider takes and less than the second does. */
export async function expectLimits(urlOf: (provider: string) => string): Promise<void> {
  const big = { headers: {}, body: ' '.repeat(2 * 1024 * 1024) };
  expect(await deliver(urlOf('stripe'), big), 'two megabytes for Stripe').toEqual(ours(413, 'too large'));
  expect(await deliver(urlOf('shopify'), big), 'two megabytes for Shopify').toEqual(ours(401, 'not verified'));
}

/** Announces a body to a provider that is not there, and sends nothing of it: only who does not wait for it can answer. */
export const expectUnread = async (url: string): Promise<void> =>
  expect(await statusWithoutBody(url), 'a body for nobody that does not come').toBe(404);

async function statusWithoutBody(url: string): Promise<number | undefined> {
  const headers = { 'content-type': json, 'content-length': '1000' };
  const sent = request(url, { method: 'POST', headers, signal: AbortSignal.timeout(30_000) });
  sent.flushHeaders();
  try {
    const [response]: IncomingMessage[] = await once(sent, 'response');
    return response?.statusCode;
  } finally {
    sent.on('error', () => {}).destroy();
  }
}

async function deliver(url: string, { headers, body, query = '' }: Delivery): Promise<Answer> {
  const sent = { 'content-type': json, ...headers };
  const response = await fetch(url + query, { method: 'POST', headers: sent, body });
  const text = await response.text();
  expect(response.headers.get('cache-control'), `${response.status} ${text}`).toBe('no-store');
  const type = text === '' ? null : (response.headers.get('content-type')?.split(';')[0] ?? null);
  return { status: response.status, type, text };
}

function senderOf(name: string): Sender {
  const sender = senders[name];
  if (sender === undefined) throw new Error(`Nobody here sends as ${name}.`);
  return sender;
}
