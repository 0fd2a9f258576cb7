import type { Finding } from '../model.ts';
import { globExpression } from '../text/glob.ts';

/** Findings to let be. `path`: a file, a folder or a pattern; null for everywhere. */
export interface Ignore {
  rule: string;
  path: string | null;
  because: string;
}

/** The findings, with what the settings let be marked as such. A rule 'sec/*' means all of its category. */
export function letBe(findings: readonly Finding[], ignores: readonly Ignore[]): Finding[] {
  const rows = ignores.map(({ rule, path, because }) => ({
    rule: globExpression(rule),
    because,
    holds: inFiles(path),
  }));
  return findings.map((finding) => {
    const row = rows.find(({ rule, holds }) => rule.test(finding.rule) && holds(finding.path));
    if (row === undefined || finding.suppressed !== undefined) return finding;
    return { ...finding, suppressed: { kind: 'external', justification: row.because } };
  });
}

/** Whether a path is one of the files that a list of paths, folders and patterns names. */
export function isAmong(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => inFiles(pattern)(path));
}

function inFiles(pattern: string | null): (path: string | null) => boolean {
  if (pattern === null) return () => true;
  const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  const expression = globExpression(plain);
  const below = globExpression(`${plain}/**`);
  return (path) => path !== null && (expression.test(path) || below.test(path));
}
