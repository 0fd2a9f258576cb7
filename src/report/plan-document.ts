import type { Choices, Plan } from '../model.ts';
import { changeLines } from './change.ts';
import type { Document } from './documents.ts';

type PlanRow = Document['plan']['plans'][number];

/** A plan as data: the same one that the preview shows and that apply writes. */
export function planToDocument(plan: Plan): PlanRow {
  const { skill, entry, changes, commands, endpoints, methods, steps, obstacles, notes, conflicts, open, next } = plan;
  return {
    skill,
    source: entry?.source ?? null,
    choices: entry === null ? null : mutable(entry.choices),
    changes: changes.map((change) => ({
      path: change.path,
      action: change.before === null ? 'create' : change.after === null ? 'delete' : 'update',
      diff: changeLines(change, 3).join('\n'),
    })),
    commands: commands.map((command) => ({ ...command })),
    endpoints: [...endpoints],
    methods: { ...methods },
    steps: steps.map(({ title, file, place, lines }) => ({ title, file, place, lines: [...lines] })),
    obstacles: obstacles.map((obstacle) => ({ ...obstacle })),
    notes: [...notes],
    conflicts: conflicts.map((conflict) => ({ ...conflict })),
    open: [...open],
    next: [...next],
  };
}

const mutable = (choices: Choices): Record<string, string | boolean | string[]> =>
  Object.fromEntries(
    Object.entries(choices).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
