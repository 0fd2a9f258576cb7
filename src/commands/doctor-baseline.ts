import { join } from 'node:path';
import { baselinePath, newBaseline, readBaseline } from '../doctor/baseline.ts';
import { rules } from '../doctor/rules/index.ts';
import { selected } from '../doctor/select.ts';
import { writeReport } from '../edge/output.ts';
import { UserError } from '../errors.ts';
import { readSettings } from '../settings/read.ts';
import { joinPath } from '../text/path.ts';
import type { auditAll } from './audits.ts';
import type { Context, ExitCode } from './context.ts';
import type { DoctorOptions } from './doctor-options.ts';

/** Lets be what is found now: a baseline for each package that has findings, or had. Throws UserError where not all could be looked at. */
export function updateBaselines(
  { session, parts }: Awaited<ReturnType<typeof auditAll>>,
  { only, skip, strict }: DoctorOptions,
  { terminal }: Context,
): ExitCode {
  const failures = parts.flatMap((part) => part.failures);
  if (failures.length > 0) {
    for (const failure of failures) terminal.complain(failure);
    throw new UserError(
      'The baseline was not written: the project could not be looked at as a whole.',
      'Settle this first.',
    );
  }
  const settings = readSettings(session.tree, session.surroundings).doctor;
  const asked = new Set(selected(rules, { only, skip, strict: strict ?? settings.strict }).map(({ id }) => id));
  // What is found of our modules, and of the comments, is no rule of the table: it runs where nothing else is asked for.
  const ran = (rule: string): boolean => asked.has(rule) || (only.length === 0 && !rules.some(({ id }) => id === rule));
  const mark = terminal.paint.green(terminal.paint.mark.done);
  let written = 0;
  for (const { folder, own } of parts) {
    const path = joinPath(folder, baselinePath);
    const before = session.tree.read(path);
    const baseline = newBaseline(own, readBaseline(before), ran);
    const count = Object.keys(readBaseline(baseline).findings).length;
    if (count === 0 && before === null) continue;
    writeReport(join(session.root, path), baseline.trimEnd());
    terminal.say(`${mark} ${path} holds ${count} ${count === 1 ? 'finding' : 'findings'}.`);
    written++;
  }
  if (written === 0) terminal.say(`${mark} Nothing is found: there is nothing to let be.`);
  return 0;
}
