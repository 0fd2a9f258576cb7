import { type Response, Router } from 'express';
import { readStream } from './core/read-stream.js';
import type { Receiver } from './core/receive.js';

/** POST /:provider. Mount it before any body parser: a signature is over the exact bytes. */
export function webhookRouter(receiver: Receiver): Router {
  const router = Router();

  router.post('/:provider', async (req, res: Response, next) => {
    try {
      const { status, headers, body } = await receiver.receive({
        provider: req.params.provider,
        url: req.originalUrl,
        header: (name) => req.get(name),
        // Read by a parser before us, the body is whatever that made of it.
        body: req.readableDidRead ? req.body : (maxBytes) => readStream(req, maxBytes),
      });
      res.status(status).set(headers).send(body);
    } catch (error) {
      next(error);
    }
  });

  return router;
}
