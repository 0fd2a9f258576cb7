import type { Happening } from './run.ts';

/** What may stand before a raw route: it reads no body and refuses nobody. */
const calm: Readonly<Record<string, (one: Happening) => boolean>> = {
  express: ({ method, given }) =>
    ['set', 'disable', 'enable', 'engine'].includes(method) ||
    (method === 'use' && given.every((one) => /^(helmet|morgan)\(\)$/.test(one))),
  // Fastify's hooks run on every route of their instance, whichever is declared first.
  fastify: ({ method }) => !/^register$|Hook|ContentTypeParser/.test(method),
  hono: ({ method, given }) =>
    ['onError', 'notFound', 'basePath', 'get'].includes(method) ||
    (method === 'route' && given[0]?.length !== 0) ||
    (method === 'post' && given[0] !== '*') ||
    (method === 'use' &&
      given.every(
        (one) => one === '*' || /^(hono\/logger\.logger|hono\/secure-headers\.secureHeaders)\(\)$/.test(one),
      )),
};

const settings = new Set(['set', 'disable', 'enable', 'engine', 'basePath', 'withTypeProvider']);

/** Handlers that nothing comes after. */
function isLast(framework: string, { method, given }: Happening): boolean {
  if (['listen', 'ready', 'all'].includes(method)) return true;
  if (framework === 'express' && method === 'get' && /^\/?\*$/.test(given[0] ?? '')) return true;
  return method === 'use' && given.some((one) => /notFound|errorHandler|\b404\b|^function\/4/.test(one));
}

/** What is wrong with the order of things that happened, in words; null where all is well. */
export function misplaced(framework: string, log: readonly Happening[], main: number): string | null {
  const own = log.filter(({ app }) => app === main);
  const at = (name: string) => own.findIndex(({ given }) => given.some((one) => one === `ours.${name}`));
  for (const [name, slot] of [
    ['webhooks', 'raw'],
    ['rateLimit', 'first'],
    ['ping', 'routes'],
  ] as const) {
    const index = at(name);
    if (index < 0) continue;
    const before = own.slice(0, index).filter((one) => !one.given.some((given) => given.startsWith('ours.')));
    const wrong = before.find((one) => {
      if (slot === 'first') return !settings.has(one.method) && !(framework === 'fastify' && calm.fastify?.(one));
      return slot === 'raw' ? calm[framework]?.(one) !== true : isLast(framework, one);
    });
    if (wrong) return `${name} comes after ${wrong.method}(${wrong.given.join(', ').slice(0, 80)})`;
  }
  return null;
}
