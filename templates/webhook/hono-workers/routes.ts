import { Hono } from 'hono';
import { readBody } from './core/read-body.js';
import type { Receiver } from './core/receive.js';

/** What this reads of a Worker's bindings: its variables and secrets. */
export type Variables = Record<string, string | undefined>;

/** POST /:provider. A Worker gets its variables with each request, so that is when its receiver is made. */
export const webhookRoutes = (receiverFor: (env: Variables) => Receiver) =>
  new Hono<{ Bindings: Variables }>().post('/:provider', async (c) => {
    const { status, headers, body } = await receiverFor(c.env).receive({
      provider: c.req.param('provider'),
      url: c.req.url,
      header: (name) => c.req.header(name),
      body: (maxBytes) => readBody(c.req.raw.body, maxBytes),
    });
    return new Response(body || null, { status, headers });
  });
