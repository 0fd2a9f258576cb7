import { readBody } from './core/read-body.js';
import type { Receiver } from './core/receive.js';

/** Answers the requests of the route handlers, one per provider. */
export const webhookRoute =
  (receiver: Receiver) =>
  async (request: Request, provider: string): Promise<Response> => {
    const { status, headers, body } = await receiver.receive({
      provider,
      url: request.url,
      header: (name) => request.headers.get(name) ?? undefined,
      body: (maxBytes) => readBody(request.body, maxBytes),
    });
    return new Response(body || null, { status, headers });
  };
