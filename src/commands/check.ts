import { readLock } from '../lock/lock.ts';
import type { Finding } from '../model.ts';
import { check as checkProject } from '../plan/check.ts';
import { toJson } from '../report/documents.ts';
import { findingsToText } from '../report/findings.ts';
import { installedIds } from '../skills/installed.ts';
import type { Context, ExitCode } from './context.ts';
import { openSession } from './session.ts';

export interface CheckOptions {
  /** Edits and newer versions are findings too. */
  strict: boolean;
}

/** Drift, for CI: offline, 1 on drift. */
export async function check(names: readonly string[], { strict }: CheckOptions, context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const { tree, surroundings } = openSession(context);
  const manifests = catalogue.manifests();
  const { lock, fault } = readLock(tree);
  const ids = fault === null ? installedIds(names, Object.keys(lock.skills), manifests) : [...names];
  const newest = Object.fromEntries(manifests.map(({ id, version }) => [id, version]));
  const found = await checkProject({ tree, surroundings }, ids, newest);
  const findings = strict ? found.map((finding): Finding => ({ ...finding, severity: 'error' })) : found;
  const clean = ids.length === 0 ? 'No modules of ours are in this project.' : `No drift: ${ids.join(', ')}.`;
  if (terminal.json)
    terminal.document(toJson('findings', { schema: 'backend-skills/findings/1', complete: true, findings }));
  else terminal.say(findingsToText(findings, terminal.paint, clean));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
