import { createHash } from 'node:crypto';
import { dateOf, identifier, idOfBody, parseObject } from '../payload.js';
import { equal, isFresh, unixSeconds } from '../signature.js';
import type { Provider } from '../types.js';

export interface CloudinaryEvent {
  notification_type: string;
  timestamp?: string;
  asset_id?: string;
  public_id?: string;
  version?: number;
}

/** Two hours, as Cloudinary's own packages have it. A replay is known by its body, which is signed. */
const toleranceSeconds = 7200;

/** A plain hash, by SHA-1; by SHA-256 where the account does so, which `sha256:` before the secret says. */
function signatureOf(secret: string, body: Uint8Array | string, timestamp: string): string {
  const [algorithm, key] = secret.startsWith('sha256:') ? ['sha256', secret.slice(7)] : ['sha1', secret];
  return createHash(algorithm).update(body).update(timestamp).update(key).digest('hex');
}

/** X-Cld-Signature: <hex>, over the body, X-Cld-Timestamp and the API secret. */
export const cloudinary: Provider = {
  name: 'cloudinary',
  maxBytes: 1024 * 1024,
  secretVariable: 'CLOUDINARY_WEBHOOK_SECRET',

  verify({ header, body }, secret, nowMs) {
    const timestamp = header('x-cld-timestamp');
    if (secret === 'sha256:' || !isFresh(timestamp, nowMs, toleranceSeconds)) return false;
    return equal(signatureOf(secret, body, timestamp), header('x-cld-signature') ?? '');
  },

  read({ body }) {
    const payload = parseObject(body);
    const { notification_type, timestamp } = payload;
    return {
      // Not the asset's: one version of it may be moderated twice.
      id: idOfBody(body),
      type: identifier(notification_type, 'type'),
      occurredAt: dateOf(timestamp),
      payload,
    };
  },

  sign(body, secret, nowMs) {
    const timestamp = String(unixSeconds(nowMs));
    return { 'x-cld-timestamp': timestamp, 'x-cld-signature': signatureOf(secret, body, timestamp) };
  },
};
