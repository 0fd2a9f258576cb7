import { hmacScheme } from '../schemes/hmac.js';
import type { Delivery, Provider } from '../types.js';

/** The object that the topic is about. */
export type ShopifyEvent = Record<string, unknown>;

const scheme = hmacScheme({
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

/**
 * X-Shopify-Hmac-Sha256: <base64>, over the body alone: a replay is known by X-Shopify-Webhook-Id. Types are topics: orders/create.
 * Shopify waits 5 seconds, tries again 8 times in 4 hours, and then removes the subscription. A rotated secret takes up to an hour.
 * Its Events, in preview, come with the same headers without the X.
 */
export const shopify: Provider = {
  ...scheme,
  verify: (delivery, secret, nowMs) => scheme.verify(withEitherName(delivery), secret, nowMs),
  read: (delivery) => scheme.read(withEitherName(delivery)),
};

const withEitherName = (delivery: Delivery): Delivery => ({
  ...delivery,
  header: (name) => delivery.header(name) ?? delivery.header(name.replace(/^x-/, '')),
});
