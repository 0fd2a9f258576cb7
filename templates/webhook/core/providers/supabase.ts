import { base64Key, standardWebhooksScheme } from '../schemes/standard-webhooks.js';

/** Supabase's Auth hooks that ask for an action, not for an answer: send_email and send_sms. */
export const supabase = standardWebhooksScheme({
  name: 'supabase',
  secretVariable: 'SUPABASE_WEBHOOK_SECRET',
  keyOf: (secret) => base64Key(secret.replace(/^v1,/, '')),
  typeOf: (payload) => ('email_data' in payload ? 'send_email' : 'sms' in payload ? 'send_sms' : undefined),
});
