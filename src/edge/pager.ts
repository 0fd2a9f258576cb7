import { spawn } from 'node:child_process';

type World = Pick<NodeJS.Process, 'stdout' | 'env'>;

/**
 * Shows a text to a person: through `$PAGER` (else `less`, told as git tells it) where it is longer than the terminal,
 * and as it is where nobody pages: no terminal, `PAGER=cat`, or no such program.
 */
export async function page(text: string, world: World = process): Promise<void> {
  const { stdout, env } = world;
  const pager = env.PAGER ?? 'less';
  const tooLong = text.split('\n').length >= (stdout.rows ?? Number.POSITIVE_INFINITY);
  const pages = stdout.isTTY === true && tooLong && pager !== '' && pager !== 'cat' && env.TERM !== 'dumb';
  if (pages && (await throughPager(pager, text, env))) return;
  stdout.write(`${text}\n`);
}

/** Gives false where there is no such pager. */
function throughPager(pager: string, text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  // The user's own words, arguments and all: that is what a shell is for.
  const child = spawn(pager, {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...env, LESS: env.LESS ?? 'FRX', LV: env.LV ?? '-c' },
  });
  // Ctrl-C is the pager's business while it runs; so is leaving before the end.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  child.stdin.on('error', ignore);
  child.stdin.end(`${text}\n`);
  return new Promise((resolve) => {
    const end = (found: boolean): void => {
      process.off('SIGINT', ignore);
      resolve(found);
    };
    child.on('error', () => end(false));
    // 126 and 127 are the shell's words for a program that cannot be started, 9009 those of Windows.
    child.on('close', (code) => end(code !== 126 && code !== 127 && code !== 9009));
  });
}
