import { belowRepository } from '../edge/repository.ts';
import { readLock } from '../lock/lock.ts';
import type { Finding, Surroundings, Tree } from '../model.ts';
import { check as checkProject } from '../plan/check.ts';
import { checkRules } from '../plan/check-rules.ts';
import { letBe } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { installedIds } from '../skills/installed.ts';
import type { Manifest } from '../skills/schema.ts';
import type { Context, ExitCode } from './context.ts';
import { type Publishing, publish, toolOf } from './publish.ts';
import { type ReportFlags, reportingWith } from './report-flags.ts';
import { openSession } from './session.ts';

export interface CheckOptions extends ReportFlags {
  /** Every package of the workspace that has modules of ours. */
  all: boolean;
}

/** Drift, for CI: offline, 1 on drift. */
export async function check(names: readonly string[], options: CheckOptions, context: Context): Promise<ExitCode> {
  if (options.all) return (await import('./check-all.ts')).checkAll(names, options, context);
  const { root, ...project } = openSession(context);
  const { ids, findings, reporting } = await driftOf(project, names, options, context.catalogue.manifests());
  const report = {
    tool: toolOf('check', checkRules),
    findings,
    failures: [],
    failOn: reporting.failOn,
    base: belowRepository(root),
    clean: ids.length === 0 ? 'No modules of ours are in this project.' : `No drift: ${ids.join(', ')}.`,
  };
  return publish(report, reporting, context);
}

export interface Drift {
  ids: readonly string[];
  /** What the settings let be is marked. */
  findings: Finding[];
  reporting: Publishing & ReturnType<typeof reportingWith>;
}

/** The drift of one project, as its settings and the flags want it. Throws UserError for a skill that is not here. */
export async function driftOf(
  { tree, surroundings }: { tree: Tree; surroundings: Surroundings },
  names: readonly string[],
  flags: ReportFlags,
  manifests: readonly Manifest[],
): Promise<Drift> {
  const settings = readSettings(tree, surroundings).check;
  const reporting = reportingWith(flags, settings);
  const { lock, fault } = readLock(tree);
  const ids = fault === null ? installedIds(names, Object.keys(lock.skills), manifests) : names;
  const newest = Object.fromEntries(manifests.map(({ id, version }) => [id, version]));
  const found = await checkProject({ tree, surroundings }, ids, newest);
  const findings = reporting.strict ? found.map((finding): Finding => ({ ...finding, severity: 'error' })) : found;
  return { ids, findings: letBe(findings, settings.ignore), reporting };
}
