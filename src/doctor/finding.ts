import type { Finding } from '../model.ts';
import type { Project } from './project.ts';
import type { Mend, Rule, Spot, Words } from './rule.ts';
import { spotted } from './spot.ts';

/** A finding with what `--fix` would do about it. */
export interface Found extends Finding {
  /** What mends it; empty where a person or a skill must. */
  edits: readonly Mend[];
  /** By it and the rule, findings are told of as one. */
  together?: string;
  across?: true;
  /** Offset of its first character, where it has one. */
  offset: number | null;
}

/** What a rule tells of a spot. Pure. */
export function foundAt(project: Project, rule: Rule, spot: Spot, words: Words): Found {
  const { path } = spot;
  const text = path === null ? null : project.tree.read(path);
  return {
    rule: rule.id,
    severity: words.severity ?? rule.severity,
    confidence: words.confidence ?? rule.confidence,
    path,
    ...spotted(text, spot),
    message: words.message,
    fix: words.fix,
    edits: words.edits ?? [],
    ...(words.together === undefined ? {} : { together: words.together }),
    ...(words.across ? { across: true } : {}),
    offset: 'start' in spot ? spot.start : null,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By paths, places and rules. */
export const inOrder = (a: Found, b: Found): number =>
  compare(a.path ?? '', b.path ?? '') ||
  (a.line ?? 0) - (b.line ?? 0) ||
  (a.column ?? 0) - (b.column ?? 0) ||
  compare(a.rule, b.rule) ||
  compare(a.message, b.message);
