/** A rule's first failure, and the files that it failed on. */
export interface Failure {
  message: string;
  first: string | null;
  files: ReadonlySet<string>;
}

/** By rule. */
export type Failures = Map<string, Failure>;

/** Runs a part of a rule; null where it throws, and the rule is named among the failures, once. */
export function attempt<T>(failed: Failures, rule: string, path: string | null, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    record(failed, rule, path, error);
    return null;
  }
}

/** Keeps what a rule failed with. */
export function record(failed: Failures, rule: string, path: string | null, error: unknown): void {
  const known = failed.get(rule) ?? { message: messageOf(error), first: path, files: new Set<string>() };
  failed.set(rule, { ...known, files: new Set([...known.files, ...(path === null ? [] : [path])]) });
}

/** The failures of several runs as those of one. */
export function together(runs: readonly Failures[]): Failures {
  const all: Failures = new Map();
  for (const [rule, failure] of runs.flatMap((failed) => [...failed])) {
    const known = all.get(rule);
    all.set(rule, { ...(known ?? failure), files: new Set([...(known?.files ?? []), ...failure.files]) });
  }
  return all;
}

/** What a run says of the rules that failed in it. */
export const failureWords = (failed: Failures): string[] =>
  [...failed].map(([rule, { message, first, files }]) => {
    const where =
      first === null ? '' : files.size === 1 ? ` on ${first}` : ` on ${files.size} files, first on ${first}`;
    return `The rule ${rule} failed${where}: ${message}`;
  });

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
