/**
 * How fast a delivery of Stripe is verified by ours, as a multiple of the stripe package in the same run (1.0 or more is the aim).
 * Run: npx tsx bench/webhook.ts
 */
import Stripe from 'stripe';
import { stripe } from '../templates/webhook/core/providers/stripe.ts';

const secret = 'whsec_test_secret';
const nowMs = Date.now();
const text = JSON.stringify({
  id: 'evt_1',
  type: 'invoice.paid',
  created: 1700000000,
  data: { object: { memo: 'x'.repeat(1800) } },
});
const body = Buffer.from(text);
const headers = stripe.sign(text, secret, nowMs, { id: 'evt_1', type: 'invoice.paid' });
const { 'stripe-signature': header = '' } = headers;
const delivery = { provider: 'stripe', header: (name: string) => headers[name], body };
const { webhooks } = new Stripe('sk_test_unused');

const runs: Readonly<Record<string, () => unknown>> = {
  ours: () => stripe.verify(delivery, secret, nowMs),
  'ours, and read': () => stripe.verify(delivery, secret, nowMs) && stripe.read(delivery),
  verifyHeader: () => webhooks.signature?.verifyHeader(body, header, secret, 300),
  constructEvent: () => webhooks.constructEvent(body, header, secret),
};

/** Verifications a second, the best of several turns, each of which every run gets in its turn. */
function measure(): Record<string, number> {
  const best: Record<string, number> = {};
  for (let turn = 0; turn < 12; turn += 1)
    for (const [name, run] of Object.entries(runs)) {
      const start = performance.now();
      for (let n = 0; n < 10_000; n += 1) run();
      best[name] = Math.max(best[name] ?? 0, 10_000_000 / (performance.now() - start));
    }
  return best;
}

const best = measure();
for (const [name, rate] of Object.entries(best)) {
  const ratios = ['verifyHeader', 'constructEvent'].map(
    (other) => `${(rate / (best[other] ?? 1)).toFixed(2)} × ${other}`,
  );
  console.log(`${name.padEnd(16)} ${Math.round(rate / 1000)} k/s  ${ratios.join('  ')}`);
}
