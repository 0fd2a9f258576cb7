import { detect } from '../detect/index.ts';
import { asUserError } from '../edge/files.ts';
import { findProject } from '../edge/project.ts';
import { recover } from '../edge/recover.ts';
import { openTree } from '../edge/tree.ts';
import type { FrameworkId, Host, Surroundings, Tree } from '../model.ts';
import type { Context } from './context.ts';

/** The project that a command works on. */
export interface Session {
  root: string;
  workspaceRoot: string | null;
  tree: Tree;
  surroundings: Surroundings;
}

/** Finds the project and opens it for reading. */
export function openSession({ cwd, packageName, disk: { files } }: Context): Session {
  return reading(cwd, () => {
    const { root, workspaceRoot, surroundings } = findProject(cwd, packageName, files);
    return { root, workspaceRoot, surroundings, tree: openTree(root, files) };
  });
}

/** The same for a command that writes: what an interrupted run left is finished or undone first, and said. */
export function openForWriting(context: Context): Session {
  const { cwd, packageName, disk } = context;
  const recovery = reading(cwd, () => recover(findProject(cwd, packageName, disk.files).root, disk));
  if (recovery.found) {
    const { did, verb, skill, kept } = recovery;
    const rest = kept.length === 0 ? '' : ` These were edited since and were left: ${kept.join(', ')}.`;
    context.terminal.complain(`An interrupted \`${verb} ${skill}\` was found here and ${did}.${rest}`);
  }
  return openSession(context);
}

/** The project with its facts; `framework` is the user's word where the project does not decide. */
export function hostOf({ tree, surroundings }: Session, framework: FrameworkId | null): Host {
  const profile = detect(tree, surroundings);
  if (framework === null) return { tree, surroundings, profile };
  const found = [profile.framework, ...profile.framework.rivals];
  const known = found.find(({ value }) => value === framework)?.evidence;
  const evidence = known ?? { file: null, line: null, reason: 'asked for', confidence: 'certain' as const };
  const asked: Host['profile']['framework'] = {
    value: framework,
    // What the user says is no longer in question, whatever the project shows.
    evidence: { ...evidence, confidence: 'certain' },
    rivals: found.filter(({ value }) => value !== framework).map(({ value, evidence }) => ({ value, evidence })),
  };
  return { tree, surroundings, profile: { ...profile, framework: asked } };
}

/** Does it, with what the disk says against it as something that the user can act on. */
export function reading<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw asUserError(error, 'Reading', path);
  }
}
