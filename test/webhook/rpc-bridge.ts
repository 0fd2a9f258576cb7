import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';

/**
 * The part of PostgREST that supabase-js calls for `.rpc()`: POST /rest/v1/rpc/<function> with named arguments, run as the
 * role in the key, answered with the scalar as JSON. (The real server is no package and cannot be had here.)
 */
export async function rpcBridge(pool: pg.Pool): Promise<{ url: string; close(): Promise<void> }> {
  async function call(name: string, args: Record<string, unknown>, role: string): Promise<unknown> {
    const names = Object.keys(args).map((arg, n) => `"${arg}" => $${n + 1}`);
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`set local role ${role}`);
      const { rows } = await client.query(`select public."${name}"(${names}) as result`, Object.values(args));
      await client.query('commit');
      return rows[0]?.result || null;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const [, name = ''] = /^\/rest\/v1\/rpc\/(\w+)$/.exec(request.url ?? '') ?? [];
    response.setHeader('content-type', 'application/json');
    try {
      const result = await call(name, JSON.parse(text), String(request.headers.apikey));
      response.end(JSON.stringify(result));
    } catch (error) {
      response.writeHead(403).end(JSON.stringify({ code: '42501', message: String(error), details: null, hint: null }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
