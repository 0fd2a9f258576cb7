import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeCheck } from './check.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';
import { planWebhookBeside } from './webhook.ts';

const stripe = fileURLToPath(new URL('../../node_modules/stripe', import.meta.url));

/** What a handler of one type of event may say of its payload, and what it may not. */
const uses = (imported: string, expression: string): string => `import type Stripe from 'stripe';
import type { Handlers } from '${imported}';

export const handlers: Handlers<Stripe.Event> = {
  'invoice.paid': ({ payload }) => console.info(payload.data.object.${expression}),
};
`;

describe.each([
  { name: 'express5-ts-esm', handlers: 'src/webhooks/handlers/stripe.ts' },
  { name: 'nest11-ts-cjs', handlers: 'src/webhooks/handlers/stripe.ts' },
])("stripe's own types on $name", ({ name, handlers }) => {
  const planned = planWebhookBeside(name, 'stripe', { provider: ['stripe'] });
  const extension = name.includes('esm') ? '.js' : '';
  let host: Host;
  beforeAll(async () => {
    host = await prepareHost(fixture(name));
    mkdirSync(join(host.folder, 'node_modules'), { recursive: true });
    symlinkSync(stripe, join(host.folder, 'node_modules/stripe'), 'junction');
    host.write(planned.changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const])));
  });
  afterAll(() => host.drop());

  test('are those of the handlers where the project has the package, unasked', () => {
    expect(planned.choices['stripe-types']).toBe(true);
    const text = planned.changes.find(({ path }) => path === handlers)?.after;
    expect(text).toContain("import type Stripe from 'stripe';");
    expect(text).toContain('Handlers<Stripe.Event>');
  });

  test('pass the strictest type check, and know the object of each type of event', async () => {
    const at = 'src/webhooks/handlers/tried';
    const imported = `../core/events${extension}`;
    host.write([
      [`${at}-right.ts`, uses(imported, 'amount_paid.toFixed()')],
      [`${at}-wrong.ts`, uses(imported, 'not_there')],
    ]);
    const files = planned.files.filter((path) => path.endsWith('.ts'));
    expect(await typeCheck(host, [...files, `${at}-right.ts`])).toEqual({ ok: true, output: '' });
    const { ok, output } = await typeCheck(host, [`${at}-wrong.ts`]);
    expect([ok, output]).toEqual([
      false,
      expect.stringContaining("Property 'not_there' does not exist on type 'Invoice'"),
    ]);
  });
});
