import { execa } from 'execa';
import { type Browser, chromium } from 'playwright-core';
import { foldersWith, program } from './path.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/**
 * A real Chromium: the one that BS_TEST_CHROMIUM names, one on PATH, or where we are root the distribution's. Throws one line that
 * says what to install.
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env.BS_TEST_CHROMIUM ?? found() ?? (await installed());
  if (executablePath === null)
    throw new Error('NOT RUN: no Chromium. Install chromium, or name one in BS_TEST_CHROMIUM.');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const quiet = [
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const browser = await chromium.launch({ executablePath, args: [...asRoot, ...quiet] });
  process.stdout.write(`Chromium ${browser.version()} (${executablePath})\n`);
  return browser;
}

function found(): string | null {
  for (const name of names) {
    const [folder] = foldersWith([name]);
    if (folder !== undefined) return program(folder, name);
  }
  return null;
}

async function installed(): Promise<string | null> {
  if (process.getuid?.() !== 0) return null;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await execa('apt-get', ['update', '-qq'], { reject: false, env });
  await execa('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { reject: false, env });
  return found();
}
