import { basePath, trustedLock } from '../lock/lock.ts';
import type { Change, LockedFile, Tree } from '../model.ts';
import { toJson } from '../report/documents.ts';
import { diffToText } from '../report/plan.ts';
import { installedIds } from '../skills/installed.ts';
import { unifiedDiff } from '../text/diff.ts';
import { isHashOf } from '../text/hash.ts';
import type { Context, ExitCode } from './context.ts';
import { openSession } from './session.ts';

/**
 * What you have changed in our modules since they were written: base against disk. Exit code 1 where there is a
 * difference. Files that were yours from the start (handlers) are left out.
 */
export async function diff(names: readonly string[], context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const { tree } = openSession(context);
  const lock = trustedLock(tree);
  const ids = installedIds(names, Object.keys(lock.skills), catalogue.manifests());
  const entries = Object.entries(lock.skills).filter(([id]) => ids.includes(id));
  const changes = entries.flatMap(([, { files }]) => files.flatMap((file) => editOf(tree, file)));
  if (terminal.json) {
    const rows = changes.map(({ path, before, after }) => ({
      path,
      diff: unifiedDiff(before, after, path).join('\n'),
    }));
    terminal.document(toJson('diff', { schema: 'backend-skills/diff/1', files: rows }));
  } else if (changes.length === 0) {
    terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} No edits: every file is as it was written.`);
  } else terminal.say(changes.map((change) => diffToText(change, terminal.paint)).join('\n\n'));
  return changes.length > 0 ? 1 : 0;
}

function editOf(tree: Tree, { path, hash, kind }: LockedFile): Change[] {
  if (kind === 'owned') return [];
  const after = tree.read(path);
  if (after !== null && isHashOf(hash, after)) return [];
  const before = tree.read(basePath(path));
  return before === null && after === null ? [] : [{ path, before, after }];
}
