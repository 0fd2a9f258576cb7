import { asObject, asString, readJson } from '../../detect/json.ts';
import { isDeployedAround, isKeptRunning } from '../files/platforms.ts';
import type { Project } from '../project.ts';
import { importersOf } from './browser.ts';

/** Where a process may be stopped as soon as a file of the project has sent the response; null where it goes on. */
export function freezes(project: Project, path: string): 'Vercel' | 'Cloudflare Workers' | 'AWS Lambda' | null {
  switch (project.profile.runtime.value) {
    case 'vercel':
      return runsAsFunctions(project) && !listensBeside(project, path) ? 'Vercel' : null;
    case 'workers':
      return 'Cloudflare Workers';
    case 'lambda':
      return 'AWS Lambda';
    default:
      return null;
  }
}

const queues = ['bullmq', 'bull', '@nestjs/bull', '@nestjs/bullmq', 'bee-queue', 'agenda', 'pg-boss'];

/** True on Lambda and on Vercel; not where an image, a machine's settings or a queue of its own say that the same server is kept running elsewhere. */
export const runsAsFunctions = (project: Project): boolean =>
  project.profile.runtime.value === 'lambda' ||
  (project.profile.runtime.value === 'vercel' && (project.has('next') || !isKeptElsewhere(project)));

/** True where one process of Node answers request after request: also beside a vercel.json, where something else keeps it running. */
export const runsAsServer = (project: Project): boolean =>
  project.profile.runtime.value === 'node' || (project.profile.runtime.value === 'vercel' && !runsAsFunctions(project));

const isKeptElsewhere = (project: Project): boolean =>
  isKeptRunning(project) || isDeployedAround(project) === true || queues.some((one) => project.has(one));

/** True for a file that listens by itself, where vercel.json names others as what is served. */
function listensBeside({ tree }: Project, path: string): boolean {
  if (!/\.listen\(/.test(tree.read(path) ?? '')) return false;
  const config = readJson(tree, 'vercel.json');
  const builds = Array.isArray(config?.builds) ? config.builds.map((one) => asString(asObject(one)?.src)) : [];
  const served = [...Object.keys(asObject(config?.functions) ?? {}), ...builds].filter((one) => one !== null);
  return served.length > 0 && !served.some((one) => matches(one, path));
}

const matches = (pattern: string, path: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/^\.?\//, '')
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')}$`,
  ).test(path);

const wrappers = [
  'serverless-http',
  '@vendia/serverless-express',
  '@codegenie/serverless-express',
  'aws-serverless-express',
];

/** True where the platform ends a request of more than a few megabytes before the program sees it. */
export const refusesLarge = (project: Project): boolean =>
  runsAsFunctions(project) || wrappers.some((one) => project.has(one));

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
