import { type ErrorRequestHandler, type Response, Router, raw } from 'express';
import type { Receiver } from './core/receive.js';

/** POST /:provider. Mount it before any body parser: a signature is over the exact bytes. */
export function webhookRouter(receiver: Receiver): Router {
  const router = Router();

  router.post('/:provider', raw({ type: () => true, limit: receiver.maxBytes }), async (req, res: Response, next) => {
    try {
      const { status, headers, body } = await receiver.receive({
        provider: req.params.provider,
        url: req.originalUrl,
        header: (name) => req.get(name),
        // Where there is no body, what Express leaves here is not bytes.
        body: req.readableDidRead ? req.body : new Uint8Array(),
      });
      res.status(status).set(headers).send(body);
    } catch (error) {
      next(error);
    }
  });

  router.use(tooLarge);
  return router;
}

/** The host's own handler may know no other answer than 500. */
const tooLarge: ErrorRequestHandler = (error, _req, res, next) => {
  if (error?.type !== 'entity.too.large') return next(error);
  res.status(413).json({ outcome: 'too large' });
};
