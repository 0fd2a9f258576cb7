import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stripe } from '../../templates/webhook/core/providers/stripe.ts';
import { createReceiver } from '../../templates/webhook/core/receive.ts';
import type { Claim, DeliveryStore } from '../../templates/webhook/core/store.ts';
import { deliveryOf, nowMs } from './support.ts';

export interface Opened {
  /** Stores over the same data, each through a client of its own where there is one: processes that know nothing of each other. */
  stores: readonly [DeliveryStore, DeliveryStore];
  close(): Promise<unknown>;
}

const hour = 3_600_000;

/** What each store must do, through each client. */
export function storeContract(title: string, open: () => Promise<Opened>): void {
  describe(title, () => {
    let opened: Opened;
    let [a, b]: readonly DeliveryStore[] = [];
    const key = () => `stripe:${randomUUID()}`;

    beforeAll(async () => {
      opened = await open();
      [a, b] = opened.stores;
    });
    afterAll(() => opened.close());

    const stores = (): [DeliveryStore, DeliveryStore] => {
      if (!a || !b) throw new Error('The stores are not open.');
      return [a, b];
    };

    test('gives an event to one claim, and keeps it from others until that ends', async () => {
      const [a, b] = stores();
      const event = key();
      expect(await a.claim(event, 'A', hour)).toBe('claimed');
      expect(await b.claim(event, 'B', hour)).toBe('processing');
      expect(await a.claim(event, 'A', hour)).toBe('processing');
      await a.complete(event, 'A');
      expect(await a.claim(event, 'C', hour)).toBe('done');
      expect(await b.claim(event, 'D', hour)).toBe('done');
    });

    test('gives a failed event to the next claim at once, again and again', async () => {
      const [a, b] = stores();
      const event = key();
      for (let attempt = 0; attempt < 5; attempt += 1) {
        expect(await a.claim(event, `A${attempt}`, hour)).toBe('claimed');
        await a.fail(event, `A${attempt}`);
      }
      expect(await b.claim(event, 'B', hour)).toBe('claimed');
    });

    test('gives an event whose claim ran out to one of 50 that ask for it', async () => {
      const event = key();
      await stores()[0].claim(event, 'crashed', 1);
      await expired(event);
      const claims = await inParallel(50, (n) => stores()[n % 2 ? 1 : 0].claim(event, `N${n}`, hour));
      expect(claims.filter((claim) => claim !== 'processing')).toEqual(['claimed']);
    });

    test('gives a new event to one of 50 that ask for it at the same time', async () => {
      const event = key();
      const claims = await inParallel(50, (n) => stores()[n % 2 ? 1 : 0].claim(event, `N${n}`, hour));
      expect(claims.filter((claim) => claim !== 'processing')).toEqual(['claimed']);
    });

    test('never gives a handled event again, however short its claim was', async () => {
      const [a, b] = stores();
      const event = key();
      await a.claim(event, 'A', 1);
      await a.complete(event, 'A');
      await expired(event);
      await a.fail(event, 'A');
      await b.fail(event, 'B');
      expect(await b.claim(event, 'B', hour)).toBe('done');
    });

    test('does not let a claim that was taken over end the one that took over', async () => {
      const [a, b] = stores();
      const event = key();
      await a.claim(event, 'late', 1);
      await takeOver(b, event, 'B');
      await a.complete(event, 'late');
      expect(await a.claim(event, 'C', hour)).toBe('processing');
      await a.fail(event, 'late');
      expect(await a.claim(event, 'C', hour)).toBe('processing');
      await b.complete(event, 'B');
      expect(await a.claim(event, 'C', hour)).toBe('done');
    });

    test('lets a claim that ran out complete while nobody has taken over', async () => {
      const [a, b] = stores();
      const event = key();
      await a.claim(event, 'late', 1);
      await expired(event);
      await a.complete(event, 'late');
      expect(await b.claim(event, 'B', hour)).toBe('done');
    });

    test('keeps events apart, whatever their names', async () => {
      const [a, b] = stores();
      const id = randomUUID();
      for (const event of [
        `a:${id}`,
        `b:${id}`,
        `a:${id} `,
        `A:${id}`,
        `a:${id}'); drop table webhook_deliveries; --`,
      ]) {
        expect(await a.claim(event, 'A', hour)).toBe('claimed');
        await b.complete(event, 'A');
        expect(await b.claim(event, 'B', hour)).toBe('done');
      }
      expect(await a.claim(`a:${id}${'x'.repeat(255)}`, 'A', hour)).toBe('claimed');
    });

    test('ends nothing that was not claimed', async () => {
      const [a] = stores();
      const event = key();
      await a.fail(event, 'A');
      expect(await a.claim(event, 'A', hour)).toBe('claimed');
    });

    test('lets 50 simultaneous deliveries of one event be handled once', async () => {
      const { receive, handled } = receivers(stores(), () => new Promise((resolve) => setTimeout(resolve, 20)));
      const event = randomUUID();
      const replies = await inParallel(50, (n) => receive(event, n));
      expect(handled).toEqual([event]);
      const outcomes = replies.map(({ status, body }) => `${status} ${body}`);
      expect(outcomes.filter((text) => text === '200 {"outcome":"handled"}')).toHaveLength(1);
      expect(new Set(outcomes.map((text) => text.slice(0, 3)))).toEqual(new Set(['200', '409']));
      expect(await receive(event, 0)).toMatchObject({ status: 200, body: '{"outcome":"duplicate"}' });
    });

    test('lets an event be handled whose first handler never came back', async () => {
      const hung = receivers(stores(), () => new Promise(() => {}), 1);
      const { receive, handled } = receivers(stores(), async () => {});
      const event = randomUUID();
      void hung.receive(event, 0);
      await expect.poll(() => hung.handled).toEqual([event]);
      await expect.poll(async () => (await receive(event, 1)).body).toBe('{"outcome":"handled"}');
      expect(handled).toEqual([event]);
      expect(await receive(event, 0)).toMatchObject({ status: 200, body: '{"outcome":"duplicate"}' });
    });

    /** Waits until a claim of one millisecond has run out, by another of the same length. */
    const expired = async (event: string): Promise<void> => {
      const probe = `${event}:probe`;
      await stores()[0].claim(probe, 'P', 1);
      await takeOver(stores()[0], probe, 'Q');
    };
  });
}

async function takeOver(store: DeliveryStore, event: string, token: string): Promise<void> {
  await expect.poll((): Promise<Claim> => store.claim(event, token, hour), { interval: 5 }).toBe('claimed');
}

const inParallel = <T>(times: number, run: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => run(n)));

/** Two receivers, as two processes would have them, and what their handlers got. */
function receivers(stores: readonly DeliveryStore[], handle: () => Promise<void>, leaseMs = hour) {
  const secret = 'whsec_x';
  const handled: string[] = [];
  const [first, second = first] = stores.map((store) =>
    createReceiver({
      providers: [stripe],
      handlers: {
        stripe: {
          a: async (event) => {
            handled.push(event.id);
            await handle();
          },
        },
      },
      store,
      env: { STRIPE_WEBHOOK_SECRET: secret },
      log: ({ error }) => {
        if (error) throw error;
      },
      now: () => nowMs,
      leaseMs,
    }),
  );
  if (!first || !second) throw new Error('There is no store.');
  const receive = (id: string, n: number) => {
    const body = JSON.stringify({ id, type: 'a' });
    const headers = stripe.sign(body, secret, nowMs, { id, type: 'a' });
    return (n % 2 ? second : first).receive(deliveryOf(stripe, headers, body));
  };
  return { receive, handled };
}
