import { sha256 } from '../text/hash.ts';
import type { Found } from './examine.ts';
import type { Project } from './project.ts';

/**
 * Gives each finding a fingerprint by which the next run knows it again, whatever lines are added above it: a hash of its rule,
 * its path and the code it points at (without spaces; the message where it points at none), with a count among equals.
 */
export function withFingerprints(project: Project, findings: readonly Found[]): Found[] {
  const seen = new Map<string, number>();
  const lines = new Map<string, readonly string[] | null>();
  const linesOf = (path: string): readonly string[] | null => {
    const known = lines.get(path);
    if (known !== undefined) return known;
    const split = project.tree.read(path)?.split('\n') ?? null;
    lines.set(path, split);
    return split;
  };
  return findings.map((finding) => {
    const key = [finding.rule, finding.path ?? '', codeOf(finding, linesOf)].join('\n');
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return { ...finding, fingerprint: sha256(`${key}\n${nth}`).slice(0, 32) };
  });
}

/** The line that the finding starts on, without spaces. */
function codeOf({ path, line, message }: Found, linesOf: (path: string) => readonly string[] | null): string {
  const lines = path === null || line === null ? null : linesOf(path);
  return lines === null ? message : (lines[(line ?? 1) - 1] ?? '').replace(/\s+/g, '');
}
