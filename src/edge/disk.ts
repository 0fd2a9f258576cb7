import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf, type Files, realFiles } from './files.ts';

/** Who runs: what the run lock says, and how to ask whether another process still lives. */
export interface Run {
  pid: number;
  host: string;
  command: string;
  now(): Date;
  alive(pid: number): boolean;
}

/** The disk as a run sees it. `state`: the user's folder for what must not lie in the project; null where there is none. */
export interface Disk {
  files: Files;
  run: Run;
  state: string | null;
}

/** The real disk, for this process. */
export function realDisk(): Disk {
  return {
    files: realFiles,
    run: {
      pid: process.pid,
      host: hostname(),
      command: ['backend-skills', ...process.argv.slice(2)].join(' '),
      now: () => new Date(),
      alive: isAlive,
    },
    state: stateHome(process.env, process.platform),
  };
}

/** The folder where programs keep a user's state on this system; null where none is known. */
function stateHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'backend-skills');
  if (platform === 'win32') return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, 'backend-skills') : null;
  const home = env.HOME || homedir();
  return home ? join(home, '.local', 'state', 'backend-skills') : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}
