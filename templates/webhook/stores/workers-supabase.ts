import { createClient } from '@supabase/supabase-js';
import type { DeliveryStore } from './core/store.js';
import { supabaseStore } from './core/supabase-store.js';
import type { Variables } from './routes.js';

/** One row per event in webhook_deliveries: see the migration. Only the service role may claim events. */
export function storeFor({ SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: key }: Variables): DeliveryStore {
  return supabaseStore({
    rpc: async (name, args) => {
      if (!url || !key) throw new Error('SUPABASE_URL or SUPABASE_SERVICE_ROLE_KEY is not set.');
      return createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } }).rpc(name, args);
    },
  });
}
