import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { basename, dirname, isSafePath, joinPath, normalise, relativePath } from '../../src/text/path.ts';

const segments = fc.array(fc.constantFrom('a', 'b', 'src', '.', '..', '', 'x.ts', '…'), { maxLength: 6 });
const asOurs = (path: string): string => path.replace(/^\.?\/?$|\/$/, '');

test('normalises and joins as POSIX does, but for the root, which is the empty path', () => {
  fc.assert(
    fc.property(segments, segments, (one, two) => {
      const [a, b] = [`a/${one.join('/')}`, two.join('/')];
      expect(normalise(a)).toBe(asOurs(posix.normalize(a)));
      expect(joinPath(a, b)).toBe(asOurs(posix.join(a, b)));
    }),
  );
});

test('finds the way from a folder to a path', () => {
  const plain = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(plain, plain, (from, to) => {
      expect(relativePath(from, to)).toBe(posix.relative(`/${from}`, `/${to}`));
      expect(joinPath(from, relativePath(from, to))).toBe(to);
    }),
  );
});

test.each([
  ['src/a/b.ts', 'src/a', 'b.ts'],
  ['b.ts', '', 'b.ts'],
  ['', '', ''],
])('splits %j into its folder and its name', (path, folder, name) => {
  expect([dirname(path), basename(path)]).toEqual([folder, name]);
});

test.each([
  'a',
  'src/webhooks/index.ts',
  '.env.example',
  '.github/workflows/ci.yml',
  '.gitignore',
  'app/[...slug]/(group)/@modal/route.ts',
  'über/日本.ts',
  'a b/c.ts',
  '.backend-skills/lock.json',
  'src/con-fig.ts',
  'console.ts',
  'nullable.ts',
  'com10.ts',
  'node_modules.md',
  'a..b.ts',
  '$x.ts',
  'lib/~tilde.ts',
])('%j is safe', (path) => {
  expect(isSafePath(path)).toBe(true);
});

test.each([
  '',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/..',
  'a/./b',
  './a',
  '/a',
  'a//b',
  'a/',
  '//server/share',
  'a\\b',
  '..\\a',
  'C:/a',
  'c:a',
  'a:stream',
  'a\0b',
  'a\nb',
  'a\u007f',
  '.git/config',
  '.GIT/config',
  'a/.Git/hooks/x',
  '.git',
  'git~1/config',
  'node_modules/x',
  'a/NODE_MODULES/x',
  '.git./config',
  '.git /config',
  'a./b',
  'a /b',
  'a.',
  '...',
  'a/.../b',
  'con',
  'CON',
  'con.ts',
  'a/nul',
  'NUL.txt',
  'com1',
  'Lpt9.log',
  'aux',
  'prn.ts',
  'com¹',
  'conin$',
  'con .ts',
  '.g\u200cit/config',
  '\u202egit',
  '\ufeffa',
  'e\u0301.ts',
  '\uff0egit/config',
  '\uff0e\uff0e/x',
  'a\uff0fb/\uff0e\uff0e',
  '\ud800',
  'a<b',
  'a>b',
  'a|b',
  'a?b',
  'a*b',
  'a"b',
])('%j is not safe', (path) => {
  expect(isSafePath(path)).toBe(false);
});

test('what is safe stays inside the project, however it is read', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '.',
      '..',
      '.git',
      '.GIT',
      'node_modules',
      '\\',
      '/',
      'C:',
      '\0',
      ' ',
      'aux',
      '~1',
      'ⅽon',
      '．',
      '\u0301',
      'é',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  let safe = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.constantFrom('', '/'), (parts, glue) => {
      const path = parts.join(glue);
      if (!isSafePath(path)) return;
      safe++;
      for (const form of [path, path.normalize('NFKC'), path.normalize('NFD')]) {
        expect(posix.resolve('/project', form).startsWith('/project/')).toBe(true);
        const names = form.toLowerCase().split('/');
        expect(names.some((name) => ['', '.', '..', '.git', 'node_modules', 'aux', 'con'].includes(name))).toBe(false);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what this checks
        expect(form).not.toMatch(/[\\:\u0000]/);
      }
      expect(normalise(path)).toBe(path);
    }),
    { numRuns: 500 },
  );
  expect(safe).toBeGreaterThan(30);
});
