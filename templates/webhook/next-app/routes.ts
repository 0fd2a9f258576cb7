import { readBody } from './core/read-body.js';
import type { Receiver } from './core/receive.js';

/** Answers the requests of the route handlers, one per provider. */
export const webhookRoute =
  (receiver: Receiver) =>
  async (request: Request, provider: string): Promise<Response> => {
    const bytes = await readBody(request.body, receiver.maxBytes);
    if (!bytes) return Response.json({ outcome: 'too large' }, { status: 413 });
    const { status, headers, body } = await receiver.receive({
      provider,
      url: request.url,
      header: (name) => request.headers.get(name) ?? undefined,
      body: bytes,
    });
    return new Response(body || null, { status, headers });
  };
