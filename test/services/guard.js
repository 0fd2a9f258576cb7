// Runs one server for as long as its own standard input stays open, then stops it and removes its folder.
// A pipe closes however its owner ends (return, exception, Ctrl-C, kill -9), so nothing is left behind.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const { command, args, options, signal, folder } = JSON.parse(process.argv[2]);
const server = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  server.kill(signal);
  setTimeout(() => server.kill('SIGKILL'), 5000).unref();
}

server.on('spawn', () => process.send?.({ pid: server.pid }));
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  leave(1);
});
server.on('exit', (code) => leave(stopping ? 0 : (code ?? 1)));
process.stdin.on('end', stop).on('error', stop).resume();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);

/** @param {number} code */
function leave(code) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}
