import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clearPlaces, type Place, place, ready } from './program.ts';
import { shop } from './projects.ts';

beforeAll(ready);
afterAll(clearPlaces);

const add = ['add', 'webhook', '--provider', 'stripe', '--store', 'memory', '--no-install'];
const grown = ['update', 'webhook', '--provider', 'stripe,github', '--no-install'];
const kills = 12;

/** What `doctor --fix` mends. */
const guessed = "import './server.ts';\nexport const makeOtp = () => Math.floor(Math.random() * 10000);\n";

/** What each command begins with, and its words. */
const commands = {
  add: { before: [], words: add },
  update: { before: [add], words: grown },
  remove: { before: [add], words: ['remove', 'webhook', '--no-install'] },
  undo: { before: [add, grown], words: ['undo', '--no-install'] },
  'doctor --fix': { before: [], words: ['doctor', '--fix', '--only', 'sec/weak-crypto'] },
} as const;

/** Everything there is, but for the time that a module is stamped with, and the hash of the lock that names it. */
const look = (host: Place): string =>
  JSON.stringify(host.photo())
    .replace(/\b20\d{12}\b/g, 'stamp')
    .replace(/integrity\\": \\"[0-9a-f]{64}/g, 'integrity');

async function begun(before: readonly (readonly string[])[]): Promise<Place> {
  const host = place({ ...shop, 'src/otp.ts': guessed, 'src/pin.ts': guessed });
  for (const words of before) expect((await host.run(words)).code).toBe(0);
  return host;
}

test.each(Object.entries(commands))(
  'killed at any moment, `%s` leaves the project as it was or as planned, once the next command has run',
  async (name, { before, words }) => {
    const whole = await begun(before);
    const untouched = look(whole);
    const from = performance.now();
    expect((await whole.run(words)).code).toBe(0);
    const takes = performance.now() - from;
    const planned = look(whole);
    expect(planned).not.toBe(untouched);

    const ends = { before: 0, planned: 0, finished: 0 };
    for (let n = 0; n < kills; n++) {
      const host = await begun(before);
      const run = host.start(words);
      // The writing is near the end: most of the kills go there.
      await wait(takes * (n < 3 ? (n + 1) / 5 : 0.6 + (0.45 * (n - 2)) / (kills - 3)));
      run.kill('SIGKILL');
      const { signal } = await run;
      if (signal !== 'SIGKILL') ends.finished++;
      await host.run(['remove', 'nothing', '--dry-run']);
      const after = look(host);
      expect([untouched, planned], `kill ${n + 1} of ${name}`).toContain(after);
      ends[after === planned ? 'planned' : 'before']++;
    }
    process.stdout.write(
      `${name}: ${kills} kills, ${ends.before} as before, ${ends.planned} as planned (${ends.finished} had ended)\n`,
    );
  },
);
