import { isCode } from '../../detect/paths.ts';
import { kindOf, type Project } from '../project.ts';

/** What the pipes of a Nest project do with a body: nothing, check the fields that its class names, or leave out the others as well. */
export type Pipes = 'none' | 'open' | 'strict';

const known = new WeakMap<Project, Pipes>();

/** What a project's pipes do; `strict` where the app itself is not in the project. */
export function pipesOf(project: Project): Pipes {
  const before = known.get(project);
  if (before) return before;
  let [isApp, checks, leavesOut] = [false, false, false];
  for (const path of project.files) {
    const text = isCode(path) ? project.tree.read(path) : null;
    if (text === null || !/NestFactory|Pipe|whitelist|nestjs-zod/.test(text) || kindOf(path, text) !== 'app') continue;
    isApp ||= /\bNestFactory\.create/.test(text);
    checks ||= /ValidationPipe|useGlobalPipes|APP_PIPE/.test(text);
    leavesOut ||= /\bwhitelist\s*:|nestjs-zod|Zod\w*Pipe/.test(text);
  }
  const pipes = !isApp || leavesOut ? 'strict' : checks ? 'open' : 'none';
  known.set(project, pipes);
  return pipes;
}
