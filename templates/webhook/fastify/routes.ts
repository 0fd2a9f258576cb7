import type { FastifyInstance } from 'fastify';
import { headersOf } from './core/headers.js';
import type { Receiver } from './core/receive.js';

/** POST /:provider. A plugin of its own scope, so that its parser of exact bytes is not the host's. */
export async function webhookRoutes(app: FastifyInstance, { receiver }: { receiver: Receiver }): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post<{ Params: { provider: string }; Body: Buffer | undefined }>(
    '/:provider',
    { bodyLimit: receiver.maxBytes },
    async (request, reply) => {
      const { status, headers, body } = await receiver.receive({
        provider: request.params.provider,
        url: request.url,
        header: headersOf(request.headers),
        body: request.body ?? new Uint8Array(),
      });
      return reply.code(status).headers(headers).send(body);
    },
  );
}
