import { hmacScheme } from '../schemes/hmac.js';

/** The object that the topic is about. */
export type ShopifyEvent = Record<string, unknown>;

/**
 * X-Shopify-Hmac-Sha256: <base64>, over the body alone: a replay is known by X-Shopify-Webhook-Id. Types are topics: orders/create.
 * Shopify waits 5 seconds, tries again 8 times in 4 hours, and then removes the subscription. A rotated secret takes up to an hour.
 */
export const shopify = hmacScheme({
  name: 'shopify',
  secretVariable: 'SHOPIFY_API_SECRET',
  header: 'x-shopify-hmac-sha256',
  algorithm: 'sha256',
  encoding: 'base64',
  prefix: '',
  id: { header: 'x-shopify-webhook-id' },
  type: { header: 'x-shopify-topic' },
  occurredAt: { header: 'x-shopify-triggered-at' },
  // Products come with all their variants.
  maxBytes: 5 * 1024 * 1024,
});
