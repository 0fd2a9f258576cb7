import assert from 'node:assert/strict';
import { test } from 'vitest';
import { memoryStore } from '../core/memory-store.js';
import type { Provider } from '../core/types.js';
import { advancedReceiver, gitea, partner, type Subscription } from './advanced-example.js';

const secret = 'only for these tests';

/** The receiver with what it writes to, and a way to send it signed events. */
function setUp() {
  const jobs = new Map<string, unknown>();
  const subscriptions = new Map<string, Subscription>();
  const queue = { add: async (_name: string, data: unknown, { jobId }: { jobId: string }) => jobs.set(jobId, data) };
  const env = { [gitea.secretVariable]: secret, [partner.secretVariable]: secret };
  const receiver = advancedReceiver(queue, subscriptions, memoryStore(), env);

  async function send(provider: Provider, payload: object, event: { id: string; type: string }, signWith = secret) {
    const body = JSON.stringify(payload);
    const headers = provider.sign(body, signWith, Date.now(), event);
    const delivery = { provider: provider.name, header: (name: string) => headers[name], body: Buffer.from(body) };
    return (await receiver.receive(delivery)).status;
  }

  return { jobs, subscriptions, send };
}

const changed = (id: string, type: string, status: string, occurred_at: string) => ({
  event_id: id,
  event_type: type,
  occurred_at,
  data: { id: 'sub_1', status },
});

test('a push becomes one job, however often it is delivered', async () => {
  const { jobs, send } = setUp();
  const event = { id: 'b54557e4', type: 'push' };
  assert.equal(await send(gitea, { id: 1 }, event), 200);
  assert.equal(await send(gitea, { id: 1 }, event), 200);
  assert.deepEqual([...jobs.keys()], ['gitea-b54557e4']);
});

test('an update that comes before the creation is not undone by it', async () => {
  const { subscriptions, send } = setUp();
  const updated = changed('e2', 'subscription.updated', 'past_due', '2026-01-02T00:00:00Z');
  const created = changed('e1', 'subscription.created', 'active', '2026-01-01T00:00:00Z');
  assert.equal(await send(partner, updated, { id: 'e2', type: 'subscription.updated' }), 200);
  assert.equal(await send(partner, created, { id: 'e1', type: 'subscription.created' }), 200);
  assert.equal(subscriptions.get('sub_1')?.status, 'past_due');
});

test('an event signed with another secret changes nothing', async () => {
  const { subscriptions, send } = setUp();
  const created = changed('e1', 'subscription.created', 'active', '2026-01-01T00:00:00Z');
  assert.equal(await send(partner, created, { id: 'e1', type: 'subscription.created' }, 'another secret'), 401);
  assert.equal(subscriptions.size, 0);
});
