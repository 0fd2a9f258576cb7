import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture } from '../hosts/fixtures.ts';
import { installPacked, type Packed } from './packed.ts';

const repository = resolve(import.meta.dirname, '../..');

let packed: Packed;
beforeAll(async () => {
  packed = await installPacked();
});
afterAll(() => packed?.drop());

describe('the tarball', () => {
  test('holds the program, its templates and what npm always adds, and nothing else', () => {
    const paths = packed.contents.files.map(({ path }) => path);
    const folders = new Set(paths.map((path) => (path.includes('/') ? `${path.split('/')[0]}/` : path)));
    expect([...folders].sort()).toEqual(['LICENSE', 'README.md', 'bin/', 'dist/', 'package.json', 'templates/']);
    expect(paths.filter((path) => path.startsWith('bin/'))).toEqual(['bin/backend-skills.js']);
    expect(
      paths.filter(
        (path) =>
          path.startsWith('dist/') && !/\.c?js$|^dist\/hosts\.json$|^dist\/schemas\/[a-z-]+\.schema\.json$/.test(path),
      ),
    ).toEqual([]);
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  test('holds every file of every skill', () => {
    const paths = new Set(packed.contents.files.map(({ path }) => path));
    const skill = join(repository, 'templates/webhook');
    const files = readdirSync(skill, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const missing = files
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(repository.length + 1)
          .replaceAll('\\', '/'),
      )
      .filter((path) => !paths.has(path));
    expect(files.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });
});

describe('the installed package', () => {
  test('is small: at most 25 MB in at most 10 packages', () => {
    const root = join(packed.folder, 'node_modules');
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(25 * 1024 * 1024);
    expect(packages()).toContain('node_modules/backend-skills');
    expect(packages().length).toBeLessThanOrEqual(10);
  });

  test('runs nothing while it is installed, and suits every Node that it says it does', () => {
    expect(packed.installed).not.toMatch(/EBADENGINE|install-scripts/);
    const scripts = packages().flatMap((path) => Object.keys(manifestAt(path).scripts ?? {}));
    expect(scripts.filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
  });

  test('tells its version, its catalogue and a skill', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
    expect(await packed.run(['--version'])).toEqual({ code: 0, stdout: version, stderr: '' });
    const list = await packed.run(['list']);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toContain('webhook');
    const info = await packed.run(['info', 'webhook']);
    expect(info).toMatchObject({ code: 0, stderr: '' });
    expect(info.stdout).toContain('STRIPE_WEBHOOK_SECRET');
  });

  test('detects and plans the same where the native parser has no binary for the platform', async () => {
    const hosts = ['express5-ts-esm', 'nest12-ts-esm', 'next16-app-ts', 'fastify4-js-cjs'].map(fixture);
    const runs = hosts.flatMap(({ root }) => [
      ['detect', '--json', '--cwd', root],
      ['add', 'webhook', '--dry-run', '--json', '--cwd', root],
    ]);
    const answers = async () => {
      const given = [];
      for (const args of runs) given.push(await packed.run(args));
      return given;
    };
    const native = await answers();
    expect(native.map(({ code }) => code)).toEqual(runs.map(() => 0));
    rmSync(join(packed.folder, 'node_modules/@oxc-parser'), { recursive: true });
    expect((await answers()).map(stampless)).toEqual(native.map(stampless));
  });
});

/** Plans carry the time at which they were made, and their lock a hash over it. */
const stampless = (run: { stdout: string }) => ({
  ...run,
  stdout: run.stdout.replaceAll(/\b20\d{12}\b/g, '').replaceAll(/(integrity\W+)[0-9a-f]{64}/g, '$1'),
});

interface Manifest {
  scripts?: Record<string, string>;
}

/** Every installed package, by its place. */
const packages = (): string[] => {
  const text = readFileSync(join(packed.folder, 'package-lock.json'), 'utf8');
  const { packages: listed } = JSON.parse(text) as { packages: Record<string, { optional?: boolean }> };
  return Object.keys(listed).filter((path) => path !== '' && isThere(path));
};

const isThere = (path: string): boolean => statSync(join(packed.folder, path), { throwIfNoEntry: false }) !== undefined;

const manifestAt = (path: string): Manifest =>
  JSON.parse(readFileSync(join(packed.folder, path, 'package.json'), 'utf8')) as Manifest;
