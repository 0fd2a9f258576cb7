import { type Response, Router } from 'express';
import type { Receiver } from './core/receive.js';

/** POST /:provider. Mount it before any body parser: a signature is over the exact bytes. */
export function webhookRouter(receiver: Receiver): Router {
  const router = Router();

  router.post('/:provider', async (req, res: Response, next) => {
    try {
      // Read by a parser before us, the body is whatever that made of it.
      const bytes: Uint8Array | null = req.readableDidRead ? req.body : await readBytes(req, receiver.maxBytes);
      if (bytes === null) {
        res.status(413).set('connection', 'close').json({ outcome: 'too large' });
        return;
      }
      const { status, headers, body } = await receiver.receive({
        provider: req.params.provider,
        url: req.originalUrl,
        header: (name) => req.get(name),
        body: bytes,
      });
      res.status(status).set(headers).send(body);
    } catch (error) {
      next(error);
    }
  });

  return router;
}

/** The exact bytes; null where there are more than `maxBytes`. */
async function readBytes(request: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.byteLength;
    // Read to the end, or the sender gets no answer.
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size > maxBytes ? null : Buffer.concat(chunks);
}
