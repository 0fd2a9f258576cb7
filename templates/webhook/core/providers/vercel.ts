import { hmacScheme } from '../schemes/hmac.js';

export interface VercelEvent {
  id: string;
  type: string;
  createdAt: number;
  payload: Record<string, unknown>;
}

/** x-vercel-signature: <hex>, an HMAC-SHA1 over the body alone. */
export const vercel = hmacScheme({
  name: 'vercel',
  secretVariable: 'VERCEL_WEBHOOK_SECRET',
  header: 'x-vercel-signature',
  algorithm: 'sha1',
  encoding: 'hex',
  prefix: '',
  id: { field: 'id' },
  type: { field: 'type' },
  occurredAt: { field: 'createdAt' },
});
