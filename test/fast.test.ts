import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = import.meta.dirname;

/** As in vitest.config.ts: these run each in a process of its own, or with servers. */
const heavy = /^(?:services|edge|update)\/|\.(?:server|host|disk|e2e|long)\.test\.ts$/;

const fast = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.test.ts') && !heavy.test(path) && !/^(?:released|hosts\/sets)\//.test(path));

/** What a fast test must not do, since the files after it run in the same process with the same modules. */
const lasting: readonly [what: string, pattern: RegExp][] = [
  ['mocks a module', /\bvi\.(?:mock|doMock|hoisted|resetModules)\(/],
  ['changes the environment', /\bprocess\.env(?:\.\w+|\[[^\]]+\])\s*(?:\?\?|\|\|)?=(?!=)|\bdelete process\.env/],
  ['changes the process', /\bprocess\.(?:chdir|umask|setuid|exit)\(|\bprocess\.(?:exitCode|title)\s*=(?!=)/],
  ['changes what every object has', /\b(?:Object|Array|String|Function|Map|Set|Promise|Date)\.prototype\.\w+\s*=(?!=)/],
  ['changes a global', /\b(?:globalThis|global)(?:\.\w+|\[[^\]]+\])\s*=(?!=)|\b(?:Date\.now|Math\.random)\s*=(?!=)/],
];

/** Code without what its strings, templates and comments say. */
const code = (text: string): string =>
  text.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/.*/g, "''");

/** A test and what it imports of test/, by their paths. */
function closure(path: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(path) || !existsSync(path)) return seen;
  const text = readFileSync(path, 'utf8');
  seen.set(path, code(text));
  for (const [, from = ''] of text.matchAll(/^(?:import|export) [^'";]*from '(\.[^']+\.ts)';/gm)) {
    const target = resolve(dirname(path), from);
    if (target.startsWith(folder)) closure(target, seen);
  }
  return seen;
}

describe('a fast test leaves the process as it was, for the files that share it', () => {
  const files = new Map(fast.flatMap((path) => [...closure(join(folder, path))]));

  test.each(lasting)('none %s', (_what, pattern) => {
    expect(files.size).toBeGreaterThan(fast.length);
    expect([...files].filter(([, text]) => pattern.test(text)).map(([path]) => path)).toEqual([]);
  });

  test.each([
    ['mocks a module', "vi.mock('node:fs')"],
    ['changes the environment', "process.env.HOME = '/x'"],
    ['changes the environment', 'process.env[name] ??= one'],
    ['changes the process', 'process.chdir(folder)'],
    ['changes what every object has', 'Array.prototype.at = at'],
    ['changes a global', 'globalThis.fetch = fake'],
    ['changes a global', 'Date.now = () => 0'],
  ])('%s: `%s` would be seen', (what, text) => {
    expect(lasting.find(([name]) => name === what)?.[1].test(code(text))).toBe(true);
  });

  test('what the projects leave apart is left apart here', () => {
    const config = readFileSync(join(folder, '../vitest.config.ts'), 'utf8');
    expect(config).toContain("'test/**/*.{server,host,disk,e2e,long}.test.ts'");
    expect(config.match(/'test\/\w+\/\*\*\/\*\.test\.ts'/g)).toEqual(
      ['services', 'edge', 'update'].map((name) => `'test/${name}/**/*.test.ts'`),
    );
  });
});
