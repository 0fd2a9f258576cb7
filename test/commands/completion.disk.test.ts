import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPlaces, place, ready } from './program.ts';
import { shop } from './projects.ts';

let program = '';
beforeAll(async () => {
  program = await ready();
});
afterAll(clearPlaces);

describe('what may come next', () => {
  test.each([
    ['', ['add', 'check', 'completion', 'init']],
    ['ch', ['check']],
    ['add ', ['ping', 'webhook']],
    ['add webhook ', ['ping']],
    ['add webhook --sto', ['--store']],
    ['add webhook --store ', ['memory', 'redis', 'postgres']],
    ['add webhook --provider stripe,gi', ['stripe,github']],
    ['check --format ', ['text', 'sarif', 'junit']],
    ['check --format=sa', ['--format=sarif']],
    ['check --fail-on = wa', ['warning']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['init --ci ', ['github', 'gitlab']],
    ['skill ', ['new', 'validate', 'test']],
    ['add --cwd somewhere p', ['ping']],
  ])('behind `%s`', async (typed, expected) => {
    const ran = await place(shop).run(['__complete', '--', ...typed.split(' ')]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe('');
    const values = ran.stdout.split('\n').map((line) => line.split('\t')[0]);
    for (const value of expected) expect(values).toContain(value);
    for (const value of values) expect(value).not.toBe('__complete');
  });

  test('to remove are the modules that are here', async () => {
    const host = place(shop);
    await host.run(['add', 'ping', '--no-install']);
    expect((await host.run(['__complete', '--', 'remove', ''])).stdout).toBe('ping\tPing\n');
  });

  test.each([
    ['nothing-like-it', ''],
    ['add', '--dir', ''],
    ['add', 'nothing-like-i'],
  ])('is left to the shell behind %s %s', async (...words) => {
    const ran = await place(shop).run(['__complete', '--', ...words]);
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('is known outside of a project too', async () => {
    expect((await place({}).run(['__complete', '--', 'remove', ''])).stdout).toBe('');
    expect((await place({}).run(['__complete', '--', 'info', 'pi'])).stdout).toBe('ping\tPing\n');
  });
});

describe('bash', () => {
  /** What bash itself offers when Tab is pressed behind these words. */
  function offered(words: readonly string[]): string[] {
    const host = place(shop);
    const bin = join(host.root, '../bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'backend-skills'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(join(bin, 'backend-skills'), 0o755);
    const script = `
      set -eu
      source <(backend-skills completion bash)
      complete -p backend-skills > /dev/null
      COMP_WORDS=(backend-skills "$@"); COMP_CWORD=$#
      _backend_skills
      printf '%s\\n' "\${COMPREPLY[@]:-}"`;
    const env = { PATH: `${bin}:${process.env.PATH ?? ''}`, HOME: host.root };
    return execFileSync('bash', ['-c', script, 'bash', ...words], { cwd: host.root, encoding: 'utf8', env })
      .trim()
      .split('\n');
  }

  test.each([
    [['comp'], ['completion']],
    [['add', 'webh'], ['webhook']],
    [['check', '--format', 'jun'], ['junit']],
    [['check', '--format', '=', 'jun'], ['junit']],
    [
      ['check', '--format', '='],
      ['text', 'json', 'sarif', 'github', 'junit', 'markdown', 'gitlab'],
    ],
    [['nothing-like-it', 'x'], ['']],
  ])('completes %j', (words, expected) => {
    expect(offered(words)).toEqual(expected);
  });
});

test.each(['bash', 'zsh', 'fish'])(
  'the script for %s asks the program, and another shell is refused',
  async (shell) => {
    const { stdout, code } = await place({}).run(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('__complete --');
    const refused = await place({}).run(['completion', `${shell}x`]);
    expect(refused.code).toBe(2);
  },
);
