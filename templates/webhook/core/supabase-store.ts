import { claimOf, type DeliveryStore } from './store.js';

/** What this needs of a client of @supabase/supabase-js, made with the service role's key: no other may claim events. */
interface Client {
  rpc(name: string, args: Record<string, unknown>): PromiseLike<{ data: unknown; error: { message: string } | null }>;
}

/** One row per event in `webhook_deliveries`, through the functions of its migration: the client cannot send SQL. */
export function supabaseStore(client: Client): DeliveryStore {
  async function call(name: string, args: Record<string, unknown>): Promise<unknown> {
    const { data, error } = await client.rpc(name, args);
    if (error) throw new Error(`${name}: ${error.message}`);
    return data;
  }

  return {
    async claim(key, token, leaseMs) {
      return claimOf(await call('claim_webhook_delivery', { p_key: key, p_token: token, p_lease_ms: leaseMs }));
    },
    async complete(key, token) {
      await call('complete_webhook_delivery', { p_key: key, p_token: token });
    },
    async fail(key, token) {
      await call('fail_webhook_delivery', { p_key: key, p_token: token });
    },
  };
}
