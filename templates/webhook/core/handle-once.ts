import { randomUUID } from 'node:crypto';
import type { Handler } from './events.js';
import type { Log } from './log.js';
import { reply } from './reply.js';
import type { DeliveryStore } from './store.js';
import type { Reply, WebhookEvent } from './types.js';

export interface HandleOptions {
  readonly handler: Handler | undefined;
  readonly store: DeliveryStore;
  readonly log: Log;
  readonly leaseMs: number;
}

/** Hands an event to its handler, unless that has been done or is being done. Every answer but 2xx asks for another attempt. */
export async function handleOnce(event: WebhookEvent, { handler, store, log, leaseMs }: HandleOptions): Promise<Reply> {
  const about = { provider: event.provider, eventId: event.id, eventType: event.type };
  if (!handler) {
    log({ level: 'info', message: 'No handler for this type of event: ignored.', ...about });
    return reply(200, 'ignored');
  }

  const [key, token] = [`${event.provider}:${event.id}`, randomUUID()];
  try {
    const claim = await store.claim(key, token, leaseMs);
    if (claim === 'done') return reply(200, 'duplicate');
    if (claim === 'processing') return reply(409, 'in progress', { 'retry-after': String(Math.ceil(leaseMs / 1000)) });
  } catch (error) {
    log({ level: 'error', message: 'The delivery store failed; the provider will try again.', ...about, error });
    return reply(503, 'unavailable');
  }

  try {
    await handler(event);
  } catch (error) {
    log({ level: 'error', message: 'The handler failed; the provider will try again.', ...about, error });
    await store.fail(key, token).catch(logged(log, about));
    return reply(500, 'failed');
  }
  // It is handled, even where that cannot be recorded: another attempt could only handle it twice.
  await store.complete(key, token).catch(logged(log, about));
  return reply(200, 'handled');
}

const logged =
  (log: Log, about: { provider: string; eventId: string; eventType: string }) =>
  (error: unknown): void =>
    log({ level: 'error', message: 'The delivery store failed to end a claim; its lease will.', ...about, error });
