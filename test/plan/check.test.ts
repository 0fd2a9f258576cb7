import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { cost } from '../../src/patch/source.ts';
import { check } from '../../src/plan/check.ts';
import { fixtures } from '../fixtures.ts';
import { surroundings, treeOf } from '../tree.ts';
import { added, edited, ping, shop, type Texts, without } from './project.ts';

const look = (files: Texts, ids: readonly string[] = [], newest: Record<string, string> = {}): Promise<Finding[]> =>
  check({ tree: treeOf(files), surroundings: surroundings() }, ids, newest);

const withClient = { ...ping, client: true };
const nest = added(fixtures.find(({ name }) => name === 'nest11-ts-cjs')?.files ?? {});
const manual = added({ ...shop, 'src/server.ts': 'export {};\n' });
const lock = '.backend-skills/lock.json';

interface Case {
  name: string;
  files: Texts;
  finds: { rule: string; severity: string; path: string | null; message: RegExp }[];
}

describe('check', () => {
  test.each([
    ['nothing in a project without modules', shop],
    ['nothing right after an add', added()],
    ['nothing after an add with a dependency that is not installed yet', added(shop, withClient)],
    [
      'nothing where a formatter has wrapped our line',
      edited(added(), 'src/server.ts', (text) =>
        text.replace("app.use('/ping', ping)", "app.use(\n  '/ping',\n  ping,\n)"),
      ),
    ],
    [
      'nothing where the host’s own lines have changed',
      edited(added(), 'src/server.ts', (text) => text.replace('3000', '3001')),
    ],
    [
      'nothing in a file that is the user’s from the start',
      edited(added(), 'src/ping/greetings/short.ts', () => '// mine\n'),
    ],
  ])('finds %s', async (_, files) => {
    expect(await look(files)).toEqual([]);
  });

  test.each<Case>([
    {
      name: 'what an interrupted run has left',
      files: { ...added(), '.backend-skills/journal/journal.json': '{}' },
      finds: [{ rule: 'interrupted-run', severity: 'error', path: '.backend-skills', message: /was interrupted here/ }],
    },
    {
      name: 'a missing file',
      files: without(added(), 'src/ping/pong.ts'),
      finds: [
        { rule: 'file-missing', severity: 'error', path: 'src/ping/pong.ts', message: /^ping: the file is gone/ },
      ],
    },
    {
      name: 'an edited file',
      files: edited(added(), 'src/ping/pong.ts', (text) => `${text}// mine\n`),
      finds: [{ rule: 'file-edited', severity: 'info', path: 'src/ping/pong.ts', message: /edited since/ }],
    },
    {
      name: 'a merge that was left unfinished',
      files: edited(added(), 'src/ping/pong.ts', (text) => `<<<<<<< yours\n${text}=======\n${text}>>>>>>> ours\n`),
      finds: [{ rule: 'conflict-markers', severity: 'error', path: 'src/ping/pong.ts', message: /unfinished/ }],
    },
    {
      name: 'an import that is gone',
      files: edited(added(), 'src/server.ts', (text) => text.replace("import { ping } from './ping/index.js';\n", '')),
      finds: [{ rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /import \{ ping \}.* is gone/ }],
    },
    {
      name: 'a statement that is gone',
      files: edited(added(), 'src/server.ts', (text) => text.replace("app.use('/ping', ping);\n", '')),
      finds: [
        { rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /app\.use\('\/ping', ping\).* is gone/ },
      ],
    },
    {
      name: 'a statement that is a comment now',
      files: edited(added(), 'src/server.ts', (text) =>
        text.replace("app.use('/ping', ping);", "// app.use('/ping', ping);"),
      ),
      finds: [{ rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /is gone/ }],
    },
    {
      name: 'a host file that is gone',
      files: without(added(), 'src/server.ts'),
      finds: [
        { rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /import/ },
        { rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /app\.use/ },
      ],
    },
    {
      name: 'a host file that does not parse',
      files: edited(added(), 'src/server.ts', () => 'if (\n'),
      finds: [
        { rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /import/ },
        { rule: 'unwired', severity: 'error', path: 'src/server.ts', message: /app\.use/ },
      ],
    },
    {
      name: 'a module that Nest no longer imports',
      files: edited(nest, 'src/app.module.ts', (text) => text.replace(/,?\s*PingModule(?=\s*\])|PingModule,\s*/, '')),
      finds: [{ rule: 'unwired', severity: 'error', path: 'src/app.module.ts', message: /PingModule/ }],
    },
    {
      name: 'a dependency that is not declared any more',
      files: edited(added(shop, withClient), 'package.json', (text) => text.replace(/,\s*"ioredis": "[^"]*"/, '')),
      finds: [
        {
          rule: 'dependency-missing',
          severity: 'error',
          path: 'package.json',
          message: /imports ioredis, which package\.json does not declare/,
        },
      ],
    },
    {
      name: 'a dependency that is declared out of range',
      files: edited(added(shop, withClient), 'package.json', (text) =>
        text.replace(/"ioredis": "[^"]*"/, '"ioredis": "^4.0.0"'),
      ),
      finds: [
        {
          rule: 'dependency-out-of-range',
          severity: 'error',
          path: 'package.json',
          message: /needs ioredis .*; package\.json declares \^4\.0\.0/,
        },
      ],
    },
    {
      name: 'a dependency whose range was changed and still fits, as information',
      files: edited(added(shop, withClient), 'package.json', (text) =>
        text.replace(/"ioredis": "\^([^"]*)"/, '"ioredis": "$1"'),
      ),
      finds: [{ rule: 'dependency-changed', severity: 'info', path: 'package.json', message: /declared as \d/ }],
    },
    {
      name: 'a dependency that is installed out of range',
      files: { ...added(shop, withClient), 'node_modules/ioredis/package.json': '{ "version": "4.28.5" }' },
      finds: [
        {
          rule: 'dependency-out-of-range',
          severity: 'error',
          path: 'package.json',
          message: /needs ioredis .*; 4\.28\.5 is installed/,
        },
      ],
    },
    {
      name: 'a script that is gone',
      files: edited(added(), 'package.json', (text) => text.replace(/,\s*"scripts": \{[^}]*\}/, '')),
      finds: [{ rule: 'unwired', severity: 'error', path: 'package.json', message: /"ping"/ }],
    },
    {
      name: 'a variable that is not documented any more',
      files: edited(added(), '.env.example', () => ''),
      finds: [
        {
          rule: 'variable-undocumented',
          severity: 'error',
          path: '.env.example',
          message: /ping reads PING_GREETING, which \.env\.example no longer lists/,
        },
      ],
    },
    {
      name: 'a step that nobody has done yet',
      files: manual,
      finds: [{ rule: 'step-open', severity: 'error', path: 'src/server.ts', message: /to be done by hand/ }],
    },
    {
      name: 'a lock that is cut off',
      files: edited(added(), lock, (text) => text.slice(0, 100)),
      finds: [{ rule: 'lock-damaged', severity: 'error', path: lock, message: /The lock: it is not JSON/ }],
    },
    {
      name: 'a lock that was changed by hand',
      files: edited(added(), lock, (text) => text.replace('0.1.0', '0.0.9')),
      finds: [{ rule: 'lock-tampered', severity: 'error', path: lock, message: /integrity does not hold/ }],
    },
  ])('finds $name', async ({ files, finds }) => {
    const findings = await look(files);
    expect(findings.map(({ rule, severity, path }) => ({ rule, severity, path }))).toEqual(
      finds.map(({ message: _, ...rest }) => rest),
    );
    for (const [n, { message }] of finds.entries()) {
      expect(findings[n]?.message).toMatch(message);
      expect(findings[n]?.fix).not.toBe('');
    }
  });

  test('finds an installed module outdated by the catalogue, as a warning', async () => {
    const [finding, ...rest] = await look(added(), [], { ping: '0.2.0' });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'module-outdated',
      severity: 'warning',
      message: 'ping 0.1.0 is installed; 0.2.0 exists.',
    });
    expect(await look(added(), [], { ping: '0.0.9' })).toEqual([]);
  });

  test.each([
    ["import { ping } from './ping/index.js';\n", true],
    ["import * as all from './ping/index.ts';\n", true],
    ["const { ping } = await import('./ping/index.js');\n", true],
    ["// import { ping } from './ping/index.js';\n", false],
    ["import { ping } from './pong/index.js';\n", false],
  ])('takes a step for done when a host file says `%s`: %s', async (line, isDone) => {
    const findings = await look({ ...manual, 'src/wiring.ts': line });
    expect(findings.map(({ rule }) => rule)).toEqual(isDone ? [] : ['step-open']);
  });

  test('looks only at the skills that are asked for', async () => {
    expect(await look(without(added(), 'src/ping/pong.ts'), ['webhook'])).toEqual([]);
  });

  test('parses no host file that is as it was left, and reads none that is not ours to know', async () => {
    const tree = treeOf({ ...added(), 'src/other.ts': 'export {};\n' });
    const before = cost.characters;
    expect(await check({ tree, surroundings: surroundings() }, [], {})).toEqual([]);
    expect(cost.characters).toBe(before);
    expect(tree.reads).toContain('src/server.ts');
    expect(tree.reads).not.toContain('src/other.ts');
  });
});
