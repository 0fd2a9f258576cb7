import { base64Key, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

/** What the Auth hooks `send_email` and `send_sms` send. The other hooks wait for data in the answer. */
export interface SupabaseEvent {
  user: { id: string; email?: string; phone?: string };
  email_data?: { token: string; token_hash: string; redirect_to: string; email_action_type: string; site_url: string };
  sms?: { otp: string };
}

export const supabase = standardWebhooksScheme({
  name: 'supabase',
  secretVariable: 'SUPABASE_WEBHOOK_SECRET',
  keyOf: (secret) => base64Key(secret.replace(/^v1,/, '')),
  typeOf: (payload) => ('email_data' in payload ? 'send_email' : 'sms' in payload ? 'send_sms' : undefined),
});
