import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A server that runs: where it answers, what it is, where it comes from, and how it ends. */
export interface Server {
  url: string;
  version: string;
  origin: string;
  /** The server's own process, or null where it is not ours. */
  pid: number | null;
  stop(): Promise<void>;
}

/** A program with everything it needs; `folder` holds its data and is removed when it ends. */
export interface Program {
  command: string;
  args: readonly string[];
  options?: { uid?: number; gid?: number; cwd?: string; env?: NodeJS.ProcessEnv };
  /** How it is asked to end. */
  signal: NodeJS.Signals;
  folder: string | null;
}

/** Starts a program under a guard that ends it when this process ends, however it ends. */
export async function run(
  program: Program,
): Promise<{ pid: number; output(): string; ended: Promise<void>; stop(): Promise<void> }> {
  const guard = fileURLToPath(new URL('./guard.js', import.meta.url));
  const child = spawn(process.execPath, [guard, JSON.stringify(program)], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    detached: true, // out of the terminal's group: Ctrl-C reaches the server through the closed pipe, once
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  child.stdin?.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { pid: number }) => resolve(message.pid));
    child.once('exit', () => reject(new Error(lastLine(output) || `${program.command} did not start`)));
  });
  child.disconnect();
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as { unref?(): void } | null)?.unref?.();
  return {
    pid,
    output: () => output,
    ended,
    async stop() {
      child.ref();
      child.stdin?.end();
      await ended;
    },
  };
}

/** A port on 127.0.0.1 that is free now; another process may still take it first, so callers retry. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

/** Starts a program on a free port and waits until `ask` answers; tries other ports while the one it took is in use. */
export async function startOnFreePort(
  program: (port: number) => Promise<Program>,
  ask: (port: number) => Promise<string>,
): Promise<{ port: number; pid: number; version: string; stop(): Promise<void> }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const running = await run(await program(port));
    let dead = false;
    running.ended.then(() => (dead = true));
    const deadline = Date.now() + 30_000;
    while (!dead && Date.now() < deadline) {
      const version = await ask(port).catch(() => null);
      // Somebody else's server may answer on a port that ours failed to get: then ours is ending now.
      if (version !== null && !dead) return { port, pid: running.pid, version, stop: running.stop };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await running.stop();
    if (attempt === 5 || !/address already in use|could not bind|EADDRINUSE/i.test(running.output()))
      throw new Error(lastLine(running.output()) || 'It started and never answered.');
  }
}

/** The last line of a program's output that says something. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
