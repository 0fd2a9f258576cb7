import { detect } from '../detect/index.ts';
import type { Host, LockEntry } from '../model.ts';
import { has } from '../patch/index.ts';
import { dropUses } from '../patch/uses.ts';
import { draftOf, treeAfter } from './draft.ts';
import { dropOps } from './ops.ts';

/**
 * The host as it would be without one of our modules. What a module should look like is always asked of this host:
 * its own wiring, files and dependencies must not answer for the project.
 */
export function bareHost(host: Host, entry: LockEntry | null): Host {
  if (entry === null) return host;
  const draft = draftOf(host.tree);
  for (const { path } of entry.files) draft.write(path, null);
  dropOps(draft, entry.ops, [], entry.created);
  for (const { op, standing } of entry.ops) {
    const text = draft.read(op.file);
    if (op.op !== 'import' || standing === 'already' || text === null || !isRewritten(op.file, host, entry)) continue;
    // What is left of our wiring is ours in the user's words: without our import it could not stand here.
    draft.write(op.file, dropUses(text, op.file, op.names));
  }
  const tree = treeAfter(host.tree, draft.changes());
  return { ...host, tree, profile: { ...detect(tree, host.surroundings), framework: host.profile.framework } };
}

const isRewritten = (file: string, { tree }: Host, { ops }: LockEntry): boolean =>
  ops.some(({ op }) => op.file === file && !has(tree.read(file) ?? '', op));
