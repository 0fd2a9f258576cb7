import { detect } from '../detect/index.ts';
import type { Host, LockEntry } from '../model.ts';
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
  const tree = treeAfter(host.tree, draft.changes());
  return { ...host, tree, profile: { ...detect(tree, host.surroundings), framework: host.profile.framework } };
}
