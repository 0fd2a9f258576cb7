import { sha256 } from '../text/hash.ts';
import type { Found } from './examine.ts';
import type { Project } from './project.ts';

/**
 * Gives each finding a fingerprint by which the next run knows it again, whatever lines are added above it: a hash of its rule,
 * its path and the code it points at (without spaces; the message where it points at none), with a count among equals.
 */
export function withFingerprints(project: Project, findings: readonly Found[]): Found[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = [finding.rule, finding.path ?? '', codeOf(project, finding)].join('\n');
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return { ...finding, fingerprint: sha256(`${key}\n${nth}`).slice(0, 32) };
  });
}

/** The line that the finding starts on, without spaces. */
function codeOf(project: Project, { path, line, message }: Found): string {
  const text = path === null || line === null ? null : project.tree.read(path);
  return text === null ? message : (text.split('\n')[(line ?? 1) - 1] ?? '').replace(/\s+/g, '');
}
