import type { AppSite, Framework, Host, Unplaced } from '../model.ts';
import { autoloadOf } from './fastify/autoload.ts';
import { hooksOf } from './fastify/hooks.ts';
import { pluginSite } from './fastify/plugin.ts';
import { registerForm } from './fastify/register.ts';
import { type Located, locateApp, type Manner } from './shared/locate.ts';
import type { Rule } from './shared/rules.ts';
import { wireAt } from './shared/wiring.ts';

const rules: readonly Rule[] = [
  {
    kind: 'harmless',
    methods: [
      'withTypeProvider',
      'setValidatorCompiler',
      'setSerializerCompiler',
      'addSchema',
      'decorate',
      'decorateRequest',
      'decorateReply',
    ],
  },
  { kind: 'end', methods: ['listen', 'ready', 'inject'] },
];

const manner: Manner = {
  framework: 'fastify',
  title: 'Fastify',
  makers: [{ modules: ['fastify'], names: ['default', '=', '*', 'fastify', 'Fastify'], by: ['call', 'new'] }],
  rootLinks: ['withTypeProvider'],
  rules,
  builders: [
    'fastify-zod-api',
    'platformatic',
    '@platformatic/service',
    '@platformatic/db',
    '@platformatic/composer',
    'mercurius-integration',
  ],
  chainIsSafe: (_reach, { creation }) =>
    creation.links.every(({ method }) => method !== 'register' && method !== 'addHook'),
};

/** Fastify 4 and 5. */
export const fastify: Framework = {
  id: 'fastify',
  locate(host) {
    const located = locateApp(host, manner);
    const found = 'unplaced' in located ? (pluginSite(host, rules) ?? located) : located;
    return 'unplaced' in found ? found : complete(host, found);
  },
  wire(intent, site, host) {
    const options = intent.mount === null ? '' : `, { prefix: '${intent.mount}' }`;
    const form = 'places' in site ? registerForm(host.tree, site) : '';
    return wireAt(intent, site, host, (app, name) => {
      const link = `.register(${name}${options})`;
      return { link, statement: `${form}${app}${link};` };
    });
  },
};

/** Adds what only Fastify has: folders that are loaded by themselves, and hooks that run on every route. */
function complete(host: Host, { reach, role, site }: Located): AppSite | Unplaced {
  const autoload = autoloadOf(host, reach);
  const hooks = hooksOf(host, reach, role, site, autoload);
  const obstacles = [...site.obstacles, ...hooks];
  if (!autoload) return { ...site, obstacles };
  const { convention, prefix } = autoload;
  const byFolder = { kind: 'convention' as const };
  const whole = site.prefix + prefix;
  return {
    ...site,
    prefix: whole,
    obstacles,
    convention: { ...convention, prefix: whole },
    places: { ...site.places, raw: byFolder, routes: byFolder },
  };
}
