import type { Project } from '../project.ts';

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
