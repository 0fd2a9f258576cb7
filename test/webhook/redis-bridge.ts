import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';

/** Upstash's REST protocol in front of a real Redis: a command as a JSON array, or several to /pipeline, answered in base64. */
export async function upstashBridge(redisUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const redis = new Redis(redisUrl);
  const encode = (value: unknown): unknown =>
    typeof value === 'string' && value !== 'OK' ? Buffer.from(value).toString('base64') : value;
  const run = async ([command = '', ...args]: string[]): Promise<object> => {
    try {
      return { result: encode(await redis.call(command, args.map(String))) };
    } catch (error) {
      return { error: String(error) };
    }
  };

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const json = JSON.parse(text);
    const answer = request.url === '/pipeline' ? await Promise.all(json.map(run)) : await run(json);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      redis.disconnect();
    },
  };
}
