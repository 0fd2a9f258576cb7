import type { Plan } from '../model.ts';
import { toJson } from '../report/json.ts';
import { planToDocument } from '../report/plan-document.ts';
import type { Context, ExitCode } from './context.ts';

/** Ends a run: with --json, its one document. */
export function report(
  verb: Plan['verb'],
  planned: readonly { plan: Plan }[],
  { applied, verified, repeat }: { applied: boolean; verified: boolean | null; repeat: string | null },
  { terminal }: Context,
): ExitCode {
  if (terminal.json) {
    const plans = planned.map(({ plan }) => planToDocument(plan));
    terminal.document(toJson('plan', { schema: 'backend-skills/plan/1', verb, applied, verified, repeat, plans }));
  }
  return 0;
}
