import type { Change, Plan, Tree } from '../model.ts';
import { type Edit, splice } from '../text/edits.ts';
import type { Found } from './examine.ts';
import { programOf } from './source.ts';

/**
 * The plan that mends what can be mended safely: the edits that findings carry, those that are to be let be left out.
 * Of two edits of one place the first counts; the next run mends the other. A file that would not parse afterwards is left. Pure.
 */
export function planFix(tree: Tree, findings: readonly Found[]): Plan {
  const notes: string[] = [];
  const fixable = findings.filter(
    ({ path, edits, suppressed }) => path !== null && edits.length > 0 && suppressed === undefined,
  );
  const changes = [...new Set(fixable.map(({ path }) => path ?? ''))].sort().flatMap((path): Change[] => {
    const before = tree.read(path);
    if (before === null) return [];
    const own = fixable.filter((finding) => finding.path === path);
    const after = splice(before, apart(own));
    if (/\.[cm]?[jt]sx?$/.test(path) && programOf(after, path) === null) {
      notes.push(`${path} is left as it is: mended, it would not be read any more.`);
      return [];
    }
    notes.push(...own.map(({ rule, line }) => `${path}:${line ?? 1} ${rule}`));
    return after === before ? [] : [{ path, before, after }];
  });
  return {
    verb: 'fix',
    skill: 'doctor',
    changes,
    entry: null,
    commands: [],
    steps: [],
    obstacles: [],
    endpoints: [],
    notes,
    conflicts: [],
    open: [],
    next: [],
  };
}

/** The edits of those findings whose edits touch none of an earlier one's. */
function apart(findings: readonly Found[]): Edit[] {
  const kept: Edit[] = [];
  for (const { edits } of findings) {
    const touches = edits.some((edit) =>
      kept.some((other) => edit.start < other.end + 1 && other.start < edit.end + 1),
    );
    if (!touches) kept.push(...edits);
  }
  return kept;
}
