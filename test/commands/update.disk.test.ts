import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, documentOf, type Place, place, ready } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const index = 'src/webhooks/index.ts';

async function withWebhook(): Promise<Place> {
  const host = place(shop);
  const ran = await host.run(['add', 'webhook', '--provider', 'stripe', '--store', 'memory', '--no-install']);
  expect(ran.code, ran.stderr).toBe(0);
  return host;
}

const edit = (host: Place, path: string, change: (text: string) => string): void =>
  host.write(path, change(host.read(path)));

/** Another provider changes the line with the list of providers; so has the user. */
const overlapping = (text: string): string => text.replace('providers: [stripe]', 'providers: [stripe, mine]');

describe('update', () => {
  test('changes nothing where nothing is newer', async () => {
    const host = await withWebhook();
    const before = host.photo();
    const ran = await host.run(['update']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('Nothing to update.');
    expect(host.photo()).toEqual(before);
  });

  test('moves a module to other choices, and its wiring, variables and files with them', async () => {
    const host = await withWebhook();
    const ran = await host.run(['update', 'webhook', '--provider', 'github', '--no-install']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(host.read('.env.example')).toContain('GITHUB_WEBHOOK_SECRET=');
    expect(host.read('.env.example')).not.toContain('STRIPE_WEBHOOK_SECRET=');
    expect(host.read(index)).toContain('providers: [github]');
    expect((await host.run(['check'])).code).toBe(0);
    expect((await host.run(['remove', 'webhook', '--no-install'])).code).toBe(0);
    expect(host.photo()).toEqual(place(shop).photo());
  });

  test('keeps an edit beside what it changes', async () => {
    const host = await withWebhook();
    edit(host, index, (text) => `${text}// Mine.\n`);
    expect((await host.run(['update', 'webhook', '--provider', 'stripe,github', '--no-install'])).code).toBe(0);
    expect(host.read(index)).toMatch(/\/\/ Mine\.\n$/);
    expect(host.read(index)).toContain('providers: [github, stripe]');
  });

  test('leaves markers where both changed a line, ends with 2, and check fails until they are gone', async () => {
    const host = await withWebhook();
    edit(host, index, overlapping);
    const ran = await host.run(['update', 'webhook', '--provider', 'stripe,github', '--no-install']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`Conflict markers to settle: ${index}`);
    expect(host.read(index)).toMatch(/^<{7} /m);
    const { findings } = documentOf(await host.run(['check', '--json']), 'findings');
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'conflict-markers', path: index }));
  });

  test.each([
    { how: 'ours', kept: 'providers: [stripe, mine]' },
    { how: 'theirs', kept: 'providers: [github, stripe]' },
  ])('takes one side with --on-conflict $how', async ({ how, kept }) => {
    const host = await withWebhook();
    edit(host, index, overlapping);
    const ran = await host.run([
      'update',
      'webhook',
      '--provider',
      'stripe,github',
      '--on-conflict',
      how,
      '--no-install',
    ]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(host.read(index)).toContain(kept);
    expect(host.read(index)).not.toContain('<<<<<<<');
  });

  test('changes nothing with --on-conflict fail', async () => {
    const host = await withWebhook();
    edit(host, index, overlapping);
    const before = host.photo();
    const ran = await host.run([
      'update',
      'webhook',
      '--provider',
      'stripe,github',
      '--on-conflict',
      'fail',
      '--no-install',
    ]);
    expect(ran.code).toBe(2);
    expect(host.photo()).toEqual(before);
  });

  test('refuses a module that is not here', async () => {
    const ran = await place(shop).run(['update', 'webhook']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('"webhook" is not in this project');
  });
});
