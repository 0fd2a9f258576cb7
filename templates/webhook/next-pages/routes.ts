import type { NextApiRequest, NextApiResponse } from 'next';
import { headersOf } from './core/headers.js';
import { readStream } from './core/read-stream.js';
import type { Receiver } from './core/receive.js';

/** Answers the requests of the API routes, one per provider, whose own body parser is off. */
export const webhookRoute =
  (receiver: Receiver) =>
  async (request: NextApiRequest, response: NextApiResponse, provider: string): Promise<void> => {
    if (request.method !== 'POST') return response.status(405).setHeader('allow', 'POST').end();
    const { status, headers, body } = await receiver.receive({
      provider,
      url: request.url ?? '',
      header: headersOf(request.headers),
      body: (maxBytes) => readStream(request, maxBytes),
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.status(status).send(body);
  };
