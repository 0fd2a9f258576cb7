import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeCheck } from './check.ts';
import { fixture } from './fixtures.ts';
import { type Host, prepareHost } from './prepare.ts';
import { describeChoices, describeLimits } from './rate-limit-hosts.ts';
import { add, echo, projectCalled, textsOf, withBooted } from './rate-limit-support.ts';

describeChoices(['hono-workers-ts']);
describeLimits(['hono-workers-ts']);

describe('rate-limit on hono-workers-ts with the binding of Cloudflare', () => {
  let host: Host;
  const project = projectCalled('hono-workers-ts');
  const { plan } = add('rate-limit', project, { store: 'binding', 'per-minute': '5' });
  const binding = /"ratelimits": .*/.exec(plan.next.join('\n'))?.[0];
  beforeAll(async () => {
    host = await prepareHost(fixture('hono-workers-ts'));
    const config = project.tree.read('wrangler.jsonc') ?? '';
    host.write([...textsOf(plan.changes), ['wrangler.jsonc', config.replace(/\n\}\s*$/, `,\n  ${binding}\n}\n`)]]);
  });
  afterAll(() => host.drop());

  test('five requests pass, and those after them wait for the next minute', async () => {
    expect(await typeCheck(host)).toEqual({ ok: true, output: '' });
    await withBooted(host, {}, async (url) => {
      const answers: Response[] = [];
      // Where a minute ends meanwhile, there are five more.
      for (let at = 0; at < 11; at += 1) answers.push(await fetch(`${url}${host.fixture.echo}`, echo));
      const [first, refused] = [answers[0], answers.find(({ status }) => status === 429)];
      expect(answers.slice(0, 5).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(first?.headers.get('ratelimit-policy')).toBe('"address";q=5;w=60');
      expect(first?.headers.get('ratelimit')).toBeNull();
      expect(refused?.headers.get('retry-after')).toBe('60');
      expect(await refused?.json()).toMatchObject({ status: 429, 'violated-policies': ['address'] });
    });
  });
});
