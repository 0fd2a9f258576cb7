/** A part of a job for one thread: which part of the project, and which of how many slices of its files. */
export interface Share {
  part: number;
  slice: number;
  slices: number;
}

/** Fewer files than this are looked at sooner than a thread has started. */
const worthThreads = 300;

/** How many threads a project of so many files is worth, on so many cores; each holds memory of its own. */
export const threadsFor = (files: number, cores: number): number =>
  Math.max(1, Math.min(4, cores, Math.floor(files / worthThreads)));

/**
 * Deals the parts of a project out to threads, by their files: a large one in as many slices as there are threads, the
 * others whole, largest first, to whom has least. The first part, where the project's own errors show, goes to the
 * first thread. Every thread that asks gets the same answer. Pure.
 */
export function share(files: readonly number[], threads: number): Share[][] {
  const shares = Array.from({ length: threads }, (): Share[] => []);
  const loads = shares.map(() => 0);
  const total = files.reduce((sum, count) => sum + count, 0);
  const give = (thread: number, one: Share, load: number): void => {
    shares[thread]?.push(one);
    loads[thread] = (loads[thread] ?? 0) + load;
  };
  const order = files.map((count, part) => ({ count, part })).sort((a, b) => b.count - a.count || a.part - b.part);
  for (const { count, part } of order) {
    const slices = threads > 1 && count > total / threads / 2 ? threads : 1;
    if (slices > 1) for (let slice = 0; slice < slices; slice++) give(slice, { part, slice, slices }, count / slices);
    else give(part === 0 ? 0 : loads.indexOf(Math.min(...loads)), { part, slice: 0, slices: 1 }, count);
  }
  return shares.map((own) => own.sort((a, b) => a.part - b.part));
}

/** A slice of paths that stand in order: one after the other, so that neighbours, which import one another, stay together. */
export function sliceOf<T>(paths: readonly T[], { slice, slices }: Pick<Share, 'slice' | 'slices'>): readonly T[] {
  const at = (n: number): number => Math.round((paths.length * n) / slices);
  return paths.slice(at(slice), at(slice + 1));
}
