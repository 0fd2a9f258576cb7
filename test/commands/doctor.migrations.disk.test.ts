import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { auditAll } from '../../src/commands/audits.ts';
import { realContext } from '../../src/commands/context.ts';
import { clearPlaces, type Place, place } from './program.ts';

afterAll(clearPlaces);

const migration = (name: string): string =>
  `exports.up = (knex) => knex.raw('CREATE INDEX ${name} ON orders (note)');\nexports.down = (knex) => knex.raw('DROP INDEX ${name}');\n`;

/** A package of a workspace with three migrations, all of them committed. */
async function shop(): Promise<Place> {
  const host = place({
    'package.json': `${JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*'] })}\n`,
    'packages/shop/package.json': `${JSON.stringify({ name: 'shop', dependencies: { knex: '*', pg: '*' } })}\n`,
    'packages/shop/migrations/20240101000000_a.js': migration('a'),
    'packages/shop/migrations/20240301000000_b.js': migration('b'),
    'packages/shop/migrations/20240501000000_c.js': migration('c'),
  });
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com', ...args], { cwd: host.root });
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-q', '-m', 'Open the shop');
  return host;
}

async function told({ root }: Place, changedSince: string | null): Promise<string[]> {
  const context = realContext({ cwd: root, json: true });
  const options = { only: ['mig/index-not-concurrent'], skip: [], strict: false, baseline: true, changedSince };
  const { parts } = await auditAll(options, context);
  return parts
    .flatMap(({ findings }) => findings)
    .filter(({ confidence }) => confidence !== 'hint')
    .map(({ path, severity }) => `${path?.split('/').at(-1)} ${severity}`);
}

test('of migrations that are committed the newest is told of, of those that are not, each', async () => {
  const host = await shop();
  expect(await told(host, null)).toEqual(['20240501000000_c.js warning']);
  host.write('packages/shop/migrations/20240601000000_d.js', migration('d'));
  host.write('packages/shop/migrations/20240701000000_e.js', migration('e'));
  expect(await told(host, null)).toEqual([
    '20240501000000_c.js info',
    '20240601000000_d.js warning',
    '20240701000000_e.js warning',
  ]);
});

test('what was committed since the commit that is compared with can still be mended', async () => {
  const host = await shop();
  await execa('git', ['branch', 'main-line'], { cwd: host.root });
  host.write('packages/shop/migrations/20240601000000_d.js', migration('d'));
  host.write('packages/shop/migrations/20240701000000_e.js', migration('e'));
  await execa('git', ['add', '.'], { cwd: host.root });
  await execa('git', ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com', 'commit', '-q', '-m', 'Add two'], {
    cwd: host.root,
  });
  expect(await told(host, null)).toEqual(['20240701000000_e.js warning']);
  expect(await told(host, 'main-line')).toEqual([
    '20240501000000_c.js info',
    '20240601000000_d.js warning',
    '20240701000000_e.js warning',
  ]);
});
