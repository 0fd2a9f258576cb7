import type { Handlers } from './events.js';
import { handleOnce } from './handle-once.js';
import type { Log } from './log.js';
import { reply } from './reply.js';
import { secretsOf } from './secrets.js';
import type { DeliveryStore } from './store.js';
import type { Delivery, Provider, Reply, WebhookEvent } from './types.js';

export interface ReceiverOptions {
  readonly providers: readonly Provider[];
  /** By the provider's name. */
  readonly handlers: Readonly<Record<string, Handlers>>;
  readonly store: DeliveryStore;
  /** Read at each request, so that it does not matter when the variables are loaded. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** How long a handler may take before another attempt may claim its event. A minute unless given. */
  readonly leaseMs?: number;
  readonly now?: () => number;
}

export interface Receiver {
  /** The largest body that any of the providers sends: the limit for whatever reads the request. */
  readonly maxBytes: number;
  /** Verifies a delivery, hands its event to the handler once, and says what to answer. */
  receive(delivery: Delivery): Promise<Reply>;
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const { store, env, log, leaseMs = 60_000, now = Date.now } = options;
  const providers = new Map(options.providers.map((provider) => [provider.name, provider]));
  const handlers = new Map(Object.entries(options.handlers));

  async function receive(delivery: Delivery): Promise<Reply> {
    const provider = providers.get(delivery.provider);
    if (!provider) return reply(404, 'unknown provider');
    const { name, secretVariable } = provider;

    const secrets = secretsOf(env, secretVariable);
    if (!secrets) {
      log({ level: 'error', message: `${secretVariable} is not set, or has blanks around it.`, provider: name });
      return reply(500, 'not configured');
    }
    if (!ArrayBuffer.isView(delivery.body)) {
      log({ level: 'error', message: 'A body parser was here before: mount the webhooks above it.', provider: name });
      return reply(500, 'not configured');
    }
    if (delivery.body.byteLength > provider.maxBytes) return reply(413, 'too large');

    if (!secrets.some((secret) => provider.verify(delivery, secret, now()))) {
      log({ level: 'warn', message: `Not signed with ${secretVariable}, or too long ago.`, provider: name });
      return reply(401, 'not verified');
    }
    let event: WebhookEvent;
    try {
      event = { ...provider.read(delivery), provider: name };
    } catch (error) {
      log({ level: 'error', message: 'The signature is right, but the event is not.', provider: name, error });
      return reply(400, 'unreadable');
    }
    return handleOnce(event, { handlers: handlers.get(name), store, log, leaseMs });
  }

  return { maxBytes: Math.max(...options.providers.map((provider) => provider.maxBytes)), receive };
}
