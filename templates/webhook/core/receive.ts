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

/** What verifies deliveries by the secrets in `env`, and hands each event to its handler once. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { store, env, log, leaseMs = 60_000, now = Date.now } = options;
  const providers = new Map(options.providers.map((provider) => [provider.name, provider]));
  const handlers = new Map(Object.entries(options.handlers));

  async function receive(request: Delivery): Promise<Reply> {
    const provider = providers.get(request.provider);
    if (!provider) return reply(404, 'unknown provider');
    const { name, secretVariable, urlVariable } = provider;

    const secrets = secretsOf(env, secretVariable);
    if (!secrets) {
      log({ level: 'error', message: `${secretVariable} is not set, or not to a secret.`, provider: name });
      return reply(500, 'not configured');
    }
    const url = urlVariable === undefined ? null : publicUrl(env[urlVariable], request.url);
    if (urlVariable !== undefined && !url) {
      log({ level: 'error', message: `${urlVariable} is not set, or is no URL.`, provider: name });
      return reply(500, 'not configured');
    }
    if (!ArrayBuffer.isView(request.body)) {
      log({ level: 'error', message: 'A body parser was here before: mount the webhooks above it.', provider: name });
      return reply(500, 'not configured');
    }
    if (request.body.byteLength > provider.maxBytes) return reply(413, 'too large');

    const delivery = url ? { ...request, url } : request;
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
    const answer = await handleOnce(event, { handlers: handlers.get(name), store, log, leaseMs });
    const own = answer.status === 200 ? provider.acknowledge?.(event) : null;
    return own ?? answer;
  }

  return { maxBytes: Math.max(...options.providers.map((provider) => provider.maxBytes)), receive };
}

/** The configured URL with the query that was requested; null where it is none. A proxy hides the host, not the query. */
function publicUrl(configured: string | undefined, requested = ''): string | null {
  if (!configured || !URL.canParse(configured)) return null;
  const [url = ''] = configured.split('#');
  const query = requested.indexOf('?');
  return query < 0 ? url : url.replace(/\?.*/, '') + requested.slice(query);
}
