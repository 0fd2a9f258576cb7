import { belowRepository } from '../edge/repository.ts';
import { readLock } from '../lock/lock.ts';
import type { Finding, Severity } from '../model.ts';
import { check as checkProject } from '../plan/check.ts';
import { checkRules } from '../plan/check-rules.ts';
import { installedIds } from '../skills/installed.ts';
import type { Context, ExitCode } from './context.ts';
import { type Publishing, publish, toolOf } from './publish.ts';
import { openSession } from './session.ts';

export interface CheckOptions extends Publishing {
  /** Edits and newer versions are findings too. */
  strict: boolean;
  /** Findings at or above it end the run with 1. */
  failOn: Severity;
}

/** Drift, for CI: offline, 1 on drift. */
export async function check(names: readonly string[], options: CheckOptions, context: Context): Promise<ExitCode> {
  const { catalogue } = context;
  const { root, tree, surroundings } = openSession(context);
  const manifests = catalogue.manifests();
  const { lock, fault } = readLock(tree);
  const ids = fault === null ? installedIds(names, Object.keys(lock.skills), manifests) : [...names];
  const newest = Object.fromEntries(manifests.map(({ id, version }) => [id, version]));
  const found = await checkProject({ tree, surroundings }, ids, newest);
  const report = {
    tool: toolOf('check', checkRules),
    findings: options.strict ? found.map((finding): Finding => ({ ...finding, severity: 'error' })) : found,
    failures: [],
    failOn: options.failOn,
    base: belowRepository(root),
    clean: ids.length === 0 ? 'No modules of ours are in this project.' : `No drift: ${ids.join(', ')}.`,
  };
  return publish(report, options, context);
}
