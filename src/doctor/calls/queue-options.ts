import { majorOf, rangeAt } from '../code/packages.ts';
import type { Project } from '../project.ts';

/** What gives a queue the options that it lacks, in the words of the library's version: bull 3 keeps a number of jobs, not an age. */
export function queueFix(project: Project, path: string): string {
  const isOld = (majorOf(rangeAt(project, path, 'bull')) ?? 4) < 4;
  const kept = isOld
    ? 'removeOnComplete: 1000, removeOnFail: 5000'
    : 'removeOnComplete: { age, count }, removeOnFail: { age }';
  return `Give defaultJobOptions: { attempts, backoff: { type: 'exponential', delay }, ${kept} }.`;
}
