import type { Project } from '../project.ts';
import { importersOf } from './browser.ts';

/** Where a process may be stopped as soon as the response is sent; null where it goes on. */
export function freezes(project: Project): 'Vercel' | 'Cloudflare Workers' | 'AWS Lambda' | null {
  switch (project.profile.runtime.value) {
    case 'vercel':
      return 'Vercel';
    case 'workers':
      return 'Cloudflare Workers';
    case 'lambda':
      return 'AWS Lambda';
    default:
      return null;
  }
}

const nodeServers = ['express', 'fastify', '@nestjs/core', 'koa', '@hapi/hapi'];
const deepest = 2;

/** True for code of Cloudflare Workers, which have one thread and no others that would compute for it. */
export const isOnWorkers = (project: Project, path: string): boolean =>
  (project.profile.runtime.value === 'workers' && !nodeServers.some((one) => project.has(one))) ||
  isReachedFromWorker(project, path, deepest);

function isReachedFromWorker(project: Project, path: string, depth: number): boolean {
  if (/['"]cloudflare:workers['"]/.test(project.tree.read(path) ?? '')) return true;
  return depth > 0 && importersOf(project, path).some((one) => isReachedFromWorker(project, one, depth - 1));
}

/** True for code that Deno runs: functions of Supabase, what is imported by `npm:` and `jsr:`, what asks `Deno` for something. */
export const isOnDeno = (path: string, text: string): boolean =>
  /(^|\/)supabase\/functions\//.test(path) || /['"](npm|jsr):[@\w]|\bDeno\.(serve|env)\b/.test(text);
