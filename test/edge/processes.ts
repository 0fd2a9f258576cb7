import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));

/** A job of child.ts in a process of its own. */
export const start = (
  job: string,
  root: string,
  argument = '',
  more: { uid?: number; gid?: number; state?: string } = {},
) => {
  const { state = `${root}-state`, ...as } = more;
  // What starts the process writes there, too: a temporary folder of ours may be closed to somebody else.
  const env = { XDG_STATE_HOME: state, TMPDIR: dirname(state) };
  return execa(process.execPath, ['--import', 'tsx', child, job, root, argument], {
    reject: false,
    timeout: 60_000,
    env,
    ...as,
  });
};

/** Waits until a process has printed this. */
export function printed(process: ReturnType<typeof start>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    process.stdout.on('data', (chunk) => {
      seen += String(chunk);
      if (seen.includes(text)) resolve();
    });
    process.stdout.on('end', () => reject(new Error(`It ended without printing ${text}.`)));
  });
}

/** A new folder with these files in it. */
export function folderWith(contents: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'edge-')));
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
