import { Hono } from 'hono';
import { readBody } from './core/read-body.js';
import type { Receiver } from './core/receive.js';

/** What this reads of a Worker's bindings: its variables and secrets. */
export type Variables = Record<string, string | undefined>;

/** POST /:provider. A Worker gets its variables with each request, so that is when its receiver is made. */
export const webhookRoutes = (receiverFor: (env: Variables) => Receiver) =>
  new Hono<{ Bindings: Variables }>().post('/:provider', async (c) => {
    const receiver = receiverFor(c.env);
    const bytes = await readBody(c.req.raw.body, receiver.maxBytes);
    if (!bytes) return c.json({ outcome: 'too large' }, 413);
    const { status, headers, body } = await receiver.receive({
      provider: c.req.param('provider'),
      url: c.req.url,
      header: (name) => c.req.header(name),
      body: bytes,
    });
    return new Response(body || null, { status, headers });
  });
