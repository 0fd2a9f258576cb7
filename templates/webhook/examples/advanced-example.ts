import type { Handler } from '../core/events.js';
import { dateOf, identifier, parseObject } from '../core/payload.js';
import { createReceiver, type Receiver } from '../core/receive.js';
import { hmacScheme } from '../core/schemes/hmac.js';
import { equal, hmac, isFresh, unixSeconds } from '../core/signature.js';
import type { DeliveryStore } from '../core/store.js';
import type { Provider } from '../core/types.js';

/** A sender that signs the body alone, with its id and type in headers. */
export const gitea = hmacScheme({
  name: 'gitea',
  secretVariable: 'GITEA_WEBHOOK_SECRET',
  header: 'x-gitea-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  id: { header: 'x-gitea-delivery' },
  type: { header: 'x-gitea-event' },
});

/** A sender with a scheme of its own: `<seconds>:<hex>` over `<seconds>:<body>`. */
export const partner: Provider = {
  name: 'partner',
  maxBytes: 1024 * 1024,
  secretVariable: 'PARTNER_WEBHOOK_SECRET',
  verify({ header, body }, secret, nowMs) {
    const match = /^(\d+):([0-9a-f]+)$/.exec(header('x-partner-signature') ?? '');
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
    return { 'x-partner-signature': `${timestamp}:${hmac('sha256', secret, 'hex', [`${timestamp}:`, body])}` };
  },
};

export interface Subscription {
  id: string;
  status: string;
  updatedAt: Date;
}

interface PartnerPayload {
  data: { id: string; status: string };
}

/** Keeps the newest state of each subscription, in whatever order the events come. */
export const newestWins =
  (subscriptions: Map<string, Subscription>): Handler<PartnerPayload> =>
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
    providers: [gitea, partner],
    handlers: {
      // Awaited: where the queue is away, the answer is 500 and the event comes again.
      gitea: { push: ({ id, payload }) => queue.add('build', payload, { jobId: `gitea-${id}` }) },
      partner: { 'subscription.created': keepNewest, 'subscription.updated': keepNewest } as Record<string, Handler>,
    },
    store,
    env,
    log: ({ level, message, ...about }) => console[level](JSON.stringify({ level, message, ...about })),
    leaseMs: 30_000,
  });
}
