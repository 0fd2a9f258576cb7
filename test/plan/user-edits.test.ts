import { expect, test } from 'vitest';
import { readLock } from '../../src/lock/lock.ts';
import type { Op } from '../../src/model.ts';
import { add, drop, has } from '../../src/patch/index.ts';
import { treeOf } from '../tree.ts';
import { after, ping, planFor, removal, shop } from './project.ts';

const added = after(shop, planFor(shop));
const all = (files: Readonly<Record<string, string>>, change: (text: string) => string) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text)]));

test('a line of ours that the user has renamed the app in stays ours, through an add and to the remove', () => {
  const rename = (text: string) => text.replaceAll(/\bapp\b/g, 'server');
  const renamed = { ...added, 'src/server.ts': rename(added['src/server.ts'] ?? '') };
  const again = after(renamed, planFor(renamed, { ...ping, greeting: ['short', 'long'] }));
  const ops = readLock(treeOf(again)).lock.skills.ping?.ops.filter(({ op }) => op.op === 'statement');
  expect(ops).toMatchObject([{ standing: 'done', op: { text: expect.stringContaining('server.use(') } }]);
  const plan = removal(again);
  expect(after(again, plan)['src/server.ts']).toBe(rename(shop['src/server.ts'] ?? ''));
});

test('a line of the user that names our import beside ours is named by the remove', () => {
  const second = (added['src/server.ts'] ?? '').replace(/^(.*)'\/ping'(.*)$/m, "$&\n$1'/pong'$2");
  const plan = removal({ ...added, 'src/server.ts': second });
  expect(plan.notes).toEqual([
    'src/server.ts: a line of yours still names `ping`, which is gone: take it out yourself.',
  ]);
});

test('a comment of the user that names our import is no use of it', () => {
  const files = {
    ...shop,
    'src/server.ts': `// ping is answered by the proxy: app.use(ping)\n${shop['src/server.ts']}`,
  };
  const plan = removal(after(files, planFor(files)));
  expect(plan.notes).toEqual([]);
});

test('files that git has given other line endings are as we wrote them', () => {
  const windows = all(added, (text) => text.replaceAll('\n', '\r\n'));
  const plan = removal(windows);
  expect(plan.notes).toEqual([]);
  expect(Object.keys(after(windows, plan))).toEqual(Object.keys(shop).sort());
});

test('a script of ours that the user has changed is kept and named', () => {
  const script = 'curl -v http://localhost:3000/ping';
  const edited = {
    ...added,
    'package.json': (added['package.json'] ?? '').replace(/"ping": "[^"]*"/, `"ping": "${script}"`),
  };
  const plan = removal(edited);
  expect(plan.notes).toEqual(['package.json: kept "scripts.ping", which was changed since it was added.']);
  expect(after(edited, plan)['package.json']).toContain(script);
});

test('a list of ours that others have added to gives back our element alone', () => {
  const file = 'app.module.ts';
  const op: Op = {
    op: 'property',
    file,
    target: { decorator: 'Module', on: 'App', path: [] },
    key: 'imports',
    value: '[Ours]',
  };
  const grown = '@Module({ a: 1, imports: [Ours, Theirs] })\nclass App {}\n';
  expect(has(grown, op)).toBe(true);
  expect(add(grown, op)).toEqual({ text: grown, op });
  expect(drop(grown, op)).toBe('@Module({ a: 1, imports: [Theirs] })\nclass App {}\n');
});
