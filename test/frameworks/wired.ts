import { expect } from 'vitest';
import type { Framework, Host, Intent } from '../../src/model.ts';
import { addAll, drop } from '../../src/patch/index.ts';
import { treeOf } from '../tree.ts';

/**
 * Wires a slot on a host in memory and holds the result to what every wiring promises: it applies, it gives every byte
 * back, and wiring again changes nothing. Returns the patched files; null where a person must do it.
 */
export function wired(
  room: Framework,
  host: Host,
  files: Readonly<Record<string, string>>,
  intent: Intent,
): Record<string, string> | null {
  const { ops, step } = room.wire(intent, room.locate(host), host);
  if (step) {
    expect(ops).toEqual([]);
    expect(step.lines).toHaveLength(2);
    expect(step.done).toEqual({ imports: intent.file });
    return null;
  }
  const after: Record<string, string> = { ...files };
  for (const path of new Set(ops.map(({ file }) => file))) {
    const before = files[path] ?? '';
    const patched = addAll(before, ops, path);
    if ('refused' in patched) throw new Error(patched.refused);
    const ours = patched.ops.filter(({ standing }) => standing === 'done').reverse();
    expect(ours.reduce((text, { op }) => drop(text, op), patched.text)).toBe(before);
    after[path] = patched.text;
  }
  const again = { ...host, tree: treeOf(after) };
  for (const path of new Set(ops.map(({ file }) => file)))
    expect(addAll(after[path] ?? '', room.wire(intent, room.locate(again), again).ops, path)).toMatchObject({
      text: after[path],
    });
  return after;
}
