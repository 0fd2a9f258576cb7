import type Stripe from 'stripe';
import { expect, expectTypeOf, test } from 'vitest';
import type { Handler, Handlers } from '../../templates/webhook/core/events.ts';
import type { GithubEvent } from '../../templates/webhook/core/providers/github.ts';
import type { StripeEvent } from '../../templates/webhook/core/providers/stripe.ts';
import type { ReceiverOptions } from '../../templates/webhook/core/receive.ts';
import type { WebhookEvent } from '../../templates/webhook/core/types.ts';

test('A handler gets its own payload out of a union such as that of the stripe package', () => {
  const handlers: Handlers<Stripe.Event> = {
    'checkout.session.completed': async ({ payload }) => {
      expectTypeOf(payload).toEqualTypeOf<Stripe.CheckoutSessionCompletedEvent>();
    },
    // @ts-expect-error: there is no such event
    'checkout.session.compleated': async () => {},
  };
  expectTypeOf(handlers).toExtend<Handlers>();
  expect(Object.keys(handlers)).toHaveLength(2);
});

test('Without a package, every name is a type of event, and the payload is what all have', () => {
  const stripe: Handlers<StripeEvent> = {
    'invoice.paid': ({ payload, occurredAt }) => {
      expectTypeOf(payload.data.object).toEqualTypeOf<Record<string, unknown>>();
      expectTypeOf(occurredAt).toEqualTypeOf<Date | null>();
    },
  };
  const github: Handlers<GithubEvent> = {
    push: async ({ payload }) => expectTypeOf(payload.sender.login).toBeString(),
  };
  expectTypeOf({ stripe, github }).toExtend<ReceiverOptions['handlers']>();
  expect([...Object.keys(stripe), ...Object.keys(github)]).toEqual(['invoice.paid', 'push']);
});

test('A handler may name the payload that it expects', () => {
  const push = async (_event: WebhookEvent<{ ref: string }>) => {};
  const handlers: Handlers = { push };
  expectTypeOf(push).toExtend<Handler>();
  expect(handlers).toHaveProperty('push');
});
