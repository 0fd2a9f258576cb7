import { hmacScheme } from '../schemes/hmac.js';

export type HmacEvent = Record<string, unknown>;

/** Fits a sender that signs the body alone: set these to what its documentation says. */
export const hmac = hmacScheme({
  name: 'hmac',
  secretVariable: 'WEBHOOK_SECRET',
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  id: 'body',
  type: { field: 'type' },
});
