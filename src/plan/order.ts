import { detect } from '../detect/index.ts';
import { UserError } from '../errors.ts';
import { frameworks } from '../frameworks/index.ts';
import type { Above, Finding, Framework, FrameworkId, Host, Op } from '../model.ts';

const does: Readonly<Record<Above['kind'], string>> = {
  'body-parser': 'so that bodies are parsed before it and their exact bytes are gone',
  'catch-all': 'so that requests are answered before they come to it',
};

/** Whether a line of ours still stands above what must come after it. Silent where the framework cannot tell. */
export function checkOrder(
  { tree, surroundings }: Pick<Host, 'tree' | 'surroundings'>,
  id: string,
  op: Extract<Op, { op: 'statement' }>,
): Pick<Finding, 'rule' | 'severity' | 'path' | 'message' | 'fix'>[] {
  const found = aboveOf({ tree, surroundings }, op);
  if (found === null) return [];
  return [
    {
      rule: 'wiring-order',
      severity: 'error',
      path: op.file,
      message: `${id}: \`${op.text}\` stands below \`${found.text}\` (line ${found.line}), ${does[found.kind]}.`,
      fix: `Move it above line ${found.line}.`,
    },
  ];
}

function aboveOf(project: Pick<Host, 'tree' | 'surroundings'>, op: Extract<Op, { op: 'statement' }>): Above | null {
  try {
    const host = { ...project, profile: detect(project.tree, project.surroundings) };
    const id = host.profile.framework.value;
    return id === null ? null : (aboveFor(id)?.(op, host) ?? null);
  } catch (error) {
    // A manifest that is broken is told of by the commands that need it.
    if (error instanceof UserError) return null;
    throw error;
  }
}

const aboveFor = (id: FrameworkId): Framework['above'] => {
  const room: Framework = frameworks[id];
  return room.above;
};
