import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../../errors.ts';
import { readTarball } from './tarball.ts';

/** The texts of a skill in a package, as the registry of this project has it, and its exact version. No script of it runs. */
export async function fetchPackage(
  { name, range }: { name: string; range: string },
  root: string,
  from: string,
): Promise<{ texts: ReadonlyMap<string, string>; version: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'backend-skills-'));
  try {
    const options = [
      'pack',
      '--ignore-scripts',
      '--json',
      '--silent',
      '--workspaces=false',
      '--pack-destination',
      folder,
    ];
    const ran = await execa('npm', [...options, '--', `${name}@${range}`], {
      cwd: root,
      stdin: 'ignore',
      reject: false,
      timeout: 120_000,
      env: { NO_UPDATE_NOTIFIER: '1', npm_config_fund: 'false', npm_config_audit: 'false' },
    });
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
    if (ran.failed || tarball === undefined) throw failed(from, ran);
    return { texts: await readTarball(join(folder, tarball), from), version: versionIn(ran.stdout, tarball) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function versionIn(output: string, tarball: string): string {
  try {
    const [packed] = JSON.parse(output) as { version?: unknown }[];
    if (typeof packed?.version === 'string' && /^[\w.+-]+$/.test(packed.version)) return packed.version;
  } catch {
    // Said by the file's name below.
  }
  return /-(\d+\.\d+\.\d+[\w.+-]*)\.tgz$/.exec(tarball)?.[1] ?? 'unknown';
}

function failed(
  from: string,
  ran: { code?: string | undefined; stderr: string; stdout: string; timedOut: boolean },
): UserError {
  if (ran.code === 'ENOENT')
    return new UserError('npm is not on your PATH.', 'Install it, or give the skill as a folder or a tarball.');
  if (ran.timedOut)
    return new UserError(`${from} could not be fetched in two minutes.`, 'Check your connection, then run it again.');
  const said = `${ran.stderr}\n${ran.stdout}`;
  if (/E404|ETARGET/.test(said))
    return new UserError(`The registry has no ${from}.`, 'Check its name and its version.');
  const reason =
    /"summary":\s*"([^"]*)"/.exec(said)?.[1] ?? /npm error (?!code|A complete)(.*)/.exec(said)?.[1] ?? 'npm failed';
  return new UserError(
    `${from} could not be fetched: ${JSON.stringify(reason)}.`,
    `See what \`npm pack ${from.slice(4)}\` says.`,
  );
}
