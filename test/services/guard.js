// Runs one program for as long as its own standard input stays open, then stops it and removes its folder.
// A pipe closes however its owner ends (return, exception, Ctrl-C, kill -9), so nothing is left behind.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const { command, args, options, signal, folder } = JSON.parse(process.argv[2]);
const grouped = process.platform !== 'win32';
const program = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'], detached: grouped });
let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  kill(signal);
  setTimeout(() => kill('SIGKILL'), 5000).unref();
}

/** The program and what it started itself: they share its group. */
function kill(name) {
  try {
    if (grouped) process.kill(-program.pid, name);
    else program.kill(name);
  } catch {
    // it is gone already
  }
}

program.on('spawn', () => process.send?.({ pid: program.pid }));
program.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  leave(1);
});
program.on('exit', (code) => leave(stopping ? 0 : (code ?? 1)));
process.stdin.on('end', stop).on('error', stop).resume();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);

/** @param {number} code */
function leave(code) {
  kill('SIGKILL'); // what it may have left running
  if (folder !== null) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}
