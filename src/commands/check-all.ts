import { type Package, packagesWithLock } from '../edge/packages.ts';
import { belowRepository } from '../edge/repository.ts';
import { UserError } from '../errors.ts';
import { readLock } from '../lock/lock.ts';
import type { Finding } from '../model.ts';
import { checkRules } from '../plan/check-rules.ts';
import { readSettings } from '../settings/read.ts';
import type { Manifest } from '../skills/schema.ts';
import { joinPath } from '../text/path.ts';
import type { Context, ExitCode } from './context.ts';
import { type CheckOptions, driftOf } from './drift.ts';
import { publish, toolOf } from './publish.ts';
import { reportingWith } from './report-flags.ts';

/**
 * The drift of every package of the workspace that has modules of ours, in one report with paths from the workspace's
 * root: 1 where one has drifted, 3 where one could not be read.
 */
export async function checkAll(names: readonly string[], options: CheckOptions, context: Context): Promise<ExitCode> {
  const manifests = context.catalogue.manifests();
  const { root, tree, packages } = packagesWithLock(context.cwd);
  const reporting = reportingWith(options, readSettings(tree, { workspace: null }).check);
  const chosen = packages
    .map((each) => ({ ...each, names: namesIn(each, names, manifests) }))
    .filter((each) => names.length === 0 || each.names.length > 0);
  if (chosen.length === 0 && names.length > 0) {
    throw new UserError(
      `No package of this workspace has ${names.join(' or ')}.`,
      'Leave the name out to check every module.',
    );
  }
  const results = await Promise.all(chosen.map((each) => checkPackage(each, options, manifests)));
  const report = {
    tool: toolOf('check', checkRules),
    findings: results.flatMap(({ findings }) => findings),
    failures: results.flatMap(({ failure }) => failure ?? []),
    failOn: reporting.failOn,
    base: belowRepository(root),
    clean: cleanFor(chosen.length),
  };
  return publish(report, reporting, context);
}

function cleanFor(packages: number): string {
  if (packages === 0) return 'No package of this workspace has modules of ours.';
  return `No drift in ${packages === 1 ? 'one package' : `${packages} packages`}.`;
}

/** Which of the skills that are asked for a package has, by the names they were asked by. */
function namesIn({ tree }: Package, names: readonly string[], manifests: readonly Manifest[]): string[] {
  if (names.length === 0) return [];
  const installed = Object.keys(readLock(tree).lock.skills);
  const idOf = (name: string): string => manifests.find(({ aliases }) => aliases.includes(name))?.id ?? name;
  return names.filter((name) => installed.includes(idOf(name)));
}

/** A package's findings, or why there are none: one that cannot be read must not hide the others. */
async function checkPackage(
  { name, folder, tree, surroundings, names }: Package & { names: readonly string[] },
  options: CheckOptions,
  manifests: readonly Manifest[],
): Promise<{ findings: Finding[]; failure: string | null }> {
  try {
    const { findings } = await driftOf({ tree, surroundings }, names, options, manifests);
    const placed = findings.map(
      (finding): Finding => ({ ...finding, package: name, path: joinPath(folder, finding.path ?? 'package.json') }),
    );
    return { findings: placed, failure: null };
  } catch (error) {
    if (error instanceof UserError) return { findings: [], failure: `${name}: ${error.message} ${error.hint}` };
    throw error;
  }
}
