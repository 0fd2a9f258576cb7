import { planFix } from '../doctor/fix.ts';
import { wrap } from '../report/paint.ts';
import { planToText } from '../report/plan.ts';
import { countsOf } from '../report/report.ts';
import { carryOut, confirmDirty } from './apply.ts';
import { auditAll, wanted } from './audits.ts';
import type { Context, ExitCode } from './context.ts';
import { offerSkills } from './doctor-offer.ts';
import type { DoctorOptions } from './doctor-options.ts';
import { report } from './document.ts';
import { openForWriting } from './session.ts';

/**
 * Mends what can be mended safely, through the same preview, transaction and undo as `add`; a person at a terminal is
 * then offered the skills that settle what is left. 3 where something could not be looked at, whatever was mended.
 */
export async function fix(paths: readonly string[], options: DoctorOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const { paint } = terminal;
  const session = openForWriting(context);
  const { parts } = await auditAll(options, context);
  const { keep, failures } = await wanted(session.root, paths, options, context);
  const findings = parts.flatMap((part) => part.findings).filter(keep);
  const plan = planFix(session.tree, findings);
  const planned = [{ plan, decisions: [] }];
  const applies = plan.changes.length > 0 && !options.dryRun;
  if (plan.changes.length > 0) terminal.say(planToText(plan, [], paint, terminal.verbose));
  else terminal.say(`${paint.green(paint.mark.done)} Nothing that can be mended without a person.`);
  if (applies) {
    await confirmDirty(session, planned, { force: options.force }, context);
    if (terminal.interactive && !(await terminal.confirm('Write these?', true))) return 1;
    await carryOut('fix', session, planned, { install: false, keep: false, verify: false }, context);
    const files = plan.changes.map(({ path }) => path).join(', ');
    terminal.say(`\n${paint.green(paint.mark.done)} Mended ${files}. To take it back: backend-skills undo`);
  }
  if (!options.dryRun) {
    const written = applies ? plan.changes.map(({ path }) => path) : [];
    await offerSkills(parts, keep, written, context);
  }
  const rest = countsOf(findings.filter(({ edits, suppressed }) => edits.length === 0 && suppressed === undefined));
  if (rest !== '') terminal.remark(paint.dim(`For a person: ${rest}. See them with backend-skills doctor`));
  const missed = [...failures, ...parts.flatMap((part) => part.failures)];
  for (const failure of missed)
    terminal.complain(`${paint.red(paint.mark.bad)} ${wrap(`Could not be looked at: ${failure}`, paint.width, '  ')}`);
  const code = report('fix', planned, { applied: applies, verified: null, repeat: null }, context);
  return missed.length === 0 ? code : 3;
}
