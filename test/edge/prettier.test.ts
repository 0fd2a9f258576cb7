import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realFiles } from '../../src/edge/files.ts';
import { formatTexts } from '../../src/edge/format.ts';
import { photo } from './faults.ts';
import { folderWith } from './processes.ts';

const folders: string[] = [];
const folder = (contents: Readonly<Record<string, string>>): string => {
  const root = folderWith(contents);
  folders.push(root);
  return root;
};
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

const installed = (major: 2 | 3): string => join(tmpdir(), `backend-skills-test-prettier-${major}`, 'node_modules');

beforeAll(() => {
  for (const major of [2, 3] as const) {
    if (existsSync(join(installed(major), 'prettier/package.json'))) continue;
    const fresh = folder({ 'package.json': '{}' });
    execFileSync('npm', ['install', `prettier@${major}`, '--no-audit', '--no-fund', '--prefix', fresh], {
      stdio: 'ignore',
    });
    renameSync(fresh, join(tmpdir(), `backend-skills-test-prettier-${major}`));
  }
}, 120_000);

const plugin = `module.exports = {
  languages: [{ name: 'shout', parsers: ['shout'], extensions: ['.shout'] }],
  parsers: { shout: { parse: (text) => ({ text }), astFormat: 'shout', locStart: () => 0, locEnd: (node) => node.text.length } },
  printers: { shout: { print: (path) => path.getValue().text.toUpperCase() } },
};
`;

const setUp = {
  'package.json': '{}',
  '.prettierrc': JSON.stringify({
    semi: false,
    plugins: ['./tools/plugin.cjs', 'prettier-plugin-quiet'],
    overrides: [{ files: 'src/old/**', options: { semi: true, singleQuote: true } }],
  }),
  '.editorconfig': '[*]\nindent_style = space\nindent_size = 8\n',
  '.prettierignore': 'gen/\n',
  '.gitignore': 'out/\n',
  'odd/.prettierrc': '{ "semi": "perhaps" }',
  'nested/.prettierrc.json': '{ "tabWidth": 3 }',
  'tools/plugin.cjs': plugin,
};

// What it prints is no part of a formatted text.
const talking = { ...setUp, 'tools/plugin.cjs': `${plugin}console.log('a plugin that talks');\n` };

/** A host whose prettier can be loaded, or of which there is only the program. */
function hostOf(major: 2 | 3, loadable: boolean, contents: Readonly<Record<string, string>> = setUp): string {
  const root = folder({
    ...contents,
    'node_modules/prettier-plugin-quiet/index.js': plugin.replaceAll('shout', 'quiet'),
  });
  if (loadable) symlinkSync(join(installed(major), 'prettier'), join(root, 'node_modules/prettier'));
  symlinkSync(join(installed(major), '.bin'), join(root, 'node_modules/.bin'));
  return root;
}

/** What is in a host, but for its packages, which are links. */
const seen = (root: string): Record<string, string> =>
  photo(
    { ...realFiles, readdirSync: (path) => realFiles.readdirSync(path).filter((name) => name !== 'node_modules') },
    root,
  );

const ugly = 'export const  a = {b:"c"}\nif (a) { a.b\n}\n';
const files = Object.entries({
  'src/a.ts': ugly,
  'src/old/a.ts': ugly,
  'gen/a.ts': ugly,
  'out/a.ts': ugly,
  'node_modules/x/a.ts': ugly,
  'nested/deep/a.ts': ugly,
  'src/broken.ts': 'const = (',
  'src/a.sql': 'select  1',
  'src/a.shout': 'loud',
  'src/a.quiet': 'still',
  'src/blank.ts': '\n \n',
  'src/line.ts': "const a = 'ü\u2028😀'\r\n",
}).map(([path, text]) => ({ path, text }));

describe.each([2, 3] as const)('prettier %s', (major) => {
  test('in one process gives what it gives with a process for each file', async () => {
    const [one, each] = [hostOf(major, true), hostOf(major, false)];
    const shown = seen(one);
    const [together, apart] = [await formatTexts('prettier', one, files), await formatTexts('prettier', each, files)];
    expect(together.texts).toEqual(apart.texts);
    expect(together.note?.replaceAll(one, '')).toBe(apart.note?.replaceAll(each, ''));
    expect(seen(one)).toEqual(shown);
  }, 60_000);

  test('follows ignore files, overrides and plugins, and one failure loses no other text', async () => {
    const { texts, note } = await formatTexts('prettier', hostOf(major, true, talking), files);
    const ignored = ['gen/a.ts', 'node_modules/x/a.ts', ...(major === 3 ? ['out/a.ts'] : [])];
    expect(files.filter(({ path, text }) => text === ugly && texts.get(path) === ugly).map(({ path }) => path)).toEqual(
      files.map(({ path }) => path).filter((path) => ignored.includes(path)),
    );
    expect(texts.get('src/a.ts')).toBe('export const a = { b: "c" }\nif (a) {\n        a.b\n}\n');
    expect(texts.get('src/old/a.ts')).toBe("export const a = { b: 'c' };\nif (a) {\n        a.b;\n}\n");
    expect([texts.get('src/a.shout'), texts.get('src/a.quiet')]).toEqual(['LOUD', 'STILL']);
    expect(texts.get('src/broken.ts')).toBe('const = (');
    expect(note).toMatch(
      /^prettier could not format src\/a\.sql \(.*No parser.*\), src\/broken\.ts \(\[error\] src\/broken\.ts: SyntaxError: .*\)\.$/,
    );
  });

  test('names the file whose configuration is wrong, and formats the others', async () => {
    const { texts, note } = await formatTexts('prettier', hostOf(major, true), [
      { path: 'odd/a.ts', text: ugly },
      { path: 'src/a.mjs', text: ugly },
    ]);
    expect(texts.get('odd/a.ts')).toBe(ugly);
    expect(texts.get('src/a.mjs')).toContain('export const a');
    expect(note).toMatch(/^prettier could not format odd\/a\.ts \(.*\)\.$/);
  });
});

test('a prettier that ends before it has answered is asked file by file', async () => {
  const root = folder({
    'package.json': '{}',
    'node_modules/prettier/package.json': '{ "name": "prettier", "main": "x.js" }',
    'node_modules/prettier/x.js': 'process.exit(0);\n',
    'node_modules/.bin/prettier': `#!${process.execPath}\nprocess.stdin.on('data', (text) => process.stdout.write(process.argv[3] + '|' + text));\n`,
  });
  chmodSync(join(root, 'node_modules/.bin/prettier'), 0o755);
  const { texts, note } = await formatTexts('prettier', root, [{ path: 'a.ts', text: 'x' }]);
  expect([texts.get('a.ts'), note]).toEqual(['a.ts|x', null]);
});

test('the files of a run are formatted by one process', async () => {
  const root = hostOf(3, true);
  const bin = folder({ node: `#!/bin/sh\necho started >> "${root}/starts"\nexec "${process.execPath}" "$@"\n` });
  chmodSync(join(bin, 'node'), 0o755);
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}${delimiter}${before}`;
  try {
    await formatTexts('prettier', root, files);
  } finally {
    process.env['PATH'] = before;
  }
  expect(String(realFiles.readFileSync(join(root, 'starts')))).toBe('started\n');
});
