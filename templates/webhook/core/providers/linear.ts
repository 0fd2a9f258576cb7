import { parseObject } from '../payload.js';
import { hmacScheme } from '../schemes/hmac.js';
import type { Provider } from '../types.js';

export interface LinearEvent {
  type: string;
  action: string;
  createdAt: string;
  webhookTimestamp: number;
  data: Record<string, unknown>;
}

const scheme = hmacScheme({
  name: 'linear',
  secretVariable: 'LINEAR_WEBHOOK_SECRET',
  header: 'linear-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  id: { header: 'linear-delivery' },
  type: { field: 'type' },
  occurredAt: { field: 'createdAt' },
});

/** Linear-Signature: <hex>, over the body, which says when it was sent. Linear waits 5 seconds, and tries again 3 times. */
export const linear: Provider = {
  ...scheme,
  verify: (delivery, secret, nowMs) =>
    scheme.verify(delivery, secret, nowMs) && Math.abs(nowMs - sentAt(delivery.body)) <= 60_000,
};

/** `webhookTimestamp`, in milliseconds; NaN where there is none. */
function sentAt(body: Uint8Array): number {
  try {
    const { webhookTimestamp } = parseObject(body);
    return typeof webhookTimestamp === 'number' ? webhookTimestamp : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
