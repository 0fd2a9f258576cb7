import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveInside } from '../../src/edge/inside.ts';
import { UserError } from '../../src/errors.ts';

let outer = '';
let root = '';

beforeAll(() => {
  outer = realpathSync(mkdtempSync(join(tmpdir(), 'inside-')));
  root = join(outer, 'project');
  for (const folder of [
    'project/src/deep',
    'project/node_modules/x',
    'project/.git/hooks',
    'elsewhere/sub',
    'project-twin',
  ]) {
    mkdirSync(join(outer, folder), { recursive: true });
  }
  for (const file of ['project/src/a.ts', 'elsewhere/secret', 'project/.git/config'])
    writeFileSync(join(outer, file), 'x');
  const links: [string, string][] = [
    ['out', '../elsewhere'],
    ['outfile', '../elsewhere/secret'],
    ['twin', '../project-twin'],
    ['up', '..'],
    ['in', 'src'],
    ['infile', 'src/a.ts'],
    ['self', '.'],
    ['loop', 'loop'],
    ['dangling', 'nowhere/at/all'],
    ['danglingout', '../elsewhere/new'],
    ['modules', 'node_modules'],
    ['hooks', '.git/hooks'],
    ['absolute', join(outer, 'elsewhere')],
    ['src/back', '../out'],
    ['chain', 'src/back'],
  ];
  for (const [name, target] of links) symlinkSync(target, join(root, name));
  symlinkSync(root, join(outer, 'alias'));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

test.each([
  ['src/a.ts', 'src/a.ts'],
  ['new/folder/file.ts', 'new/folder/file.ts'],
  ['in/b.ts', 'src/b.ts'],
  ['infile', 'src/a.ts'],
  ['self/src/x', 'src/x'],
  ['..dots/x', '..dots/x'],
  ['.github/x', '.github/x'],
  ['src/node_modules.ts', 'src/node_modules.ts'],
])('%s is %s below the project', (path, real) => {
  expect(resolveInside(root, path)).toBe(join(root, real));
  expect(resolveInside(join(outer, 'alias'), path)).toBe(join(root, real));
});

test.each([
  '',
  '.',
  '..',
  '../x',
  'src/../../x',
  'src/../a.ts',
  './src',
  'src//a.ts',
  'src/',
  '/etc/passwd',
  'C:/x',
  'c:x',
  '..\\x',
  'src\\a.ts',
  'a\0b',
  'out',
  'out/x',
  'outfile',
  'twin/x',
  'up/x',
  'up/project/src/a.ts/../../../x',
  'loop',
  'loop/x',
  'dangling',
  'danglingout',
  'absolute/x',
  'src/back/x',
  'chain/sub/x',
  'node_modules/x',
  'src/node_modules/y',
  'NODE_MODULES/x',
  '.git/config',
  '.GIT/config',
  '.git',
  '.git./x',
  '.git /x',
  'git~1/x',
  '.g\u200cit/x',
  'modules/y',
  'hooks/pre-commit',
  'src/a.ts/x',
])('%j is refused', (path) => {
  expect(() => resolveInside(root, path)).toThrow(UserError);
});

test('no path at all leads out of the project, whatever it is made of', () => {
  const names = [
    'src',
    'deep',
    'out',
    'up',
    'in',
    'self',
    'loop',
    'back',
    'chain',
    'twin',
    'absolute',
    'infile',
    'project',
    'elsewhere',
    '..',
    '.',
    '',
    '.git',
    'node_modules',
    'modules',
    'hooks',
    'a.ts',
    'new',
    '~',
    'C:',
    '\\',
  ];
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 6 })), {
        maxLength: 7,
      }),
      (parts) => {
        let real: string;
        try {
          real = resolveInside(root, parts.join('/'));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        passed++;
        // What the system itself would open is what was promised, and it lies inside.
        let exists = real;
        while (!existsSync(exists)) exists = dirname(exists);
        expect(realpathSync(exists)).toBe(exists);
        expect(`${real}${sep}`.startsWith(root + sep)).toBe(true);
        expect(real.split(sep)).not.toContain('.git');
        expect(real.split(sep)).not.toContain('node_modules');
      },
    ),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(200);
});
