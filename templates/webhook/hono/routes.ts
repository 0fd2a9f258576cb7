import { Hono } from 'hono';
import { readBody } from './core/read-body.js';
import type { Receiver } from './core/receive.js';

/** POST /:provider. */
export const webhookRoutes = (receiver: Receiver) =>
  new Hono().post('/:provider', async (c) => {
    const { status, headers, body } = await receiver.receive({
      provider: c.req.param('provider'),
      url: c.req.url,
      header: (name) => c.req.header(name),
      body: (maxBytes) => readBody(c.req.raw.body, maxBytes),
    });
    return new Response(body || null, { status, headers });
  });
