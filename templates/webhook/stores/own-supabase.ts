import { createClient } from '@supabase/supabase-js';
import { supabaseStore } from './core/supabase-store.js';

const connect = (url: string, key: string) =>
  createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });

let supabase: ReturnType<typeof connect> | undefined;

/** Made at the first event, when the variables are loaded. Only the service role may claim events: keep its key on the server. */
function client() {
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = process.env;
  if (!SUPABASE_URL || !SUPABASE_SERVICE_ROLE_KEY)
    throw new Error('SUPABASE_URL or SUPABASE_SERVICE_ROLE_KEY is not set.');
  supabase ??= connect(SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY);
  return supabase;
}

/** One row per event in webhook_deliveries: see the migration. */
export const store = supabaseStore({ rpc: async (name, args) => await client().rpc(name, args) });
