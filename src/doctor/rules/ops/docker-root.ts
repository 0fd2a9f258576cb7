import { dockerfiles, finalStages, runsNode } from '../../files/dockerfile.ts';
import { defineRule } from '../../rule.ts';

/** Images whose user is not root already. */
const unprivileged = /distroless.*nonroot|:nonroot|chainguard|cgr\.dev|bitnami|nginx-unprivileged|ubi\d/i;

export const dockerRoot = defineRule({
  id: 'ops/docker-root',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'The container runs as root.',
  why: 'Whoever gets to run a command in the process is root in the container: they can replace the program, install tools, and use every hole of the kernel that needs root. The images of Node have a user for it: `USER node` before CMD; files are copied with `--chown=node:node` where the program writes to them.',
  remedy: 'words',
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      const chain = finalStages(file);
      const user = chain.flatMap(({ steps }) => [...steps].reverse()).find(({ keyword }) => keyword === 'USER');
      const base = chain.at(-1)?.image ?? '';
      if (user ? !/^(root|0)(:|$)/.test(user.text) : unprivileged.test(base)) continue;
      // An entry script may give root away itself.
      if (chain.some(({ steps }) => steps.some(({ text }) => /\b(gosu|su-exec|setpriv|runuser)\b/.test(text))))
        continue;
      tell(user?.spot ?? chain[0]?.spot ?? { path: file.path, line: 1 }, {
        message: 'The image that is run has no USER but root.',
        fix: 'Add USER node (or a user of your own) before CMD.',
      });
    }
  },
});
