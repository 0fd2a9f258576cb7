import { dockerfiles, runsNode } from '../../files/dockerfile.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

export const dockerignore = defineRule({
  id: 'ops/dockerignore',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'The whole folder is copied into the image, and no .dockerignore says what stays out.',
  why: '`COPY . .` takes what lies there when the image is built: `.git` with its history, `.env` with the secrets of whoever builds, `node_modules` of another system. A `.dockerignore` with at least `node_modules`, `.git` and `.env*` keeps them out, and makes builds fast.',
  remedy: 'words',
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      const folder = file.path.includes('/') ? `${file.path.slice(0, file.path.lastIndexOf('/'))}/` : '';
      const copies = file.stages
        .flatMap(({ steps }) => steps)
        .find(
          ({ keyword, text }) =>
            (keyword === 'COPY' || keyword === 'ADD') && !/--from=/.test(text) && /^(--\S+\s+)*\.\/?\s+\S+$/.test(text),
        );
      const isOfNode = runsNode(file) || file.stages.some(({ image }) => /(^|\/)(node|bun|deno)(:|@|$)/.test(image));
      if (!copies || !isOfNode) continue;
      const lists = ['.dockerignore', `${folder}.dockerignore`, `${file.path}.dockerignore`].filter((path) =>
        project.tree.has(path),
      );
      const ignored = lists.map((path) => project.tree.read(path) ?? '').join('\n');
      if (lists.length === 0) {
        // A package's image is built from its workspace's root, which has the list.
        if (project.profile.workspace.value?.role === 'package') continue;
        tell(copies.spot, {
          message: 'COPY takes everything, and there is no .dockerignore.',
          fix: 'Add a .dockerignore with node_modules, .git and .env*.',
          together: 'none',
        });
        continue;
      }
      const missing = (['node_modules', '.git', '.env'] as const).filter((name) => !keepsOut(ignored, name));
      const there = project.files.concat(project.tree.list('')).filter((path) => /(^|\/)\.env(\.local)?$/.test(path));
      const { git } = project;
      if (missing.includes('.env') && there.length > 0)
        tell(copies.spot, {
          message: 'COPY takes .env into the image: .dockerignore does not keep it out.',
          fix: 'Add .env* to .dockerignore (and !.env.example).',
          together: lists.join(),
          // One that is committed holds what everybody may have, or is told of for that.
          ...(git && there.every((path) => git.tracked.has(path)) ? { confidence: 'hint' } : {}),
        });
      else if (missing.includes('.env') && folder === '' && isAskedByCompose(project))
        tell(copies.spot, {
          message:
            'COPY takes .env into the image where one lies there, as compose’s `env_file: .env` asks for: .dockerignore does not keep it out.',
          fix: 'Add .env* to .dockerignore (and !.env.example).',
          together: lists.join(),
          // What an earlier stage is given is in the image only where the last one takes it all.
          confidence: file.stages.at(-1)?.steps.includes(copies) ? 'likely' : 'hint',
        });
    }
  },
});

const compose = ['docker-compose.yml', 'docker-compose.yaml', 'compose.yml', 'compose.yaml'];

/** True where compose gives its services an `.env` that lies beside it, and builds here. */
const isAskedByCompose = (project: Project): boolean =>
  compose.some((path) => {
    const text = project.tree.read(path) ?? '';
    return (
      /^\s+env_file:\s*(-\s*)?(path:\s*)?['"]?(\.\/)?\.env['"]?\s*$/m.test(text) &&
      /^\s+(build|context):\s*['"]?\.\/?['"]?\s*$/m.test(text)
    );
  });

/** True where a list of patterns keeps a name out; `*` alone keeps out all. */
const keepsOut = (patterns: string, name: string): boolean =>
  patterns.split(/\r?\n/).some((line) => {
    const pattern = line
      .trim()
      .replace(/^\*\*\//, '')
      .replace(/^\//, '')
      .replace(/\/$/, '');
    return (
      pattern === name ||
      pattern === '*' ||
      pattern === '**' ||
      (name === '.env' && /^\.env(\*|\.\*)?$|^\*\.env|^\.\*$/.test(pattern))
    );
  });
