import type { Project } from '../project.ts';
import { dockerfiles, runsNode } from './dockerfile.ts';

/** Files by which platforms are told how to run a container or a process. */
export const platforms = [
  'Procfile',
  'fly.toml',
  'render.yaml',
  'railway.json',
  'railway.toml',
  'app.yaml',
  'heroku.yml',
  'nixpacks.toml',
];

/** True where an image or a platform's file at the root says how the project is run. */
export const isDeployed = (project: Project): boolean =>
  dockerfiles(project).some(runsNode) || platforms.some((path) => project.tree.has(path));
