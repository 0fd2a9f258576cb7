import { createServer } from 'node:http';
import { headersOf } from '../core/headers.js';
import { memoryStore } from '../core/memory-store.js';
import { type StripeEvent, stripe } from '../core/providers/stripe.js';
import type { Handlers } from '../core/events.js';
import { createReceiver } from '../core/receive.js';

const stripeHandlers: Handlers<StripeEvent> = {
  'invoice.paid': async ({ id, payload }) => {
    const { customer } = payload.data.object;
    console.info('Paid', id, customer);
  },
};

const receiver = createReceiver({
  providers: [stripe],
  handlers: { stripe: stripeHandlers },
  store: memoryStore(),
  env: process.env,
  log: ({ level, message, ...about }) => console[level](message, about),
});

/** The whole receiver on Node's own server: POST /webhooks/stripe. */
export const server = createServer(async (request, response) => {
  const provider = /^\/webhooks\/([\w-]+)$/.exec(request.url ?? '')?.[1];
  if (request.method !== 'POST' || !provider) return response.writeHead(404).end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { status, headers, body } = await receiver.receive({
    provider,
    header: headersOf(request.headers),
    body: Buffer.concat(chunks),
  });
  return response.writeHead(status, headers).end(body);
});
