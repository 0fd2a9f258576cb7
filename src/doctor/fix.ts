import type { Change, Plan, Tree } from '../model.ts';
import { splice } from '../text/edits.ts';
import { parse } from '../text/syntax.ts';
import type { Found } from './examine.ts';
import type { Mend } from './rule.ts';

/**
 * The plan that mends what can be mended safely: the edits that findings carry, those that are to be let be left out.
 * Of two findings that would edit one place the first counts; the next run mends the other. A file that would not parse
 * afterwards is left, with all that needs an edit of it. Pure.
 */
export function planFix(tree: Tree, findings: readonly Found[]): Plan {
  const fixable = findings.filter(({ edits, suppressed }) => edits.length > 0 && suppressed === undefined);
  const chosen = apart(fixable);
  const broken = new Set(
    pathsOf(chosen).filter((path) => /\.[cm]?[jt]sx?$/.test(path) && parse(mended(tree, path, chosen), path) === null),
  );
  const whole = chosen.filter((finding) => !pathsOf([finding]).some((path) => broken.has(path)));
  const changes = pathsOf(whole).flatMap((path): Change[] => {
    const before = tree.read(path);
    const after = mended(tree, path, whole);
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
    notes: [
      ...mentions(whole),
      ...[...broken].map((path) => `${path} is left as it is: mended, it would not be read any more.`),
      ...(chosen.length === fixable.length ? [] : [later(fixable.length - chosen.length)]),
    ],
    conflicts: [],
    open: [],
    next: [],
  };
}

const later = (count: number): string =>
  `${count} more ${count === 1 ? 'stands' : 'stand'} where another is mended: run it again for ${count === 1 ? 'it' : 'them'}.`;

/** 'res/sync-in-handler: src/a.ts:3, src/b.ts:5', a rule a line. */
function mentions(findings: readonly Found[]): string[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return rules.map((rule) => {
    const own = findings.filter((finding) => finding.rule === rule);
    return `${rule}: ${own.map(({ path, line }) => (line === null ? path : `${path}:${line}`)).join(', ')}`;
  });
}

const pathOf = ({ path }: Found, edit: Mend): string => edit.path ?? path ?? '';

const pathsOf = (findings: readonly Found[]): string[] =>
  [...new Set(findings.flatMap((finding) => finding.edits.map((edit) => pathOf(finding, edit))))].sort();

/** A file's text with the findings' edits of it; what several of them say alike (an import that all need) is said once. */
function mended(tree: Tree, path: string, findings: readonly Found[]): string {
  const edits = new Map<string, Mend>();
  for (const finding of findings)
    for (const edit of finding.edits)
      if (pathOf(finding, edit) === path) edits.set(`${edit.start} ${edit.end} ${edit.text}`, edit);
  return splice(tree.read(path) ?? '', [...edits.values()]);
}

/** The findings whose edits touch none of an earlier one's. */
function apart(findings: readonly Found[]): Found[] {
  const kept: Found[] = [];
  const places = new Map<string, Mend[]>();
  for (const finding of findings) {
    const touches = finding.edits.some((edit) =>
      places.get(pathOf(finding, edit))?.some((other) => isOther(edit, other) && meets(edit, other)),
    );
    if (touches) continue;
    kept.push(finding);
    for (const edit of finding.edits) {
      const path = pathOf(finding, edit);
      places.set(path, [...(places.get(path) ?? []), edit]);
    }
  }
  return kept;
}

const isOther = (a: Mend, b: Mend): boolean => a.start !== b.start || a.end !== b.end || a.text !== b.text;

const meets = (a: Mend, b: Mend): boolean => a.start < b.end + 1 && b.start < a.end + 1;
