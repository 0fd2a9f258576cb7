// The main job on a real host, as a person would do it: add a webhook endpoint to an Express service, prove it over a
// socket, and take it back without a trace. Everything happens in a temporary folder; exit 1 where a step fails.
import { execFile, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = resolve(import.meta.dirname, '..');
const bin = join(here, 'bin/backend-skills.js');
const host = join(mkdtempSync(join(tmpdir(), 'backend-skills-demo-')), 'orders-api');
const secret = `whsec_${randomBytes(16).toString('hex')}`;
const env = {
  ...process.env,
  CI: '1',
  NODE_ENV: 'development',
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
  NO_COLOR: undefined,
};

const bold = (text) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);
const say = (text) => process.stdout.write(`${text}\n`);
const step = (text) => say(`\n${bold(`▸ ${text}`)}`);

/** Ends the demo unless it holds. */
function expect(holds, text) {
  if (!holds) throw new Error(`Not as it should be: ${text}`);
  say(`  ✓ ${text}`);
}

async function show(file, args, options = {}) {
  try {
    const { stdout, stderr } = await run(file, args, { cwd: host, env, maxBuffer: 1e8, ...options });
    const text = `${stdout}${options.quiet ? '' : stderr}`.trimEnd();
    if (!options.quiet && text !== '') say(text.replaceAll(/^/gm, '  '));
    return text;
  } catch (error) {
    say(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    throw new Error(`${[file, ...args].join(' ')} ended with ${error.code}`);
  }
}

const backendSkills = (...args) => {
  step(`backend-skills ${args.join(' ')}`);
  return show(process.execPath, [bin, ...args]);
};

/** Every file of the host as text, without what an install makes. */
function bytesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/node_modules|[\\/]dist[\\/]/.test(path));
  return JSON.stringify(paths.sort().map((path) => [path, readFileSync(path, 'base64')]));
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function boot(port) {
  const child = spawn('npm', ['start'], {
    cwd: host,
    env: { ...env, PORT: String(port), STRIPE_WEBHOOK_SECRET: secret },
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  for (let tries = 0; tries < 200; tries++) {
    const ok = await fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return () => process.kill(-child.pid, 'SIGTERM');
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`The host did not start:\n${output}`);
}

function signed(body, at = Math.floor(Date.now() / 1000)) {
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` };
}

async function deliver(port, body, headers) {
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/stripe`, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

try {
  step('A service that exists: Express 5, TypeScript, ESM');
  cpSync(join(here, 'fixtures/express5-ts-esm'), host, { recursive: true });
  say(readFileSync(join(host, 'src/app.ts'), 'utf8').trimEnd().replaceAll(/^/gm, '  '));
  step('npm install');
  await show('npm', ['install', '--no-audit', '--no-fund'], { quiet: true });
  const before = bytesOf(host);

  await backendSkills('add', 'webhook', '--provider', 'stripe', '--yes');
  step('tsc --noEmit');
  await show('npx', ['tsc', '--noEmit'], { quiet: true });
  expect(true, 'the host type-checks');
  step('npm test');
  await show('npm', ['test'], { quiet: true });
  expect(true, 'the host’s tests pass, and the module’s with them');

  step('npm run build && npm start; deliveries come in');
  await show('npm', ['run', 'build'], { quiet: true });
  const port = await freePort();
  const stop = await boot(port);
  try {
    const body = JSON.stringify({
      id: 'evt_demo_1',
      object: 'event',
      type: 'checkout.session.completed',
      created: 1_767_225_600,
      livemode: false,
      data: { object: { id: 'cs_1' } },
    });
    const now = Math.floor(Date.now() / 1000);
    const first = await deliver(port, body, signed(body));
    expect(
      first.status === 200 && first.text.includes('handled'),
      `a signed event is accepted: ${first.status} ${first.text}`,
    );
    const again = await deliver(port, body, signed(body));
    expect(
      again.status === 200 && again.text.includes('duplicate'),
      `the same event is not handled twice: ${again.status} ${again.text}`,
    );
    const forged = await deliver(port, body.replace('cs_1', 'cs_2'), signed(body));
    expect(forged.status === 401, `a forged event is refused: ${forged.status} ${forged.text}`);
    const stale = await deliver(port, body, signed(body, now - 3600));
    expect(stale.status === 401, `a stale event is refused: ${stale.status} ${stale.text}`);
  } finally {
    stop();
  }

  await backendSkills('check');
  await backendSkills('remove', 'webhook', '--yes');
  expect(bytesOf(host) === before, 'every byte of the host is as it was');
  say(`\n${bold('Done.')}`);
} catch (error) {
  say(`\n✗ ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(resolve(host, '..'), { recursive: true, force: true });
}
