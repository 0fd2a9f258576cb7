import { newErrors, runTests, type TypeCheck, typeCheck } from '../edge/verify.ts';
import type { Plan } from '../model.ts';
import type { Context } from './context.ts';
import { hostOf, openSession, type Session } from './session.ts';

/** What the host's own checks said before we came: only what is new is ours. */
export interface Baseline {
  types: TypeCheck;
}

export async function baselineOf(session: Session): Promise<Baseline> {
  const { profile } = hostOf(session, null);
  return { types: await typeCheck(session.root, profile.language.value) };
}

/** The host's type check against its baseline, then the new module's tests. Null when all is well, else what failed. */
export async function verifyAgainst(
  { types }: Baseline,
  { root }: Session,
  plans: readonly Plan[],
  context: Context,
): Promise<string | null> {
  const { terminal } = context;
  const { profile } = hostOf(openSession(context), null);
  if (types.ran) {
    terminal.remark(terminal.paint.dim('Checking types'));
    const after = await typeCheck(root, profile.language.value);
    const fresh = after.ran
      ? newErrors(types.errors, after.errors)
      : [`The type check no longer runs: ${after.because}`];
    if (fresh.length > 0) return ['The type check has new errors:', ...fresh.slice(0, 15)].join('\n');
  } else terminal.remark(`Types were not checked: ${types.because}.`);
  const tests = plans
    .flatMap(({ entry }) => entry?.files ?? [])
    .filter(({ path }) => /\.(test|spec)\.[cm]?[jt]s$/.test(path));
  const runner = profile.testRunner.value;
  if (tests.length === 0 || runner === null) {
    terminal.remark('No tests were run: the project has no test runner, or the module was added without tests.');
    return null;
  }
  terminal.remark(terminal.paint.dim(`Running the module's tests with ${runner}`));
  const { ok, tail } = await runTests(
    root,
    runner,
    tests.map(({ path }) => path),
  );
  return ok ? null : ['The module’s tests failed:', ...tail].join('\n');
}
