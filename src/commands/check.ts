import { belowRepository } from '../edge/repository.ts';
import { checkRules } from '../plan/check-rules.ts';
import type { Context, ExitCode } from './context.ts';
import { type CheckOptions, driftOf } from './drift.ts';
import { publish, toolOf } from './publish.ts';
import { openSession } from './session.ts';

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
