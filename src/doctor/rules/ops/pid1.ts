import { dockerfiles, finalStages, runsNode, type Step } from '../../files/dockerfile.ts';
import { direct } from '../../mends/start.ts';
import { defineRule } from '../../rule.ts';

const managers = /^(npm|pnpm|yarn|npx)$/;
/** Small programs that pass signals on. */
const inits = /^(tini|dumb-init|\/sbin\/tini|\/usr\/bin\/tini|\/usr\/bin\/dumb-init|\/tini|catatonit|s6-\w+|\/init)$/;

export const pid1 = defineRule({
  id: 'ops/pid1',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'The container starts its server through a shell or a package manager, which keeps signals to itself.',
  why: 'The first process of a container receives SIGTERM when it is to stop. A shell (`CMD node server.js` without brackets) does not pass it on, and package managers do so unreliably: the server never hears of it, is killed after the grace period, and drops what it was answering. Start Node itself, in the JSON form: `CMD ["node", "dist/server.js"]`.',
  remedy: 'codemod',
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      const steps = finalStages(file).flatMap((stage) => [...stage.steps].reverse());
      const entry = steps.find(({ keyword }) => keyword === 'ENTRYPOINT');
      const command = steps.find(({ keyword }) => keyword === 'CMD');
      const step = entry ?? command;
      if (!step || isInit(entry)) continue;
      const said = fault(step);
      if (said !== null)
        tell(step.spot, {
          message: `${step.keyword} ${said}: the server does not get SIGTERM, and every deployment cuts off its requests.`,
          fix: `Start Node itself, in the JSON form: ${step.keyword} ["node", "<file>"].`,
          edits: direct(project, file, step),
        });
    }
  },
});

const isInit = (entry: Step | undefined): boolean => entry?.words?.[0] !== undefined && inits.test(entry.words[0]);

function fault({ words, text }: Step): string | null {
  const [program = ''] = words ?? [];
  if (words !== null) return managers.test(program) ? `starts the server through ${program}` : null;
  // A shell that is replaced by the server (`exec node …`) is none.
  if (/(^|&&|;)\s*exec\s/.test(text) || text === '') return null;
  return /\b(node|npm|pnpm|yarn|npx|tsx|bun|next)\b/.test(text) ? 'is in the shell form' : null;
}
