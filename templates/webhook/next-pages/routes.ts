import type { NextApiRequest, NextApiResponse } from 'next';
import { headersOf } from './core/headers.js';
import type { Receiver } from './core/receive.js';

/** Answers the requests of the API routes, one per provider, whose own body parser is off. */
export const webhookRoute =
  (receiver: Receiver) =>
  async (request: NextApiRequest, response: NextApiResponse, provider: string): Promise<void> => {
    if (request.method !== 'POST') return response.status(405).setHeader('allow', 'POST').end();
    const bytes = await readBytes(request, receiver.maxBytes);
    if (!bytes) return response.status(413).setHeader('connection', 'close').json({ outcome: 'too large' });
    const { status, headers, body } = await receiver.receive({
      provider,
      url: request.url ?? '',
      header: headersOf(request.headers),
      body: bytes,
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.status(status).send(body);
  };

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
