import { freePort, run } from '../services/server.ts';
import { command, scriptsOf } from './check.ts';
import type { Host } from './prepare.ts';

/** A host that runs: where it answers, what it printed, and how it ends. */
export interface Booted {
  url: string;
  output(): string;
  stop(): Promise<void>;
}

/**
 * Builds and starts a host as its scripts say (Next in development mode unless `build` is asked for: a build takes a minute)
 * and waits until its health endpoint answers. Throws with the host's output when it dies or never answers.
 */
export async function boot(
  host: Host,
  env: Record<string, string> = {},
  mode: 'quick' | 'build' = 'quick',
): Promise<Booted> {
  const scripts = scriptsOf(host);
  const develop = mode === 'quick' && host.fixture.set.startsWith('next');
  if (scripts.build !== undefined && !develop) {
    const built = await command({ ...host, env: { ...host.env, ...env } }, scripts.build);
    if (!built.ok) throw new Error(`${host.fixture.name} does not build:\n${built.output}`);
  }
  const script = (develop ? scripts.dev : (scripts.start ?? scripts.dev)) ?? 'node .';
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = await run({
    command: '/bin/sh',
    args: ['-c', withPort(script, port)],
    options: { cwd: host.folder, env: { ...host.env, ...env, PORT: String(port) } },
    signal: 'SIGTERM',
    folder: null,
  });
  let dead = false;
  void running.ended.then(() => (dead = true));
  const deadline = Date.now() + 120_000;
  while (!dead && Date.now() < deadline) {
    if (await answers(url + host.fixture.health)) return { url, output: running.output, stop: running.stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const how = dead ? 'ended' : `did not answer at ${host.fixture.health}`;
  await running.stop();
  throw new Error(`${host.fixture.name} ${how}:\n${running.output()}`);
}

/** Wrangler takes its addresses from the command line alone, and its inspector's port is fixed unless told. */
function withPort(script: string, port: number): string {
  if (!script.startsWith('wrangler dev')) return script;
  const named = script.includes('--port') ? script : `${script} --port ${port}`;
  return `${named} --ip 127.0.0.1 --inspector-port 0`;
}

const answers = async (address: string): Promise<boolean> => {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(60_000) })).ok;
  } catch {
    return false;
  }
};
