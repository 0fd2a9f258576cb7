import type { FastifyInstance } from 'fastify';
import { headersOf } from './core/headers.js';
import { readStream } from './core/read-stream.js';
import type { Receiver } from './core/receive.js';

/** POST /:provider. A plugin of its own scope, so that its parser, which leaves the bytes unread, is not the host's. */
export async function webhookRoutes(app: FastifyInstance, { receiver }: { receiver: Receiver }): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.post<{ Params: { provider: string }; Body: AsyncIterable<Uint8Array> | undefined }>(
    '/:provider',
    async (request, reply) => {
      const { status, headers, body } = await receiver.receive({
        provider: request.params.provider,
        url: request.url,
        header: headersOf(request.headers),
        body: (maxBytes) => readStream(request.body ?? request.raw, maxBytes),
      });
      return reply.code(status).headers(headers).send(body);
    },
  );
}
