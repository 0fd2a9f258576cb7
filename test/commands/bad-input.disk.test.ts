import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtures } from '../fixtures.ts';
import { clearPlaces, place, ready, refuses } from './program.ts';
import { app, manifest, shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const fixture = (name: string): Readonly<Record<string, string>> =>
  fixtures.find((each) => each.name === name)?.files ?? {};

interface Case {
  name: string;
  files: Readonly<Record<string, string>>;
  args: string;
  says: RegExp[];
}

const twice = `${app.replace('express();', 'express();\nconst admin = express();\nadmin.use(express.json());')}admin.listen(3001);\n`;

describe('a request', () => {
  test.each<Case>([
    {
      name: 'in a folder without package.json',
      files: { 'a.ts': app },
      args: 'add ping',
      says: [/no package\.json in .*project/, /--cwd/],
    },
    {
      name: 'with a folder that is not there',
      files: shop,
      args: 'add ping --cwd nowhere',
      says: [/nowhere is not a folder/],
    },
    {
      name: 'with a broken package.json',
      files: { ...shop, 'package.json': '{ "name": ' },
      args: 'add ping',
      says: [/package\.json:1:11 is not valid JSON/, /Correct package\.json/],
    },
    {
      name: 'with a package.json that is no object',
      files: { ...shop, 'package.json': '[]' },
      args: 'add ping',
      says: [/package\.json:1:1 holds no JSON object/],
    },
    {
      name: 'with an empty package.json',
      files: { ...shop, 'package.json': '' },
      args: 'add ping',
      says: [/package\.json:1:\d is not valid JSON/],
    },
    {
      name: 'to look at a broken package.json',
      files: { ...shop, 'package.json': '{,}' },
      args: 'detect',
      says: [/package\.json:1:\d is not valid JSON/],
    },
    {
      name: 'with a broken tsconfig.json',
      files: { ...shop, 'tsconfig.json': '{ "compilerOptions": { "strict" true } }\n' },
      args: 'add ping',
      says: [/tsconfig\.json:1:33 is not valid JSON/],
    },
    {
      name: 'with a syntax error in the entry',
      files: { ...shop, 'src/server.ts': `${app}if (\n` },
      args: 'add ping',
      says: [/src\/server\.ts has a syntax error at line \d+ \(Expression expected\)/],
    },
    {
      name: 'for a skill that is not there',
      files: shop,
      args: 'add webhok',
      says: [/no skill called "webhok"/, /Did you mean "webhook"\?/],
    },
    {
      name: 'for information on a skill that is not there',
      files: shop,
      args: 'info pinng',
      says: [/no skill called "pinng"/, /Did you mean "ping"\?/],
    },
    { name: 'without a skill', files: shop, args: 'add', says: [/missing required argument 'skill'/, /--help/] },
    {
      name: 'with a provider that is not there',
      files: shop,
      args: 'add webhook --provider strpe',
      says: [/"strpe" is not a provider/, /Did you mean "stripe"\?/],
    },
    {
      name: 'with one good and one unknown provider',
      files: shop,
      args: 'add webhook --provider stripe,paypall',
      says: [/"paypall" is not a provider/],
    },
    { name: 'with no provider at all', files: shop, args: 'add webhook --provider ,', says: [/provider/] },
    {
      name: 'with a flag that is not there',
      files: shop,
      args: 'add webhook --provder stripe',
      says: [/unknown option '--provder'/, /--provider/],
    },
    {
      name: 'with a value that is not there',
      files: shop,
      args: 'add ping --slot nowhere',
      says: [/"nowhere" is not a slot/, /first, raw, routes/],
    },
    {
      name: 'with a path that is no path',
      files: shop,
      args: 'add ping --path ping',
      says: [/"ping" is not a valid path/, /\/ping/],
    },
    {
      name: 'with a choice of another skill',
      files: shop,
      args: 'add webhook --greeting long',
      says: [/--greeting is a choice of "ping", not of webhook/],
    },
    { name: 'with a command that is not there', files: shop, args: 'ad ping', says: [/unknown command 'ad'/] },
    {
      name: 'with a framework that is not there',
      files: shop,
      args: 'add ping --framework koa',
      says: [/koa/, /--help/],
    },
    {
      name: 'with a folder above the project',
      files: shop,
      args: 'add ping --dir ../out',
      says: [/--dir \.\.\/out is not a folder in this project/],
    },
    {
      name: 'with an absolute folder',
      files: shop,
      args: 'add ping --dir /etc',
      says: [/--dir \/etc is not a folder/],
    },
    {
      name: 'with a folder that is never written',
      files: shop,
      args: 'add ping --dir node_modules/x',
      says: [/node_modules/],
    },
    {
      name: 'with a package where there is no workspace',
      files: shop,
      args: 'add ping --package api',
      says: [/There is no package api here/],
    },
    {
      name: 'for memory on Workers',
      files: fixture('hono-workers-ts'),
      args: 'add webhook --provider stripe --store memory',
      says: [/store "memory" cannot work in this project/, /Use --store \w+/],
    },
    {
      name: 'for memory on Vercel',
      files: { ...fixture('next16-app-ts'), 'vercel.json': '{}\n' },
      args: 'add webhook --provider stripe --store memory',
      says: [/store "memory" cannot work in this project/, /Use --store \w+/],
    },
    {
      name: 'where two frameworks are',
      files: twoFrameworks(),
      args: 'add ping',
      says: [/This project has Fastify and Express/, /--framework (express|fastify)/],
    },
    {
      name: 'where no framework is',
      files: { ...shop, 'package.json': '{ "name": "shop" }\n', 'src/server.ts': 'export {};\n' },
      args: 'add ping',
      says: [/No framework was found/, /--framework express/],
    },
    {
      name: 'with a file of the user’s in the way',
      files: { ...shop, 'src/ping/pong.ts': '// mine\n' },
      args: 'add ping',
      says: [/src\/ping\/pong\.ts is in the way/, /--force/],
    },
    { name: 'to remove what is not there', files: shop, args: 'remove ping', says: [/"ping" is not in this project/] },
    { name: 'to remove what nobody knows', files: shop, args: 'remove pong', says: [/"pong" is not in this project/] },
    { name: 'to check what is not there', files: shop, args: 'check ping', says: [/"ping" is not in this project/] },
    {
      name: 'with one folder for two modules',
      files: shop,
      args: 'add ping webhook --dir src/x',
      says: [/--dir names the folder of one module/],
    },
    { name: 'to undo nothing', files: shop, args: 'undo', says: [/nothing to undo/] },
  ])('$name is refused, and nothing changes', async ({ files, args, says }) => {
    await refuses(place(files), args.split(' '), says);
  });
});

function twoFrameworks(): Record<string, string> {
  const both = JSON.parse(manifest);
  delete both.main;
  both.scripts = {};
  both.dependencies.fastify = '^5.0.0';
  return {
    ...shop,
    'package.json': `${JSON.stringify(both, null, 2)}\n`,
    'src/server.ts': 'export {};\n',
    'src/shop.ts': app,
    'src/other.ts': "import Fastify from 'fastify';\n\nconst app = Fastify();\napp.listen({ port: 3001 });\n",
  };
}

describe('an app that cannot be placed', () => {
  test.each([
    { name: 'because no entry is found', files: { ...shop, 'src/server.ts': 'export {};\n' } },
    { name: 'because two apps stand in the entry', files: { ...shop, 'src/server.ts': twice } },
  ])('$name gets its module, and the exact lines for a person', async ({ files }) => {
    const host = place(files);
    const added = await host.run(['add', 'ping', '--no-install']);
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/To do by hand/);
    expect(added.stdout).toMatch(/import \{ ping \} from/);
    expect(host.read('src/server.ts')).toBe(files['src/server.ts']);
    const open = await host.run(['check']);
    expect(open.code).toBe(1);
    expect(open.stdout).toMatch(/step-open/);
    host.write('src/wired.ts', "import { ping } from './ping/index.js';\n\nexport default ping;\n");
    expect((await host.run(['check'])).code).toBe(0);
    rmSync(join(host.root, 'src/wired.ts'));
    expect((await host.run(['remove', 'ping', '--no-install'])).code).toBe(0);
    expect(host.photo()).toEqual(place(files).photo());
  });
});

describe('--force', () => {
  test('keeps the user’s file as .orig, and remove gives it back its place', async () => {
    const host = place({ ...shop, 'src/ping/pong.ts': '// mine\n' });
    const before = host.photo();
    const added = await host.run(['add', 'ping', '--no-install', '--force']);
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/src\/ping\/pong\.ts: your file is kept as src\/ping\/pong\.ts\.orig/);
    expect(host.read('src/ping/pong.ts.orig')).toBe('// mine\n');
    expect((await host.run(['undo', '--no-install'])).code).toBe(0);
    expect(host.photo()).toEqual(before);
  });

  test('does not overwrite an .orig that is there already', async () => {
    const host = place({ ...shop, 'src/ping/pong.ts': '// mine\n', 'src/ping/pong.ts.orig': '// older\n' });
    await refuses(host, ['add', 'ping', '--no-install', '--force'], [/pong\.ts\.orig is in the way/]);
  });
});

describe('a tree', () => {
  test('with a folder that is a symbolic link out of the project is not written through', async () => {
    const host = place({ 'package.json': manifest, 'lib/server.ts': app });
    mkdirSync(join(host.root, '../outside'));
    symlinkSync(join(host.root, '../outside'), join(host.root, 'src'));
    await refuses(
      host,
      ['add', 'ping', '--no-install', '--dir', 'src/ping'],
      [/symbolic link .* leads out of the project/],
    );
  });

  test('whose record folder is a symbolic link out of the project is not written through', async () => {
    const host = place(shop);
    mkdirSync(join(host.root, '../outside'));
    symlinkSync(join(host.root, '../outside'), join(host.root, '.backend-skills'));
    await refuses(host, ['add', 'ping', '--no-install'], [/symbolic link .* leads out of the project/]);
  });

  test('that may not be written is left as it is', async () => {
    const host = place(shop);
    for (const folder of ['src', '']) chmodSync(join(host.root, folder), 0o555);
    await refuses(host, ['add', 'ping', '--no-install'], [/EACCES/, /right to write/], 2, { nobody: true });
    for (const folder of ['', 'src']) chmodSync(join(host.root, folder), 0o755);
  });

  test('that may not be read is named', async () => {
    const host = place(shop);
    chmodSync(join(host.root, 'src/server.ts'), 0o000);
    const ran = await host.run(['add', 'ping', '--no-install'], { nobody: true });
    expect(ran.code, ran.stderr).toBe(2);
    expect(ran.stderr).toMatch(/src\/server\.ts may not be read/);
    chmodSync(join(host.root, 'src/server.ts'), 0o644);
  });

  test('with a file that is marked read-only is refused by its name', async () => {
    const host = place(shop);
    chmodSync(join(host.root, 'package.json'), 0o444);
    await refuses(host, ['add', 'ping', '--no-install'], [/package\.json is read-only/]);
  });
});
