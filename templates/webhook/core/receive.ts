import { type Handlers, handlersByType } from './events.js';
import { handleOnce } from './handle-once.js';
import type { Log } from './log.js';
import { reply } from './reply.js';
import { secretsOf } from './secrets.js';
import type { DeliveryStore } from './store.js';
import type { Delivery, IncomingDelivery, Provider, Reply, WebhookEvent } from './types.js';

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
  /** Reads and verifies a delivery, hands its events to their handlers once, and says what to answer. */
  receive(request: IncomingDelivery): Promise<Reply>;
}

/** What verifies deliveries by the secrets in `env`, and hands each event to its handler once. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { store, env, log, leaseMs = 60_000, now = Date.now } = options;
  const providers = new Map(options.providers.map((provider) => [provider.name, provider]));
  const handlers = new Map(Object.entries(options.handlers).map(([name, byType]) => [name, handlersByType(byType)]));

  async function receive(request: IncomingDelivery): Promise<Reply> {
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
    const body = typeof request.body === 'function' ? await request.body(provider.maxBytes) : request.body;
    if (body === null) return reply(413, 'too large');
    if (!ArrayBuffer.isView(body)) {
      log({ level: 'error', message: 'A body parser was here before: mount the webhooks above it.', provider: name });
      return reply(500, 'not configured');
    }
    if (body.byteLength > provider.maxBytes) return reply(413, 'too large');

    const delivery: Delivery = { ...request, ...(url && { url }), body };
    if (!secrets.some((secret) => provider.verify(delivery, secret, now()))) {
      log({ level: 'warn', message: `Not signed with ${secretVariable}, or too long ago.`, provider: name });
      return reply(401, 'not verified');
    }
    let events: WebhookEvent[];
    try {
      const deliveries = provider.split?.(delivery) ?? [delivery];
      events = deliveries.map((one) => ({ ...provider.read(one), provider: name }));
    } catch (error) {
      log({ level: 'error', message: 'The signature is right, but the event is not.', provider: name, error });
      return reply(400, 'unreadable');
    }
    return handleAll(provider, events);
  }

  /** One after the other; the first that asks for another attempt ends it: then those before it are known. */
  async function handleAll(provider: Provider, events: readonly WebhookEvent[]): Promise<Reply> {
    let answer = reply(200, 'ignored');
    for (const event of events) {
      const handler = handlers.get(provider.name)?.get(event.type);
      answer = await handleOnce(event, { handler, store, log, leaseMs });
      if (answer.status !== 200) return answer;
      answer = provider.acknowledge?.(event) ?? answer;
    }
    return answer;
  }

  return { receive };
}

/** The configured URL with the query that was requested; null where it is none. A proxy hides the host, not the query. */
function publicUrl(configured: string | undefined, requested = ''): string | null {
  if (!configured || !URL.canParse(configured)) return null;
  const [url = ''] = configured.split('#');
  const query = requested.indexOf('?');
  return query < 0 ? url : url.replace(/\?.*/, '') + requested.slice(query);
}
