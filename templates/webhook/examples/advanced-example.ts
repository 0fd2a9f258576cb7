import type { Handler } from '../core/events.js';
import { dateOf, identifier, parseObject } from '../core/payload.js';
import { createReceiver, type Receiver } from '../core/receive.js';
import { hmacScheme } from '../core/schemes/hmac.js';
import { equal, hmac, isFresh, unixSeconds } from '../core/signature.js';
import type { DeliveryStore } from '../core/store.js';
import type { Provider } from '../core/types.js';

/** A sender that signs the body alone, with its id and type in headers. */
export const shopify = hmacScheme({
  name: 'shopify',
  secretVariable: 'SHOPIFY_CLIENT_SECRET',
  header: 'x-shopify-hmac-sha256',
  algorithm: 'sha256',
  encoding: 'base64',
  prefix: '',
  id: { header: 'x-shopify-webhook-id' },
  type: { header: 'x-shopify-topic' },
});

/** A sender with a scheme of its own: `ts=<seconds>;h1=<hex>` over `<seconds>:<body>`. */
export const paddle: Provider = {
  name: 'paddle',
  maxBytes: 1024 * 1024,
  secretVariable: 'PADDLE_WEBHOOK_SECRET',
  verify({ header, body }, secret, nowMs) {
    const match = /^ts=(\d+);h1=([0-9a-f]+)$/.exec(header('paddle-signature') ?? '');
    const [, timestamp, signature = ''] = match ?? [];
    return isFresh(timestamp, nowMs) && equal(hmac('sha256', secret, 'hex', [`${timestamp}:`, body]), signature);
  },
  read({ body }) {
    const payload = parseObject(body);
    const { event_id: id, event_type: type, occurred_at: occurredAt } = payload;
    return { id: identifier(id, 'id'), type: identifier(type, 'type'), occurredAt: dateOf(occurredAt), payload };
  },
  sign(body, secret, nowMs) {
    const timestamp = unixSeconds(nowMs);
    return { 'paddle-signature': `ts=${timestamp};h1=${hmac('sha256', secret, 'hex', [`${timestamp}:`, body])}` };
  },
};

export interface Subscription {
  id: string;
  status: string;
  updatedAt: Date;
}

interface PaddlePayload {
  data: { id: string; status: string };
}

/** Keeps the newest state of each subscription, in whatever order the events come. */
export const newestWins =
  (subscriptions: Map<string, Subscription>): Handler<PaddlePayload> =>
  ({ occurredAt, payload: { data } }) => {
    const updatedAt = occurredAt ?? new Date(0);
    const known = subscriptions.get(data.id);
    if (!known || known.updatedAt < updatedAt) subscriptions.set(data.id, { ...data, updatedAt });
  };

/** A queue such as BullMQ: it takes a job of the same id once. */
export interface Queue {
  add(name: string, data: unknown, options: { jobId: string }): Promise<unknown>;
}

/** Several providers, with long work in a queue and a lease to fit the handlers. */
export function advancedReceiver(
  queue: Queue,
  subscriptions: Map<string, Subscription>,
  store: DeliveryStore,
  env: Readonly<Record<string, string | undefined>>,
): Receiver {
  const keepNewest = newestWins(subscriptions);
  return createReceiver({
    providers: [shopify, paddle],
    handlers: {
      // Awaited: where the queue is away, the answer is 500 and the event comes again.
      shopify: { 'orders/paid': ({ id, payload }) => queue.add('fulfil', payload, { jobId: `shopify-${id}` }) },
      paddle: { 'subscription.created': keepNewest, 'subscription.updated': keepNewest } as Record<string, Handler>,
    },
    store,
    env,
    log: ({ level, message, ...about }) => console[level](JSON.stringify({ level, message, ...about })),
    leaseMs: 30_000,
  });
}
