import { afterAll, beforeAll, expect, test } from 'vitest';
import { clearPlaces, documentOf, place, ready } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const workflow = '.github/workflows/backend-skills.yml';

test('init shows its plan, writes it, finds nothing to do a second time, and is taken back by undo', async () => {
  const host = place(shop);
  host.write('.git/HEAD', 'ref: refs/heads/main\n');
  const before = host.photo();
  const planned = documentOf(await host.run(['init', '--ci', 'github', '--dry-run', '--json']), 'plan');
  expect(planned).toMatchObject({ verb: 'init', applied: false });
  expect(host.photo()).toEqual(before);
  const ran = await host.run(['init', '--ci', 'github']);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain(`Wrote ${workflow}, backend-skills.json.`);
  const again = await host.run(['init', '--ci', 'github']);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('Nothing to write.');
  expect((await host.run(['check'])).code).toBe(0);
  expect((await host.run(['undo'])).code).toBe(0);
  expect(host.photo()).toEqual(before);
});

test('init overwrites no workflow', async () => {
  const host = place({ ...shop, [workflow]: 'name: mine\n' });
  const before = host.photo();
  const ran = await host.run(['init', '--ci', 'github']);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(`${workflow} is here already`);
  expect(host.photo()).toEqual(before);
});

test('init in a package leaves the workflow to the root', async () => {
  const host = place({
    'package.json': '{ "name": "root", "workspaces": ["apps/*"] }\n',
    ...Object.fromEntries(Object.entries(shop).map(([path, text]) => [`apps/api/${path}`, text])),
  });
  const ran = await host.run(['init', '--ci', 'gitlab', '--package', 'shop']);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(`Run it at the root: --cwd ${host.root}`);
  expect((await host.run(['init', '--package', 'shop'])).code).toBe(0);
  expect(host.read('apps/api/backend-skills.json')).toContain('../../node_modules/');
});
