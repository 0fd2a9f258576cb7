import { readLock } from '../lock/lock.ts';
import type { Finding, Surroundings, Tree } from '../model.ts';
import { check as checkProject } from '../plan/check.ts';
import { letBe } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { installedIds } from '../skills/installed.ts';
import type { Manifest } from '../skills/schema.ts';
import type { Publishing } from './publish.ts';
import { type ReportFlags, reportingWith } from './report-flags.ts';

export interface CheckOptions extends ReportFlags {
  /** Every package of the workspace that has modules of ours. */
  all: boolean;
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
