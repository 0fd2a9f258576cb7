import { hmacScheme } from '../schemes/hmac.js';

export interface LemonSqueezyEvent {
  meta: { event_name: string; test_mode?: boolean; custom_data?: Record<string, unknown> };
  data: { type: string; id: string; attributes: Record<string, unknown> };
}

/** X-Signature: <hex>, over the body alone. The type is also in X-Event-Name, which is not signed. */
export const lemonSqueezy = hmacScheme({
  name: 'lemon-squeezy',
  secretVariable: 'LEMON_SQUEEZY_WEBHOOK_SECRET',
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  id: 'body',
  type: { field: 'meta.event_name' },
  occurredAt: { field: 'data.attributes.updated_at' },
});
