/**
 * Reads a request header by its lower-case name; undefined where it is absent.
 * A header sent twice may come joined by ', ' (as Node and fetch do) or as undefined, never as one of the two.
 */
export type HeaderReader = (name: string) => string | undefined;

/** A request as it came: `body` holds the exact bytes, which no parser has touched. */
export interface Delivery {
  /** The name in the path: `stripe` for POST /webhooks/stripe. */
  readonly provider: string;
  readonly header: HeaderReader;
  readonly body: Uint8Array;
  /** The URL of the request, or what follows its host: only its query is taken from here. Few providers sign it. */
  readonly url?: string;
}

/** Reads the exact bytes of a request; null where there are more than `maxBytes`. */
export type ReadBody = (maxBytes: number) => Promise<Uint8Array | null>;

/** A request as a framework hands it over: with its bytes, or, better, with what reads them once their limit is known. */
export interface IncomingDelivery extends Omit<Delivery, 'body'> {
  readonly body: Uint8Array | ReadBody;
}

/** What to answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A verified event, as the handlers get it. */
export interface WebhookEvent<Payload = unknown> {
  readonly provider: string;
  /** The same for every attempt to deliver this event. */
  readonly id: string;
  readonly type: string;
  /** When it happened, by the provider's clock; null where the provider does not say. */
  readonly occurredAt: Date | null;
  readonly payload: Payload;
}

/** What a signer puts into headers, and the URL that it sends to where that is signed. */
export interface Signed {
  readonly id: string;
  readonly type: string;
  readonly url?: string;
}

/** How one provider signs and what its events look like. */
export interface Provider {
  /** Also the last segment of the path and the prefix of its keys in the store. */
  readonly name: string;
  readonly maxBytes: number;
  /** The environment variable with the signing secret; `<name>_PREVIOUS` may hold the old one during a rotation. */
  readonly secretVariable: string;
  /** Where the provider signs the URL, the environment variable with the public one: `delivery.url` then starts with it. */
  readonly urlVariable?: string;
  /** Whether this secret signed these bytes, now. Never throws. */
  verify(delivery: Delivery, secret: string, nowMs: number): boolean;
  /** Reads a verified delivery. Throws where it is not what the provider sends. */
  read(delivery: Delivery): Omit<WebhookEvent, 'provider'>;
  /** Where one delivery may hold several events: a delivery of each, which `read` then takes. Throws as `read` does. */
  split?(delivery: Delivery): readonly Delivery[];
  /** The headers of a delivery that `verify` accepts, for tests and local trials. */
  sign(body: string, secret: string, nowMs: number, event: Signed): Record<string, string>;
  /** What to answer once an event is accepted, where 200 is not all: by the event alone, so that every attempt gets the same. */
  acknowledge?(event: WebhookEvent): Reply;
}
