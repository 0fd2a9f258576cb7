import type { Found } from '../doctor/examine.ts';
import { planFix } from '../doctor/fix.ts';
import { rules } from '../doctor/rules/index.ts';
import { planToText } from '../report/plan.ts';
import { carryOut, confirmDirty } from './apply.ts';
import type { Context, ExitCode } from './context.ts';
import { auditAll, wanted } from './audits.ts';
import type { DoctorOptions } from './doctor-options.ts';
import { report } from './document.ts';
import { openForWriting } from './session.ts';

/**
 * Mends what can be mended safely, through the same preview, transaction and undo as `add`; a person at a terminal is
 * then offered the skills that settle what is left.
 */
export async function fix(paths: readonly string[], options: DoctorOptions, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const session = openForWriting(context);
  const { parts } = await auditAll(options, context);
  const { keep } = await wanted(session.root, paths, options, context);
  const findings = parts.flatMap((part) => part.findings).filter(keep);
  const plan = planFix(session.tree, findings);
  const planned = [{ plan, decisions: [] }];
  const applies = plan.changes.length > 0 && !options.dryRun;
  if (plan.changes.length > 0) terminal.say(planToText(plan, [], terminal.paint, terminal.verbose));
  else terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} Nothing that can be mended without a person.`);
  if (applies) {
    await confirmDirty(session, planned, { force: options.force }, context);
    if (terminal.interactive && !(await terminal.confirm('Write these?', true))) return 1;
    await carryOut('fix', session, planned, { install: false, keep: false, verify: false }, context);
    const files = plan.changes.map(({ path }) => path).join(', ');
    terminal.say(
      `\n${terminal.paint.green(terminal.paint.mark.done)} Mended ${files}. To take it back: backend-skills undo`,
    );
  }
  if (!options.dryRun) await offerSkills(findings, context);
  return report('fix', planned, { applied: applies, verified: null, repeat: null }, context);
}

/** Asks, for each skill that settles findings and is not here yet, whether to add it. */
async function offerSkills(findings: readonly Found[], context: Context): Promise<void> {
  const { terminal, catalogue } = context;
  const there = new Set(catalogue.manifests().map(({ id }) => id));
  const counts = new Map<string, number>();
  for (const { rule, suppressed } of findings) {
    const remedy = rules.find(({ id }) => id === rule)?.remedy;
    if (suppressed !== undefined || typeof remedy !== 'object' || !there.has(remedy.skill)) continue;
    counts.set(remedy.skill, (counts.get(remedy.skill) ?? 0) + 1);
  }
  for (const [skill, count] of counts) {
    const settles = `It settles ${count === 1 ? 'one finding' : `${count} findings`}.`;
    if (!terminal.interactive) {
      terminal.remark(`${terminal.paint.dim(terminal.paint.mark.arrow)} backend-skills add ${skill}: ${settles}`);
      continue;
    }
    if (!(await terminal.confirm(`Add ${skill}? ${settles}`, true))) continue;
    const { add } = await import('./add.ts');
    const { addOptions } = await import('./flags.ts');
    await add([skill], addOptions({}, [skill], catalogue), context);
  }
}
