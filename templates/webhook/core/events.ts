import type { WebhookEvent } from './types.js';

/**
 * Handles one event; a promise is awaited. What it throws makes the provider deliver again, so it must bear to run twice.
 * Typed as a method, so that a handler may name the payload that it expects: (event: WebhookEvent<PushEvent>) => …
 */
export type Handler<Payload = unknown> = { handle(event: WebhookEvent<Payload>): unknown }['handle'];

type TypeOf<Payload> = Payload extends { type: infer Type extends string } ? Type : string;

/**
 * A provider's handlers by event type. Where `Payload` is a union with a `type`, such as `Stripe.Event`,
 * each handler gets its own member of the union.
 *
 * Events may come late, twice or out of order. Treat one as a hint and fetch the current state:
 *   const subscription = await stripe.subscriptions.retrieve(event.payload.data.object.id);
 * or compare before writing: update … where updated_at < $1, with event.occurredAt.
 */
export type Handlers<Payload = unknown> = {
  readonly [Member in Payload as TypeOf<Member>]?: Handler<Member>;
};

/** The same to look up in: a type of event may be named as something that every object has. */
export const handlersByType = (handlers: Handlers): ReadonlyMap<string, Handler> =>
  new Map(Object.entries(handlers).filter((entry): entry is [string, Handler] => entry[1] !== undefined));
